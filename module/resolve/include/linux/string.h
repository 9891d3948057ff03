/* SPDX-License-Identifier: GPL-2.0 */
/* User-space stand-in. */
#ifndef _SHIM_LINUX_STRING_H
#define _SHIM_LINUX_STRING_H

#include <string.h>
#include <errno.h>

#include <linux/types.h>

static inline ssize_t strscpy(char *to, const char *from, size_t room)
{
	size_t len = strnlen(from, room);

	if (len == room)
		len--;
	memcpy(to, from, len);
	to[len] = '\0';
	return from[len] ? -E2BIG : (ssize_t)len;
}

#endif /* _SHIM_LINUX_STRING_H */
