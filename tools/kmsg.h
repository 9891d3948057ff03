/* SPDX-License-Identifier: GPL-2.0 */
/* What the module says in the kernel's log while something is done with it. */
#ifndef _SCX_LOOP_CAP_KMSG_H
#define _SCX_LOOP_CAP_KMSG_H

#include <stdbool.h>
#include <stddef.h>

int kmsg_begin(void);
bool kmsg_end(int fd, const char *after, char *line, size_t room);

#endif /* _SCX_LOOP_CAP_KMSG_H */
