/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate's per-CPU data, and the limits that it enforces.
 *
 * Rooms above read the counters. Only gate/ writes them; the limits are written
 * by control/.
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
 * struct slc_gate_cpu - what each round uses, one cache line per CPU
 * @one_round_loops: loops of the outermost level that ended with their first round
 * @rounds: rounds of all other loops
 * @loops: all other loops
 * @rq: runqueue of the current pick; another CPU's under core scheduling
 * @switches: its nr_switches when the pick began
 * @pick_rounds: rounds of the current pick, at all levels; 0 if no loop is open
 * @deepest: no level below this one has an open loop
 * @hit_pending: a limit ended a loop, unless the global DSQ has a task
 * @pick_ended: the current pick has reached the pick limit
 * @child_refused: a child was not run since the last round, because of that
 * @pick_timed: the clock was read in the current pick
 * @rerun_armed: a loop that the kernel's own cap ends is run again; see rerun.c
 * @kernel_cap_fired: the kernel's cap ended the loop of the last round, which has
 *	to be run again
 * @open_rounds: rounds of the open loop of each level, 0 where none is open
 *
 * Most loops end with their first round, which touches @one_round_loops and
 * @pick_rounds only. Written with IRQs off by its own CPU; read by any CPU.
 */
struct slc_gate_cpu {
	u64		one_round_loops;
	u64		rounds;
	u64		loops;
	const void	*rq;
	u64		switches;
	u32		pick_rounds;
	u8		deepest;
	bool		hit_pending;
	u8		pick_ended : 1;
	u8		child_refused : 1;
	u8		pick_timed : 1;
	u8		rerun_armed : 1;
	u8		kernel_cap_fired : 1;
	u16		open_rounds[SLC_GATE_LEVELS];
} ____cacheline_aligned;

static_assert(offsetofend(struct slc_gate_cpu, open_rounds) <= L1_CACHE_BYTES);

/**
 * struct slc_loop_cpu - what only loops of more than one round use
 * @histogram: loops that ended, by power of two of their rounds
 * @max_loop_ns: longest loop, from the end of its first round
 * @max_pick_ns: longest pick, from the end of the first round that was timed in it
 * @max_rounds: most rounds in a loop
 * @max_pick_rounds: most rounds in a pick
 * @pick_begin: when the clock was first read in the current pick
 * @loop_begin: when the first round of the open loop of each level ended
 * @unknown: calls of the flush from an unknown place
 * @unknown_at: jiffies of the last such call
 *
 * Times are in nanoseconds of CLOCK_MONOTONIC. Written as struct slc_gate_cpu.
 */
struct slc_loop_cpu {
	u64		histogram[SLC_GATE_BUCKETS];
	u64		max_loop_ns;
	u64		max_pick_ns;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		pick_begin;
	u64		loop_begin[SLC_GATE_LEVELS];
	u64		unknown;
	unsigned long	unknown_at;
} ____cacheline_aligned;

DECLARE_PER_CPU_ALIGNED(struct slc_gate_cpu, slc_gate_cpu);
DECLARE_PER_CPU_ALIGNED(struct slc_loop_cpu, slc_loop_cpu);

/* Rounds allowed per loop; see "limit" in docs/abi.md. Read with READ_ONCE(). */
extern unsigned int slc_gate_limit;

/* Rounds allowed per pick, 0 for any number; see "pick_limit". The same. */
extern unsigned int slc_gate_pick_limit;

#endif /* _SLC_COUNTERS_H */
