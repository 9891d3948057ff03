// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the places in a function's machine code that call another function.
 *
 * A round of the dispatch loop is told from other uses of the flush by the
 * address it returns to, so the loop's own call has to be found in the text of
 * the running kernel. Only x86-64's direct near call is looked for: the
 * functions concerned are static or private to the scheduler and are never
 * called through a pointer.
 */
#include <linux/types.h>

#include "callsite.h"

#define CALL_OPCODE	0xe8
#define CALL_LEN	5

/*
 * A call may enter a function a little beside its symbol: behind the ENDBR64
 * that only indirect calls need, or at the call depth accounting thunk that
 * some CPUs' mitigations put in the padding in front of it.
 */
#define TARGET_BEFORE	16
#define TARGET_AFTER	4

/**
 * scx_callsite_find - find the calls of one function in another
 * @text: the calling function's bytes
 * @len: how many there are
 * @addr: where @text is, or would be, in the kernel's address space
 * @target: address of the function that is called
 * @ret_addr: set to the return address of the first call found
 *
 * The bytes are searched without decoding them, so a constant inside another
 * instruction could look like a call. With a 32-bit displacement that has to
 * hit a window of 21 bytes this does not happen by chance, and if it did, the
 * callers would refuse the kernel because of the second call.
 *
 * Context: any.
 * Return: the number of calls found.
 */
u32 scx_callsite_find(const u8 *text, size_t len, unsigned long addr,
		      unsigned long target, unsigned long *ret_addr)
{
	u32 found = 0;
	size_t i;

	for (i = 0; i + CALL_LEN <= len; i++) {
		unsigned long next = addr + i + CALL_LEN;
		const u8 *d = text + i + 1;
		s64 dest;

		if (text[i] != CALL_OPCODE)
			continue;
		dest = (s32)(d[0] | d[1] << 8 | d[2] << 16 | (u32)d[3] << 24);
		dest = (s64)(next + dest - target);
		if (dest < -TARGET_BEFORE || dest > TARGET_AFTER)
			continue;
		if (!found++)
			*ret_addr = next;
	}
	return found;
}
