/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that differs between architectures: how a function calls another one, and
 * how it is entered.
 *
 * The call search also compiles in user space. The rest is in <arch>/entry.h.
 */
#ifndef _SLC_ARCH_H
#define _SLC_ARCH_H

#include <linux/types.h>

/*
 * Parameters that the hooks can hand on unseen, in registers. x86-64 passes 6 in this
 * way; prototypes in gate/ have as many.
 */
#define SLC_ARCH_REG_PARAMS	6

u32 slc_arch_find_calls(const u8 *text, size_t len, unsigned long addr,
			unsigned long target, unsigned long *ret_addr);

#ifdef __KERNEL__
#ifdef CONFIG_X86_64
#include "x86/entry.h"
#else
#error "scx_loop_cap supports x86-64 only: no other folder in module/arch"
#endif
#endif

#endif /* _SLC_ARCH_H */
