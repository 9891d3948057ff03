// SPDX-License-Identifier: GPL-2.0
/*
 * Finds in machine code what enters a function directly.
 *
 * A round of the dispatch loop is told from other uses of the flush by the
 * address that the flush returns to. All calls of the flush are therefore searched
 * for in the text of the running kernel. Only the direct near calls and jumps of x86-64
 * are recognised: the functions concerned are static or private to the scheduler,
 * and the kernel does not call them through pointers.
 */
#include <linux/types.h>

#include "../arch.h"

#define SLC_CALL_OPCODE		0xe8
#define SLC_JMP_OPCODE		0xe9
#define SLC_INT3_OPCODE		0xcc
#define SLC_TWO_BYTE_OPCODE	0x0f
/* The second byte of a conditional jump, without the condition. */
#define SLC_JCC_OPCODE		0x80
#define SLC_JCC_MASK		0xf0

/* Bytes of the displacement, and of a call or jump that has it after one byte. */
#define SLC_REL_LEN		4
#define SLC_CALL_LEN		5

/*
 * A call may enter a function a few bytes away from its symbol: behind the
 * ENDBR64, or at the thunk for call depth
 * tracking that some mitigations put into the padding in front of it. A jump does not
 * use the thunk. What jumps there may be the end of the previous function.
 */
#define SLC_CALL_BEFORE		16
#define SLC_CALL_AFTER		SLC_ARCH_ENTRY_LEN

static u32 slc_calls_rel(const u8 *d)
{
	return d[0] | d[1] << 8 | d[2] << 16 | (u32)d[3] << 24;
}

/* Which instruction in @text has the last byte of its opcode at @op? */
static int slc_calls_kind(const u8 *text, const u8 *op)
{
	switch (*op) {
	case SLC_CALL_OPCODE:
		return SLC_ARCH_CALL;
	case SLC_INT3_OPCODE:
		return SLC_ARCH_CALL_PROBED;
	case SLC_JMP_OPCODE:
		return SLC_ARCH_JUMP;
	}
	if ((*op & SLC_JCC_MASK) == SLC_JCC_OPCODE && op > text &&
	    op[-1] == SLC_TWO_BYTE_OPCODE)
		return SLC_ARCH_JUMP;
	return -1;
}

/**
 * slc_arch_find_calls - find what enters a function
 * @text: machine code
 * @len: its length in bytes
 * @addr: address of @text in the kernel
 * @target: address of the function
 * @found: set to the calls and jumps, in the order of their addresses
 * @room: how many @found has room for
 *
 * The bytes are searched without decoding the instructions, so a constant inside
 * of another instruction could look like a call. Its 32 bits would have to hit a
 * window of 21 bytes. In the 19 MB of text of a distribution's kernel one address in
 * 400 has such a false call of any of its 21 bytes, one in 4000 of its first or fifth.
 *
 * A call whose first byte is a breakpoint is found as well: there may be a kprobe on it,
 * or the kernel is changing it. The address it returns to is the same.
 *
 * Context: any.
 * Return: the number of those in @text, which may be more than @room.
 */
u32 slc_arch_find_calls(const u8 *text, size_t len, unsigned long addr,
			unsigned long target, struct slc_arch_call *found, u32 room)
{
	u32 nr = 0;
	size_t i;

	for (i = 0; i + SLC_CALL_LEN <= len; i++) {
		unsigned long next = addr + i + SLC_CALL_LEN;
		u32 rel = slc_calls_rel(text + i + 1);
		int kind;
		s64 entry;

		/* The lower half of the sum rules out nearly every byte. */
		if (rel + (u32)(next - target) + SLC_CALL_BEFORE >
		    SLC_CALL_BEFORE + SLC_CALL_AFTER)
			continue;
		entry = (s64)(next + (s64)(s32)rel - target);
		kind = slc_calls_kind(text, text + i);
		if (kind < 0 || entry < (kind == SLC_ARCH_JUMP ? 0 : -SLC_CALL_BEFORE) ||
		    entry > SLC_CALL_AFTER)
			continue;
		if (nr < room) {
			found[nr].insn = next - SLC_CALL_LEN;
			found[nr].next = next;
			found[nr].entry = (int)entry;
			found[nr].kind = kind;
		}
		nr++;
	}
	return nr;
}
