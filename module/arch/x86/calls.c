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
#include <linux/string.h>
#include <linux/types.h>

#include "../arch.h"

#define SLC_CALL_OPCODE		0xe8
#define SLC_JMP_OPCODE		0xe9
#define SLC_INT3_OPCODE		0xcc
#define SLC_TWO_BYTE_OPCODE	0x0f
/* The second byte of a conditional jump, without the condition. */
#define SLC_JCC_OPCODE		0x80
#define SLC_JCC_MASK		0xf0

/* Bytes of a call, or of a jump that has one byte before the displacement. */
#define SLC_CALL_LEN		5

/*
 * A call may enter a function a few bytes away from its symbol: behind the ENDBR64, or
 * at the thunk for call depth tracking that some mitigations put into the padding in front
 * of it. A jump does not use the thunk. What jumps there may be the end of the previous
 * function. Jumps with a displacement of eight bits are not searched for: among the few
 * hundred bytes around a function that would find too many by chance.
 */
#define SLC_CALL_BEFORE		16
#define SLC_CALL_AFTER		SLC_ARCH_ENTRY_LEN

/*
 * The text is searched in blocks. For all instructions of a block that enter the
 * function, the upper half of the displacement has one of two values.
 */
#define SLC_BLOCK_LEN		32768

/* Place of the third byte of the displacement, behind the last byte of the opcode. */
#define SLC_REL_THIRD		3

static u32 slc_calls_rel(const u8 *d)
{
	return d[0] | d[1] << 8 | d[2] << 16 | (u32)d[3] << 24;
}

/* Is one of the eight bytes at @p @a or @b? */
static bool slc_calls_any(const u8 *p, u8 a, u8 b)
{
	const u64 ones = 0x0101010101010101ULL;
	u64 word, not_a, not_b;

	memcpy(&word, p, sizeof(word));
	not_a = word ^ ones * a;
	not_b = word ^ ones * b;
	/* The highest bit of a byte in the result is set if that byte is 0. */
	return (((not_a - ones) & ~not_a) | ((not_b - ones) & ~not_b)) & (ones << 7);
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

/* The text that is searched, and the calls in it. */
struct slc_calls {
	const u8		*text;
	unsigned long		addr;		/* of @text */
	unsigned long		target;
	struct slc_arch_call	*found;
	u32			room;
	u32			nr;
};

/* Is there an instruction that has the last byte of its opcode at @i? */
static void slc_calls_check(struct slc_calls *c, size_t i)
{
	unsigned long next = c->addr + i + SLC_CALL_LEN;
	u32 rel = slc_calls_rel(c->text + i + 1);
	int kind;
	s64 entry;

	/* The lower half of the sum rules out nearly every byte. */
	if (rel + (u32)(next - c->target) + SLC_CALL_BEFORE >
	    SLC_CALL_BEFORE + SLC_CALL_AFTER)
		return;
	entry = (s64)(next + (s64)(s32)rel - c->target);
	kind = slc_calls_kind(c->text, c->text + i);
	if (kind < 0 || entry < (kind == SLC_ARCH_JUMP ? 0 : -SLC_CALL_BEFORE) ||
	    entry > SLC_CALL_AFTER)
		return;
	if (c->nr < c->room) {
		c->found[c->nr].insn = next - SLC_CALL_LEN;
		c->found[c->nr].next = next;
		c->found[c->nr].entry = (int)entry;
		c->found[c->nr].kind = kind;
	}
	c->nr++;
}

/* Check all places from @i to @end. */
static void slc_calls_block(struct slc_calls *c, size_t i, size_t end)
{
	u32 rel = (u32)(c->target - (c->addr + i + SLC_CALL_LEN));
	u8 high = (u8)((rel + SLC_CALL_AFTER) >> 16);
	u8 low = (u8)((rel - SLC_CALL_BEFORE - (u32)(end - i)) >> 16);
	size_t stop;

	/* Eight places at a time; most have neither value there. */
	for (; i + sizeof(u64) <= end; i += sizeof(u64)) {
		if (!slc_calls_any(c->text + i + SLC_REL_THIRD, high, low))
			continue;
		for (stop = i + sizeof(u64); i < stop; i++)
			slc_calls_check(c, i);
		i -= sizeof(u64);
	}
	for (; i < end; i++)
		slc_calls_check(c, i);
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
 * window of 21 bytes. In the 19 MB of text of a distribution's kernel, one byte in 7000
 * is the destination of such a false call, and one in 14000 that of a false jump.
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
	struct slc_calls c = {
		.text = text, .addr = addr, .target = target, .found = found, .room = room,
	};
	size_t i, end;

	if (len < SLC_CALL_LEN)
		return 0;
	for (i = 0; i <= len - SLC_CALL_LEN; i = end) {
		end = len - SLC_CALL_LEN + 1;
		if (end - i > SLC_BLOCK_LEN)
			end = i + SLC_BLOCK_LEN;
		slc_calls_block(&c, i, end);
	}
	return c.nr;
}
