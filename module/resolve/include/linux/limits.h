/* SPDX-License-Identifier: GPL-2.0 */
/* User-space stand-in; the C library's headers include the real one as well. */
#ifndef _SHIM_LINUX_LIMITS_H
#define _SHIM_LINUX_LIMITS_H

#include_next <linux/limits.h>

#define U64_MAX	(~0ULL)
#define U32_MAX	(~0U)

#endif /* _SHIM_LINUX_LIMITS_H */
