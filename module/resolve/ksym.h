/* SPDX-License-Identifier: GPL-2.0 */
/* Reaches what the running kernel does not export. */
#ifndef _SLC_KSYM_H
#define _SLC_KSYM_H

#include <linux/types.h>

struct slc_why;

int slc_ksym_init(struct slc_why *why);
int slc_ksym_resolve(struct slc_why *why);
unsigned long slc_ksym_lookup(const char *name);
unsigned long slc_ksym_ftrace_location(unsigned long func);
int slc_ksym_int(const char *name, int otherwise);
bool slc_ksym_ftrace_is_off(void);

#endif /* _SLC_KSYM_H */
