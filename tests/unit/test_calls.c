// SPDX-License-Identifier: GPL-2.0
/* Tests of the call search, on made-up machine code. */
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cmocka_compat.h"
#include "arch.h"

#define CALL		5
#define ADDR		0xffffffff81400000UL
#define FAR_BEHIND	0xffffffff81400800UL
#define FAR_AHEAD	0xffffffff813f0000UL
#define UNTOUCHED	0x5a5a5a5a5a5a5a5aUL

static struct slc_arch_call found[4];

/* A function of one-byte NOPs, on the heap so that AddressSanitizer checks accesses. */
static u8 *new_func(size_t len)
{
	u8 *text = malloc(len);

	assert_non_null(text);
	memset(text, 0x90, len);
	return text;
}

/* Write a call of @target at @at, or as much of it as fits. */
static void put_call(u8 *text, size_t len, size_t at, unsigned long target)
{
	u32 rel = (u32)(target - (ADDR + at + CALL));
	u8 insn[CALL] = { 0xe8, (u8)rel, (u8)(rel >> 8), (u8)(rel >> 16),
			  (u8)(rel >> 24) };

	memcpy(text + at, insn, len - at < CALL ? len - at : CALL);
}

static u32 find(const u8 *text, size_t len, unsigned long target)
{
	return slc_arch_find_calls(text, len, ADDR, target, found, ARRAY_SIZE(found));
}

static void check_one(size_t len, size_t at, unsigned long dest,
		      unsigned long target, u32 want)
{
	u8 *text = new_func(len);

	put_call(text, len, at, dest);
	memset(found, 0x5a, sizeof(found));
	assert_int_equal(find(text, len, target), want);
	assert_int_equal(found[0].next, want ? ADDR + at + CALL : UNTOUCHED);
	if (want) {
		assert_int_equal(found[0].insn, ADDR + at);
		assert_int_equal(found[0].kind, SLC_ARCH_CALL);
		assert_int_equal(found[0].entry, (long)(dest - target));
	}
	free(text);
}

static void test_no_call(void **state)
{
	u8 *text = new_func(64);
	size_t len;

	(void)state;
	memset(found, 0x5a, sizeof(found));
	for (len = 0; len <= 64; len++)
		assert_int_equal(find(text + 64 - len, len, FAR_BEHIND), 0);
	assert_int_equal(find(NULL, 0, FAR_BEHIND), 0);
	assert_int_equal(found[0].next, UNTOUCHED);
	free(text);
}

static void test_every_position(void **state)
{
	size_t at;

	(void)state;
	for (at = 0; at <= 64 - CALL; at++) {
		check_one(64, at, FAR_BEHIND, FAR_BEHIND, 1);
		check_one(64, at, FAR_AHEAD, FAR_AHEAD, 1);
	}
}

/* A call that ends at the function's last byte is found; one that lacks a byte is not. */
static void test_truncated(void **state)
{
	size_t at;

	(void)state;
	check_one(CALL, 0, FAR_BEHIND, FAR_BEHIND, 1);
	for (at = 64 - CALL + 1; at < 64; at++)
		check_one(64, at, FAR_BEHIND, FAR_BEHIND, 0);
	for (at = 1; at < CALL; at++)
		check_one(at, 0, FAR_BEHIND, FAR_BEHIND, 0);
}

static void test_window(void **state)
{
	const unsigned long targets[] = { FAR_BEHIND, FAR_AHEAD };
	long off;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		for (off = -40; off <= 40; off++)
			check_one(32, 7, targets[i] + (unsigned long)off,
				  targets[i], off >= -16 && off <= 4);
		check_one(32, 7, targets[i] - 16, targets[i], 1);
		check_one(32, 7, targets[i] - 17, targets[i], 0);
		check_one(32, 7, targets[i] + 4, targets[i], 1);
		check_one(32, 7, targets[i] + 5, targets[i], 0);
	}
}

/* The largest displacements in both directions, which must not wrap around. */
static void test_reach(void **state)
{
	const unsigned long next = ADDR + 3 + CALL;
	const unsigned long up = next + 0x7fffffffUL;
	const unsigned long down = next - 0x80000000UL;

	(void)state;
	check_one(32, 3, up, up, 1);
	check_one(32, 3, down, down, 1);
	check_one(32, 3, up, down, 0);
	check_one(32, 3, down, up, 0);
	check_one(32, 3, down, down + (1UL << 32), 0);
	/* a call of the next instruction, and of the call itself */
	check_one(32, 3, next, next, 1);
	check_one(32, 3, next - CALL, next - CALL, 1);
}

