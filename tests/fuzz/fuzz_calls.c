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

#define ROOM		4

/* Which instruction ends with the four bytes at @rel? Return -1 for none. */
static int kind_of(const u8 *text, const u8 *rel)
{
	if (rel[-1] == 0xe8)
		return SLC_ARCH_CALL;
	if (rel[-1] == 0xcc)
		return SLC_ARCH_CALL_PROBED;
	if (rel[-1] == 0xe9 ||
	    (rel - text >= 2 && rel[-2] == 0x0f && rel[-1] >= 0x80 && rel[-1] <= 0x8f))
		return SLC_ARCH_JUMP;
	return -1;
}

/* Does it enter the function at @target? Set @entry to where. */
static bool enters(const u8 *rel, unsigned long next, int kind, unsigned long target,
		   int *entry)
{
	unsigned long to = next + (unsigned long)(long)(s32)fuzz_u32(rel);

	for (*entry = kind == SLC_ARCH_JUMP ? 0 : -TARGET_BEFORE; *entry <= TARGET_AFTER;
	     ++*entry) {
		if (to == target + (unsigned long)(long)*entry)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct slc_arch_call found[ROOM];
	struct fuzz_calls calls;
	unsigned long target;
	u32 nr = 0, want;
	size_t i;

	if (size < sizeof(calls))
		return 0;
	memcpy(&calls, data, sizeof(calls));
	data += sizeof(calls);
	size -= sizeof(calls);
	target = calls.addr + (unsigned long)(long)calls.distance;

	memset(found, 0x5a, sizeof(found));
	want = slc_arch_find_calls(data, size, calls.addr, target, found, ROOM);
	for (i = 1; size >= 5 && i <= size - 4; i++) {
		unsigned long next = calls.addr + i + 4;
		int kind = kind_of(data, data + i), entry;

		if (kind < 0 || !enters(data + i, next, kind, target, &entry))
			continue;
		if (nr < ROOM)
			CHECK(found[nr].next == next && found[nr].insn == next - 5 &&
			      found[nr].entry == entry && (int)found[nr].kind == kind);
		nr++;
	}
	CHECK(nr == want);
	for (; nr < ROOM; nr++)
		CHECK((u32)found[nr].next == UNTOUCHED);
	return 0;
}
