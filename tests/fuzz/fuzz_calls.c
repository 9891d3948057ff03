// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes the search for calls: the input is an address, the distance from there to a
 * function, and machine code. The result is compared with that of a simpler and
 * slower search.
 */
#include "arch.h"
#include "fuzz.h"

#define UNTOUCHED	0x5a5a5a5aUL

/* How far before and after a function's symbol a call may enter it, as in the module. */
#define TARGET_BEFORE	16
#define TARGET_AFTER	4

static bool is_call(const u8 *insn, unsigned long next, unsigned long target)
{
	unsigned long off, to = next + (unsigned long)(long)(s32)fuzz_u32(insn + 1);

	if (*insn != 0xe8)
		return false;
	for (off = 0; off <= TARGET_BEFORE + TARGET_AFTER; off++) {
		if (to == target - TARGET_BEFORE + off)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned long first = UNTOUCHED, ret_addr = UNTOUCHED, target;
	struct fuzz_calls calls;
	u32 found = 0;
	size_t i;

	if (size < sizeof(calls))
		return 0;
	memcpy(&calls, data, sizeof(calls));
	data += sizeof(calls);
	size -= sizeof(calls);
	target = calls.addr + (unsigned long)(long)calls.distance;

	for (i = 0; size >= 5 && i <= size - 5; i++) {
		if (is_call(data + i, calls.addr + i + 5, target) && !found++)
			first = calls.addr + i + 5;
	}
	CHECK(slc_arch_find_calls(data, size, calls.addr, target, &ret_addr) == found);
	CHECK(ret_addr == first);
	return 0;
}
