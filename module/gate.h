/* SPDX-License-Identifier: GPL-2.0 */
/* The round logic: counts rounds and ends dispatch loops. */
#ifndef _SCX_LOOP_CAP_GATE_H
#define _SCX_LOOP_CAP_GATE_H

#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* Levels of nested schedulers told apart; more than SCX_SUB_MAX_DEPTH + 1. */
#define SCX_GATE_LEVELS		8

/* Power-of-two buckets of rounds per loop: 1, 2-3, 4-7, ... 32768-65535. */
#define SCX_GATE_BUCKETS	16

/**
 * struct scx_gate_cpu - what the hot path uses, one cache line per CPU
 * @ones: loops of the outermost level that ended with their first round
 * @rounds: rounds of all other loops
 * @loops: all other loops
 * @rq: runqueue of the pick at hand; another CPU's under core scheduling
 * @switches: its nr_switches when the pick began
 * @pick: rounds of the pick at hand, at all levels; 0 if no loop is open
 * @deepest: no level below this one has an open loop
 * @unsure: a hit is noted, and not settled yet; see hit.c
 * @cut: the pick at hand was ended by the pick limit
 * @refused: a child was not run since the last round, because of that
 * @timed: the clock was read in the pick at hand
 * @hosted: loops that the kernel's own cap ends are run again; see host.c
 * @cut_short: that is due for the loop of the last round
 * @open: rounds run by the open loop of each level, 0 where none is open
 *
 * Most loops end with their first round, and touch only @ones and @pick.
 * Written with IRQs off by its own CPU only; read from anywhere.
 */
struct scx_gate_cpu {
	u64		ones;
	u64		rounds;
	u64		loops;
	const void	*rq;
	u64		switches;
	u32		pick;
	u8		deepest;
	bool		unsure;
	u8		cut : 1;
	u8		refused : 1;
	u8		timed : 1;
	u8		hosted : 1;
	u8		cut_short : 1;
	u16		open[SCX_GATE_LEVELS];
} ____cacheline_aligned;

static_assert(offsetofend(struct scx_gate_cpu, open) <= L1_CACHE_BYTES);

/**
 * struct scx_loop_cpu - what only loops of more than one round use
 * @histogram: loops that ended, by power of two of their rounds
 * @max_loop_ns: longest loop, from the end of its first round
 * @max_pick_ns: longest pick, from when its first such loop did
 * @max_rounds: most rounds in a loop
 * @max_pick_rounds: most rounds in a pick
 * @pick_begin: when the clock was first read in the pick at hand
 * @loop_begin: when the first round ended of the open loop of each level
 * @unknown: calls of the flush from a place that is not known
 * @unknown_at: jiffies of the last such call
 *
 * Times are in nanoseconds of CLOCK_MONOTONIC. Written as struct scx_gate_cpu.
 */
struct scx_loop_cpu {
	u64		histogram[SCX_GATE_BUCKETS];
	u64		max_loop_ns;
	u64		max_pick_ns;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		pick_begin;
	u64		loop_begin[SCX_GATE_LEVELS];
	u64		unknown;
	unsigned long	unknown_at;
} ____cacheline_aligned;

DECLARE_PER_CPU_ALIGNED(struct scx_gate_cpu, scx_gate_cpu);
DECLARE_PER_CPU_ALIGNED(struct scx_loop_cpu, scx_loop_cpu);

/* Rounds allowed per loop; see ABI, "limit". Read with READ_ONCE(). */
extern unsigned int scx_gate_limit;

/* Rounds allowed per pick, 0 for any; see ABI, "pick_limit". The same. */
extern unsigned int scx_gate_pick_limit;

/**
 * scx_gate_pick_bound - rounds allowed per pick, as it takes effect
 *
 * Context: any.
 * Return: the larger of the two limits, %U32_MAX where picks are not limited.
 */
static __always_inline u32 scx_gate_pick_bound(void)
{
	u32 pick_limit = READ_ONCE(scx_gate_pick_limit);

	return pick_limit ? max(pick_limit, READ_ONCE(scx_gate_limit)) : U32_MAX;
}

/**
 * scx_gate_host_enter - from now on, loops that are cut short are run again
 *
 * Context: rq lock held, IRQs off.
 */
static __always_inline void scx_gate_host_enter(void)
{
	this_cpu_ptr(&scx_gate_cpu)->hosted = true;
}

/**
 * scx_gate_was_cut_short - did the kernel's own cap end the last loop?
 *
 * Asking again without another round in between gives false: the function around
 * the loop need not come to it every time.
 *
 * Context: as scx_gate_host_enter(), after it.
 * Return: true if so, and the limit has not been reached.
 */
static __always_inline bool scx_gate_was_cut_short(void)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	bool cut_short = gc->cut_short;

	gc->cut_short = false;
	return cut_short;
}

/**
 * scx_gate_host_leave - the end of scx_gate_host_enter()
 *
 * Context: as scx_gate_host_enter().
 */
static __always_inline void scx_gate_host_leave(void)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);

	gc->hosted = false;
	gc->cut_short = false;
}

void scx_gate_pick_is_over(void);
void scx_gate_set_original(unsigned long flush, unsigned long sub_dispatch);
void *scx_gate_flush(void);

/* What stands in for the kernel's functions; called by these, not by name. */
void scx_gate_flush_rq(void *rq);
void scx_gate_flush_sch_rq(void *sch, void *rq);
void scx_gate_flush_rq_rf(void *rq, void *rf);
unsigned long scx_gate_sub_dispatch(unsigned long a, unsigned long b,
				    unsigned long c, unsigned long d,
				    unsigned long e, unsigned long f);

#endif /* _SCX_LOOP_CAP_GATE_H */
