/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzz targets share. */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

/* libFuzzer takes a call of abort() for a finding, and keeps the input. */
#define CHECK(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, \
				__LINE__, #what); \
			abort(); \
		} \
	} while (0)

/**
 * struct fuzz_symbol - what an input of fuzz_layout says of a symbol
 * @flags: FUZZ_...
 * @a: of a function, 1 + the number of a symbol that it calls, or 0; of data, the
 *	upper byte of its address
 * @b: the same for a second call; the lower byte
 * @size: bytes of a function; 0 if that is not known
 *
 * Symbols are numbered in the order in which the resolver asks for them first.
 * After %FUZZ_SYMBOLS of these comes the BTF.
 */
struct fuzz_symbol {
	u8	flags;
	u8	a;
	u8	b;
	u8	size;
};

#define FUZZ_SYMBOLS	48

#define FUZZ_PRESENT	0x01
#define FUZZ_DATA	0x02
#define FUZZ_UNREADABLE	0x04
/* Data in the kernel's half, and not an offset in the per-CPU area. */
#define FUZZ_HIGH	0x08

/**
 * struct fuzz_calls - what an input of fuzz_calls begins with
 * @addr: where the machine code behind it is in the kernel
 * @distance: how far from there the function is that is looked for
 */
struct fuzz_calls {
	u64	addr;
	s32	distance;
} __attribute__((packed));

/* Little endian, as all of this is. */
static inline u32 fuzz_u32(const u8 *p)
{
	u32 value;

	memcpy(&value, p, sizeof(value));
	return value;
}

/* What libFuzzer wants to call and offers; it has no header for C. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

#endif /* _FUZZ_H */
