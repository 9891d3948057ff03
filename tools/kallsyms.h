/* SPDX-License-Identifier: GPL-2.0 */
/* Looks up symbols in a file in the format of /proc/kallsyms. */
#ifndef _SCX_LOOP_CAP_KALLSYMS_H
#define _SCX_LOOP_CAP_KALLSYMS_H

#include <stdbool.h>

#include "layout.h"

int kallsyms_open(const char *path);
void kallsyms_close(void);
bool kallsyms_has(const char *name);
unsigned long kallsyms_lookup(const char *name);
unsigned long kallsyms_size(unsigned long addr);
void kallsyms_each(slc_symbol_fn fn, void *data);
const char *kallsyms_function(unsigned long addr, unsigned long *start);
const char *kallsyms_where(unsigned long addr, unsigned long *offset);

#endif /* _SCX_LOOP_CAP_KALLSYMS_H */
