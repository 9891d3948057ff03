/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that differs between architectures: how a function calls another one, how it is
 * entered, and a clock.
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

/**
 * enum slc_arch_call_kind - how a function is entered
 * @SLC_ARCH_CALL: by a call
 * @SLC_ARCH_CALL_PROBED: by a call whose first byte is a breakpoint
 * @SLC_ARCH_JUMP: by a jump, which leaves the return address of another call
 */
enum slc_arch_call_kind {
	SLC_ARCH_CALL,
	SLC_ARCH_CALL_PROBED,
	SLC_ARCH_JUMP,
};

/**
 * struct slc_arch_call - an instruction that enters a function
 * @insn: an address in it
 * @next: address of the next instruction: where a call returns to
 * @entry: where it enters the function, in bytes from its symbol
 * @kind: which instruction it is
 */
struct slc_arch_call {
	unsigned long		insn;
	unsigned long		next;
	int			entry;
	enum slc_arch_call_kind	kind;
};

/* Length in bytes of the longest such instruction. */
#define SLC_ARCH_CALL_LEN	6

/* Bytes at a function's entry that only indirect calls need, and others may skip. */
#define SLC_ARCH_ENTRY_LEN	4

u32 slc_arch_find_calls(const u8 *text, size_t len, unsigned long addr,
			unsigned long target, struct slc_arch_call *found, u32 room);

#ifdef __KERNEL__
#ifdef CONFIG_X86_64
#include "x86/entry.h"
#else
#error "scx_loop_cap supports x86-64 only: no other folder in module/arch"
#endif
#endif

#endif /* _SLC_ARCH_H */