/* Texts are searched in blocks, and eight places at a time. */
static void test_large(void **state)
{
	static const long distances[] = {
		0x3fff, 0x7ff0, 0xffff, 0x10000, 0x18000, 0x12345678, -0x10000, -0x7ff00000,
	};
	const size_t len = 100000;
	u8 *text = new_func(len);
	size_t at;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(distances); i++) {
		unsigned long target = ADDR + (unsigned long)distances[i];

		for (at = 0; at <= len - CALL; at += at % 32768 < 32760 ? 89 : 1) {
			put_call(text, len, at, target + (at % 2 ? 4 : -16UL));
			assert_int_equal(find(text, len, target), 1);
			assert_int_equal(found[0].next, ADDR + at + CALL);
			memset(text + at, 0x90, CALL);
		}
	}
	free(text);
}

/* Addresses are compared as distances, so they may wrap around. */
static void test_low_addresses(void **state)
{
	const u8 text[] = { 0xe8, 0xfb, 0xff, 0xff, 0xff };
	static const struct {
		unsigned long target;
		u32 want;
		int entry;
	} tries[] = {
		{ 0, 1, 0 }, { -1UL, 1, 1 }, { -5UL, 0, 0 }, { 16, 1, -16 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		assert_int_equal(slc_arch_find_calls(text, sizeof(text), 0, tries[i].target,
						     found, 1), tries[i].want);
		assert_int_equal(found[0].next, CALL);
		if (tries[i].want)
			assert_int_equal(found[0].entry, tries[i].entry);
	}
}

/* All are reported in the order of their addresses, and counted if there is no room. */
static void test_several(void **state)
{
	u8 *text = new_func(64);
	u32 room, i;

	(void)state;
	put_call(text, 64, 64 - CALL, FAR_BEHIND + 4);
	put_call(text, 64, 0, FAR_BEHIND - 16);
	put_call(text, 64, 30, FAR_AHEAD);
	put_call(text, 64, 20, FAR_BEHIND);
	for (room = 0; room <= 4; room++) {
		static const size_t at[] = { 0, 20, 64 - CALL };

		memset(found, 0x5a, sizeof(found));
		assert_int_equal(slc_arch_find_calls(text, 64, ADDR, FAR_BEHIND, found, room),
				 3);
		for (i = 0; i < ARRAY_SIZE(found); i++)
			assert_int_equal(found[i].next, i < room && i < 3 ?
					 ADDR + at[i] + CALL : UNTOUCHED);
	}
	assert_int_equal(slc_arch_find_calls(text, 64, ADDR, FAR_BEHIND, NULL, 0), 3);
	free(text);
}

/* What enters the function besides calls. */
static void test_kinds(void **state)
{
	u8 *text = new_func(32);
	int jcc, off;

	(void)state;
	put_call(text, 32, 8, FAR_BEHIND);
	text[8] = 0xcc;
	assert_int_equal(find(text, 32, FAR_BEHIND), 1);
	assert_int_equal(found[0].kind, SLC_ARCH_CALL_PROBED);
	assert_int_equal(found[0].next, ADDR + 8 + CALL);

	for (off = -17; off <= 5; off++) {
		put_call(text, 32, 8, FAR_BEHIND + (unsigned long)(long)off);
		text[8] = 0xe9;
		assert_int_equal(find(text, 32, FAR_BEHIND), off >= 0 && off <= 4);
		if (off >= 0 && off <= 4) {
			assert_int_equal(found[0].kind, SLC_ARCH_JUMP);
			assert_int_equal(found[0].entry, off);
		}
	}
	put_call(text, 32, 8, FAR_BEHIND);
	for (jcc = 0x80; jcc <= 0x8f; jcc++) {
		text[7] = 0x0f;
		text[8] = (u8)jcc;
		assert_int_equal(find(text, 32, FAR_BEHIND), 1);
		assert_int_equal(found[0].kind, SLC_ARCH_JUMP);
		/* Without its first byte, or with another one, it is no jump. */
		assert_int_equal(slc_arch_find_calls(text + 8, 24, ADDR + 8, FAR_BEHIND, found,
						     1), 0);
		text[7] = 0x90;
		assert_int_equal(find(text, 32, FAR_BEHIND), 0);
	}
	free(text);
}

/* Not an indirect call, a short jump, or the operand of a call. */
static void test_other_instructions(void **state)
{
	const u8 others[] = { 0xeb, 0xff, 0x0f, 0x9a, 0x90, 0x00, 0x68, 0x84, 0x7f };
	u8 *text = new_func(32);
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		put_call(text, 32, 8, FAR_BEHIND);
		text[8] = others[i];
		assert_int_equal(find(text, 32, FAR_BEHIND), 0);
	}
	memset(text, 0xe8, 32);
	assert_int_equal(find(text, 32, FAR_BEHIND), 0);

	/* A call is found even if the byte before it is e8. */
	put_call(text, 32, 8, FAR_BEHIND);
	assert_int_equal(find(text, 32, FAR_BEHIND), 1);
	assert_int_equal(found[0].next, ADDR + 8 + CALL);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_call),
		cmocka_unit_test(test_every_position),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_low_addresses),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_other_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
