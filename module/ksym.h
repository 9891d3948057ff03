/* SPDX-License-Identifier: GPL-2.0 */
/* Reaches what the running kernel does not export. */
#ifndef _SCX_LOOP_CAP_KSYM_H
#define _SCX_LOOP_CAP_KSYM_H

#include <linux/types.h>

struct scx_layout;

int scx_ksym_init(char *why);
int scx_ksym_resolve(struct scx_layout *layout, char *why);
unsigned long scx_ksym_lookup(const char *name);
unsigned long scx_ksym_ftrace_location(unsigned long func);
int scx_ksym_int(const char *name, int otherwise);
bool scx_ksym_ftrace_is_off(void);

#endif /* _SCX_LOOP_CAP_KSYM_H */
