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
#define UNTOUCHED	0x5aUL

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

static void check_one(size_t len, size_t at, unsigned long dest,
		      unsigned long target, u32 want)
{
	unsigned long ret_addr = UNTOUCHED;
	u8 *text = new_func(len);

	put_call(text, len, at, dest);
	assert_int_equal(slc_arch_find_calls(text, len, ADDR, target, &ret_addr),
			 want);
	assert_int_equal(ret_addr, want ? ADDR + at + CALL : UNTOUCHED);
	free(text);
}

static void test_no_call(void **state)
{
	unsigned long ret_addr = UNTOUCHED;
	u8 *text = new_func(64);
	size_t len;

	(void)state;
	for (len = 0; len <= 64; len++)
		assert_int_equal(slc_arch_find_calls(text + 64 - len, len, ADDR,
						     FAR_BEHIND, &ret_addr), 0);
	assert_int_equal(slc_arch_find_calls(NULL, 0, ADDR, FAR_BEHIND,
					     &ret_addr), 0);
	assert_int_equal(ret_addr, UNTOUCHED);
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

/* Addresses are compared as distances, so they may wrap around. */
static void test_low_addresses(void **state)
{
	const u8 text[] = { 0xe8, 0xfb, 0xff, 0xff, 0xff };
	unsigned long ret_addr = UNTOUCHED;

	(void)state;
	assert_int_equal(slc_arch_find_calls(text, sizeof(text), 0, 0,
					     &ret_addr), 1);
	assert_int_equal(ret_addr, CALL);
	assert_int_equal(slc_arch_find_calls(text, sizeof(text), 0, -1UL,
					     &ret_addr), 1);
	assert_int_equal(slc_arch_find_calls(text, sizeof(text), 0, -5UL,
					     &ret_addr), 0);
	assert_int_equal(slc_arch_find_calls(text, sizeof(text), 0, 16,
					     &ret_addr), 1);
}

static void test_twice(void **state)
{
	unsigned long ret_addr = UNTOUCHED;
	u8 *text = new_func(64);

	(void)state;
	put_call(text, 64, 20, FAR_BEHIND);
	put_call(text, 64, 10, FAR_BEHIND);
	assert_int_equal(slc_arch_find_calls(text, 64, ADDR, FAR_BEHIND,
					     &ret_addr), 2);
	assert_int_equal(ret_addr, ADDR + 10 + CALL);

	put_call(text, 64, 64 - CALL, FAR_BEHIND + 4);
	put_call(text, 64, 0, FAR_BEHIND - 16);
	put_call(text, 64, 30, FAR_AHEAD);
	assert_int_equal(slc_arch_find_calls(text, 64, ADDR, FAR_BEHIND,
					     &ret_addr), 4);
	assert_int_equal(ret_addr, ADDR + CALL);
	free(text);
}

/* Only e8 is a call: not a jump, an indirect call, or the operand of a call. */
static void test_other_instructions(void **state)
{
	const u8 others[] = { 0xe9, 0xeb, 0xff, 0x0f, 0x9a, 0x90, 0x00, 0x68 };
	unsigned long ret_addr = UNTOUCHED;
	u8 *text = new_func(32);
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		put_call(text, 32, 8, FAR_BEHIND);
		text[8] = others[i];
		assert_int_equal(slc_arch_find_calls(text, 32, ADDR, FAR_BEHIND,
						     &ret_addr), 0);
	}
	memset(text, 0xe8, 32);
	assert_int_equal(slc_arch_find_calls(text, 32, ADDR, FAR_BEHIND,
					     &ret_addr), 0);
	assert_int_equal(ret_addr, UNTOUCHED);

	/* A call is found even if the byte before it is e8. */
	put_call(text, 32, 8, FAR_BEHIND);
	assert_int_equal(slc_arch_find_calls(text, 32, ADDR, FAR_BEHIND,
					     &ret_addr), 1);
	assert_int_equal(ret_addr, ADDR + 8 + CALL);
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
		cmocka_unit_test(test_low_addresses),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_other_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
