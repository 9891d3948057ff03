/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the places in a function's machine code that call another function. */
#ifndef _SCX_LOOP_CAP_CALLSITE_H
#define _SCX_LOOP_CAP_CALLSITE_H

#include <linux/types.h>

u32 scx_callsite_find(const u8 *text, size_t len, unsigned long addr,
		      unsigned long target, unsigned long *ret_addr);

#endif /* _SCX_LOOP_CAP_CALLSITE_H */
