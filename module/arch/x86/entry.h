/* SPDX-License-Identifier: GPL-2.0 */
/* How ftrace enters a function on x86-64, and how a stub redirects that entry. */
#ifndef _SLC_ARCH_X86_ENTRY_H
#define _SLC_ARCH_X86_ENTRY_H

#include <linux/ftrace.h>
#include <linux/linkage.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include <asm/ibt.h>
#include <asm/msr.h>
#include <asm/text-patching.h>
#include <asm/tsc.h>

/* A function that is only called directly: it begins without an ENDBR64. */
#define slc_direct_only	__noendbr

/**
 * SLC_ARCH_STUB - define GATE_stub(), the target of a direct call of ftrace
 * @gate: the function that replaces one of the kernel's; visible to the linker
 *
 * ftrace calls the stub at the entry of the kernel's function. Two return
 * addresses are then on the stack; the upper one leads back into that function.
 * The stub overwrites it with the address of @gate and returns there. @gate finds
 * its parameters and its return address as if it had been called directly, and
 * each return still has its call. The only cost is a mispredicted return. The
 * ENDBR64 is for objtool, which sees that the address of the stub is taken.
 *
 * The stub is aligned because some kernels use bit 0 of its address as a flag.
 */
#define SLC_ARCH_STUB(gate)						\
asm(".pushsection .text, \"ax\"\n"					\
	"	.balign 16\n"						\
	"	.type " #gate "_stub, @function\n"			\
	#gate "_stub:\n"						\
	"	" ASM_ENDBR						\
	"	movq $" #gate ", (%rsp)\n"				\
	"	" ASM_RET						\
	"	.size " #gate "_stub, . - " #gate "_stub\n"		\
	".popsection\n");						\
void gate##_stub(void)

/**
 * slc_arch_bool - what a function of type bool returned
 * @ret: its result, called by a prototype with a wider one
 *
 * Context: any.
 * Return: the bool; the other bits of the register are undefined.
 */
static __always_inline bool slc_arch_bool(unsigned long ret)
{
	return (u8)ret;
}

/**
 * slc_arch_cycles - a clock that takes few instructions to read
 *
 * Context: any; two values compare only on the same CPU.
 * Return: the time stamp counter.
 */
static __always_inline u64 slc_arch_cycles(void)
{
	return rdtsc();
}

/**
 * slc_arch_cycles_to_ns - how long it took
 * @cycles: a difference of two values of slc_arch_cycles()
 *
 * Context: any.
 * Return: nanoseconds; 0 if the kernel could not find out how fast the counter is.
 */
static inline u64 slc_arch_cycles_to_ns(u64 cycles)
{
	return tsc_khz ? mul_u64_u64_div_u64(cycles, NSEC_PER_MSEC, tsc_khz) : 0;
}

/**
 * slc_arch_at_entry - does ftrace patch a function at its entry?
 * @func: address of the function
 * @loc: address of the instruction that ftrace patches; see ftrace_location()
 *
 * Context: any.
 * Return: true if no instruction of the function but an ENDBR64 comes before @loc.
 */
static inline bool slc_arch_at_entry(unsigned long func, unsigned long loc)
{
	return loc == func || loc == func + SLC_ARCH_ENTRY_LEN;
}

/**
 * slc_arch_original - where to enter a function behind its redirection
 * @loc: address of the instruction that ftrace patches
 *
 * Context: any.
 * Return: address of the instruction that follows it. The BPF trampoline enters
 * the function that it is attached to at the same address.
 */
static inline unsigned long slc_arch_original(unsigned long loc)
{
	return loc + MCOUNT_INSN_SIZE;
}

/**
 * slc_arch_is_redirected - does a function call anything at its entry?
 * @loc: address of the instruction that ftrace patches
 *
 * Context: process context.
 * Return: true if it does, or if a breakpoint is there because the kernel is
 * changing the instruction; false if it does not, or the text cannot be read.
 */
static inline bool slc_arch_is_redirected(unsigned long loc)
{
	u8 opcode;

	return !copy_from_kernel_nofault(&opcode, (const void *)loc,
					 sizeof(opcode)) &&
	       (opcode == CALL_INSN_OPCODE || opcode == INT3_INSN_OPCODE);
}

#endif /* _SLC_ARCH_X86_ENTRY_H */
