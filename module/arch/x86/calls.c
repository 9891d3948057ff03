// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the calls of one function in the machine code of another.
 *
 * A round of the dispatch loop is told from other uses of the flush by the
 * address that the flush returns to. The loop's own call is therefore searched
 * for in the text of the running kernel. Only the direct near call of x86-64 is
 * recognised: the functions concerned are static or private to the scheduler,
 * and the kernel does not call them through pointers.
 */
#include <linux/types.h>

#include "../arch.h"

#define SLC_CALL_OPCODE	0xe8
#define SLC_CALL_LEN	5

/*
 * A call may enter a function a few bytes away from its symbol: behind the
 * ENDBR64, which only indirect calls need, or at the thunk for call depth
 * tracking that some mitigations put into the padding in front of it.
 */
#define SLC_CALL_BEFORE	16
#define SLC_CALL_AFTER	4

/**
 * slc_arch_find_calls - find the calls of one function in another
 * @text: machine code of the calling function
 * @len: its length in bytes
 * @addr: address of @text in the kernel
 * @target: address of the function that is called
 * @ret_addr: set to the return address of the first call found
 *
 * The bytes are searched without decoding the instructions, so a constant inside
 * of another instruction could look like a call. Its 32 bits would have to hit a
 * window of 21 bytes. If that happened the caller would refuse the kernel because
 * of a second call.
 *
 * Context: any.
 * Return: the number of calls found.
 */
u32 slc_arch_find_calls(const u8 *text, size_t len, unsigned long addr,
			unsigned long target, unsigned long *ret_addr)
{
	u32 found = 0;
	size_t i;

	for (i = 0; i + SLC_CALL_LEN <= len; i++) {
		unsigned long next = addr + i + SLC_CALL_LEN;
		const u8 *d = text + i + 1;
		s64 dest;

		if (text[i] != SLC_CALL_OPCODE)
			continue;
		dest = (s32)(d[0] | d[1] << 8 | d[2] << 16 | (u32)d[3] << 24);
		dest = (s64)(next + dest - target);
		if (dest < -SLC_CALL_BEFORE || dest > SLC_CALL_AFTER)
			continue;
		if (!found++)
			*ret_addr = next;
	}
	return found;
}
