/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate's per-CPU data, and the limits that it enforces.
 *
 * Rooms above read the counters and set the limits. Only gate/ writes the counters.
 */
#ifndef _SLC_COUNTERS_H
#define _SLC_COUNTERS_H

#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/percpu.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* Levels of nested schedulers told apart; more than SCX_SUB_MAX_DEPTH + 1. */
#define SLC_GATE_LEVELS		8

/* Power-of-two buckets of rounds per loop: 1, 2-3, 4-7, ... 32768-65535. */
#define SLC_GATE_BUCKETS	16

/**
 * enum slc_pick_flag - what is special about the current pick, as bits of a mask
 * @SLC_PICK_LOOPED: a loop went round again
 * @SLC_PICK_ENDED: the pick limit was reached
 * @SLC_PICK_REFUSED: a child was not run since the last round, because of that
 * @SLC_PICK_RESTARTED: the kernel began the selection of a core again, and this pick
 *	goes on with the rounds that it had before
 * @SLC_PICK_CAP_FIRED: the kernel's cap ended the loop of the last round, which has
 *	to be run again
 * @SLC_PICK_RERUN: a loop that the kernel's own cap ends is run again; see rerun.c
 * @SLC_PICK_HIT_PENDING: a limit ended a loop, unless the global DSQ has a task
 * @SLC_PICK_WAS_ENDED: the pick limit was reached in the last pick of this run of the
 *	host; only where a selection can be restarted
 *
 * The first four end with the pick.
 */
enum slc_pick_flag {
	SLC_PICK_LOOPED		= 1 << 0,
	SLC_PICK_ENDED		= 1 << 1,
	SLC_PICK_REFUSED	= 1 << 2,
	SLC_PICK_RESTARTED	= 1 << 3,
	SLC_PICK_CAP_FIRED	= 1 << 4,
	SLC_PICK_RERUN		= 1 << 5,
	SLC_PICK_HIT_PENDING	= 1 << 6,
	SLC_PICK_WAS_ENDED	= 1 << 7,
};

/**
 * struct slc_gate_cpu - what each round uses, one cache line per CPU
 * @one_round_loops: loops that ended with their first round, most of them
 * @rounds: rounds of all other loops
 * @loops: all other loops
 * @rq: runqueue of the current pick; another CPU's under core scheduling
 * @switches: nr_switches of this CPU's own runqueue when the pick began
 * @pick_rounds: rounds of the current pick, at all levels; 0 if there is none
 * @middle_left: how many of the next rounds slc_pick_middle_round() may count
 * @deepest: no level below this one has an open loop
 * @flags: mask of enum slc_pick_flag
 * @open_rounds: rounds of the open loop of each level, 0 where none is open
 *
 * Most loops end with their first round, which touches @one_round_loops, @pick_rounds
 * and @flags only. Written with IRQs off by its own CPU; read by any CPU.
 */
struct slc_gate_cpu {
	u64		one_round_loops;
	u64		rounds;
	u64		loops;
	const void	*rq;
	u64		switches;
	u32		pick_rounds;
	u16		middle_left;
	u8		deepest;
	u8		flags;
	u16		open_rounds[SLC_GATE_LEVELS];
} ____cacheline_aligned;

static_assert(offsetofend(struct slc_gate_cpu, open_rounds) <= L1_CACHE_BYTES);

/**
 * struct slc_loop_cpu - what only picks of more than one round use
 * @own_switches: nr_switches of the CPU's own runqueue
 * @pick_begin: clock when the first round of the current pick ended
 * @max_rounds: most rounds in a loop
 * @max_pick_rounds: most rounds in a pick
 * @max_loop_cycles: longest loop, from the end of its first round
 * @max_pick_cycles: longest pick, from the end of its first round
 * @histogram: loops that ended, by power of two of their rounds
 * @loop_begin: clock when the first round of the open loop of each inner level ended;
 *	the outermost loop begins with its pick
 * @unknown: calls of the flush from an unknown place
 * @unknown_at: jiffies of the last such call
 *
 * The clock is slc_arch_cycles(). Written as struct slc_gate_cpu.
 */
struct slc_loop_cpu {
	const void	*own_switches;
	u64		pick_begin;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		max_loop_cycles;
	u64		max_pick_cycles;
	u64		histogram[SLC_GATE_BUCKETS];
	u64		loop_begin[SLC_GATE_LEVELS];
	u64		unknown;
	unsigned long	unknown_at;
} ____cacheline_aligned;

DECLARE_PER_CPU_ALIGNED(struct slc_gate_cpu, slc_gate_cpu);
DECLARE_PER_CPU_ALIGNED(struct slc_loop_cpu, slc_loop_cpu);

/*
 * Rounds allowed per loop and per pick, the second %U32_MAX for any number. Read with
 * READ_ONCE(), set by slc_pick_set_limits().
 */
extern unsigned int slc_gate_limit;
extern unsigned int slc_gate_pick_bound;

#endif /* _SLC_COUNTERS_H */
