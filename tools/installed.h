/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the module that is installed for the running kernel. */
#ifndef _SCX_LOOP_CAP_INSTALLED_H
#define _SCX_LOOP_CAP_INSTALLED_H

#include <stdbool.h>
#include <stddef.h>

const char *kernel_release(void);
bool installed_find(char *file, size_t room);
int installed_report_missing(void);
void installed_how_to_get(char *buf, size_t room);

#endif /* _SCX_LOOP_CAP_INSTALLED_H */
