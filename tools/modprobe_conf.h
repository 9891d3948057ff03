/* SPDX-License-Identifier: GPL-2.0 */
/* Reads and changes the module's options in modprobe.d(5). */
#ifndef _SCX_LOOP_CAP_MODPROBE_CONF_H
#define _SCX_LOOP_CAP_MODPROBE_CONF_H

#include <stdbool.h>
#include <stddef.h>

bool conf_get(const char *name, char *value, size_t room);
int conf_set(const char *name, const char *value);

#endif /* _SCX_LOOP_CAP_MODPROBE_CONF_H */
