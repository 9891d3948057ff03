/* SPDX-License-Identifier: GPL-2.0 */
/* Is there a module for the running kernel? */
#ifndef _SCX_LOOP_CAP_INSTALLED_H
#define _SCX_LOOP_CAP_INSTALLED_H

#include <stdbool.h>
#include <stddef.h>

const char *installed_release(void);
bool installed_module(char *file, size_t room);
int installed_not(void);
void installed_advice(char *buf, size_t room);

#endif /* _SCX_LOOP_CAP_INSTALLED_H */
