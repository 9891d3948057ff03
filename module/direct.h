/* SPDX-License-Identifier: GPL-2.0 */
/* Replaces a function by a direct call of ftrace. */
#ifndef _SCX_LOOP_CAP_DIRECT_H
#define _SCX_LOOP_CAP_DIRECT_H

#include <linux/ftrace.h>
#include <linux/linkage.h>

#include <asm/ibt.h>

#include "attach.h"

/**
 * struct scx_direct - a function that is replaced so
 * @ops: what ftrace knows of it
 * @stub: what ftrace has the function call, see DEFINE_SCX_DIRECT()
 * @attached: it is in effect
 */
struct scx_direct {
	struct ftrace_ops	ops;
	void			(*stub)(void);
	bool			attached;
};

/**
 * DEFINE_SCX_DIRECT - prepare a function to stand in for one of the kernel
 * @gate: the function, which must be known to the linker
 *
 * ftrace calls a stub at the entry of the kernel's function. There are then two
 * return addresses on the stack, the upper of which leads back into the function.
 * The stub makes it lead to @gate, which so finds its parameters and the address
 * it returns to as if it had been called itself, and for every return there has
 * been a call. Nothing but a mispredicted return tells the difference. The
 * ENDBR64 is for objtool only, which sees that its address is taken.
 *
 * Bit 0 of the address is a flag for some kernels, so the stub is aligned.
 */
#define DEFINE_SCX_DIRECT(gate)						\
asm(".pushsection .text, \"ax\"\n"					\
	"	.balign 16\n"						\
	"	.type scx_stub_" #gate ", @function\n"			\
	"scx_stub_" #gate ":\n"						\
	"	" ASM_ENDBR						\
	"	movq $" #gate ", (%rsp)\n"				\
	"	" ASM_RET						\
	"	.size scx_stub_" #gate ", . - scx_stub_" #gate "\n"	\
	".popsection\n");						\
void scx_stub_##gate(void);						\
static struct scx_direct direct_##gate = { .stub = scx_stub_##gate }

int scx_direct_attach(struct scx_direct *direct, const struct scx_target *target,
		      char *why);
int scx_direct_detach(struct scx_direct *direct);
void scx_direct_release(struct scx_direct *direct);

#endif /* _SCX_LOOP_CAP_DIRECT_H */
