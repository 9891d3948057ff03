// SPDX-License-Identifier: GPL-2.0
/*
 * The mutator for inputs with BTF.
 *
 * BTF consists of words: ids, offsets and counts. libFuzzer's own mutators change
 * single bytes, or insert some and so shift the rest; mostly the reader then refuses
 * the BTF before it reads a type. This mutator replaces words by other words of the
 * same input, so that types refer to each other in new ways.
 */
#include "fuzz.h"

/* xorshift, seeded by libFuzzer, so that a run can be repeated */
static u32 next_random(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static u32 new_word(const u8 *data, size_t words, u32 old, u32 *seed)
{
	u32 r = next_random(seed);

	switch (next_random(seed) % 6) {
	case 0:
	case 1:
		return fuzz_u32(data + r % words * 4);
	case 2:
		return r % 64;
	case 3:
		return old + r % 9 - 4;
	case 4:
		return old ^ 1U << r % 32;
	default:
		return -(r % 64);
	}
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed)
{
	u32 random = seed * 2654435761U | 1, nr, value;
	size_t words = size / 4, at;

	if (!words || next_random(&random) % 8 == 0)
		return LLVMFuzzerMutate(data, size, max);
	for (nr = 1 + next_random(&random) % 4; nr; nr--) {
		at = next_random(&random) % words * 4;
		value = new_word(data, words, fuzz_u32(data + at), &random);
		memcpy(data + at, &value, sizeof(value));
	}
	return size;
}
