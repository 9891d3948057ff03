/* SPDX-License-Identifier: GPL-2.0 */
/* Reads the module's messages from the kernel log. */
#ifndef _SCX_LOOP_CAP_KMSG_H
#define _SCX_LOOP_CAP_KMSG_H

#include <stdbool.h>
#include <stddef.h>

int kmsg_open(void);
bool kmsg_last_line(int fd, const char *after, char *line, size_t room);

#endif /* _SCX_LOOP_CAP_KMSG_H */
