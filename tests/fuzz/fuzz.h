/* SPDX-License-Identifier: GPL-2.0 */
/* Definitions that the fuzz targets share. */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

/* libFuzzer reports a call of abort() as a finding, and stores the input. */
#define CHECK(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, \
				__LINE__, #what); \
			abort(); \
		} \
	} while (0)

/**
 * struct fuzz_symbol - a symbol in an input of fuzz_layout
 * @flags: FUZZ_...
 * @a: for a function, 1 + the number of a symbol that it calls, or 0; for data, the
 *	upper byte of its address
 * @b: for a function, the same for a second call; for data, the lower byte
 * @size: size of a function in bytes; 0 if it is unknown
 *
 * Symbols are numbered: first those in fuzz_names, then all others in the order in which
 * the resolver first looks them up. An input has %FUZZ_SYMBOLS of these, followed by the
 * BTF.
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
/* The address is in the kernel's half, and not an offset in the per-CPU area. */
#define FUZZ_HIGH	0x08
/* The first call is a jump, or has a breakpoint on it. */
#define FUZZ_JUMP	0x10
#define FUZZ_PROBED	0x20

/* Functions that are in the list of all symbols. */
#define FUZZ_NAMES	26

static const char * const fuzz_names[FUZZ_NAMES] = {
	"scx_flush_dispatch_buf", "flush_dispatch_buf", "flush_dispatch_buf.isra.0",
	"scx_flush_dispatch_buf.llvm.7", "balance_scx", "balance_one", "pick_task_scx",
	"do_pick_task_scx", "do_pick_task_scx.cold", "do_pick_task_scx.part.0.cold.1",
	"dispatch_pick", "dispatch_core_pick", "dispatch_one", "dispatch_one.constprop.0",
	"scx_dispatch_sched", "scx_bpf_sub_dispatch", "scx_bpf_sub_dispatch.cold",
	"scx_bpf_consume", "scx_bpf_dsq_move_to_local", "scx_bpf_dsq_move_to_local___v2",
	"scx_process_sync_ecaps", "scx_kick_cpu", "scx_kick_cpu.part.0",
	"scx_bpf_kick_cpu", "irq_work_queue", "scx_unrelated",
};

/**
 * struct fuzz_calls - the beginning of an input of fuzz_calls
 * @addr: kernel address of the machine code, which is the rest of the input
 * @distance: distance from there to the function whose calls are searched
 */
struct fuzz_calls {
	u64	addr;
	s32	distance;
} __attribute__((packed));

/* Read a little-endian word, as all inputs are little-endian. */
static inline u32 fuzz_u32(const u8 *p)
{
	u32 value;

	memcpy(&value, p, sizeof(value));
	return value;
}

/* The interface of libFuzzer, which has no header for C. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

#endif /* _FUZZ_H */
