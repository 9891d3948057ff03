/* SPDX-License-Identifier: GPL-2.0 */
/* What is kept of a hit: when, where, and which scheduler it was. */
#ifndef _SCX_LOOP_CAP_HIT_H
#define _SCX_LOOP_CAP_HIT_H

#include <linux/cache.h>
#include <linux/percpu.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include "sched.h"

/* Schedulers that each CPU remembers; the oldest makes room. */
#define SCX_HIT_SCHEDS		16

/**
 * enum scx_hit_kind - which limit was reached, as bits of a mask
 * @SCX_HIT_LOOP: that of a loop
 * @SCX_HIT_PICK: that of a pick
 */
enum scx_hit_kind {
	SCX_HIT_LOOP	= 1,
	SCX_HIT_PICK	= 2,
};

/**
 * struct scx_hit_round - the round in which a limit was reached
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL where there can be only one
 * @level: how deep it is nested, 0 for the outermost
 * @rounds: rounds of the loop
 * @limit: how many it may have
 * @pick_rounds: rounds of the pick so far
 * @pick_limit: how many it may have, %U32_MAX for any number
 * @pick_ns: nanoseconds that the pick has taken so far
 * @kinds: mask of enum scx_hit_kind
 * @again: the loop would have gone round again, unless the global DSQ yields a
 *	task; otherwise the hit is certain
 * @kernel_ends_it: with this round the kernel's own cap ends the loop
 */
struct scx_hit_round {
	const void	*rq;
	const void	*sch;
	u32		level;
	u32		rounds;
	u32		limit;
	u32		pick_rounds;
	u32		pick_limit;
	u64		pick_ns;
	u8		kinds;
	bool		again;
	bool		kernel_ends_it;
};

/**
 * struct scx_hit - a loop or a pick that was ended by a limit
 * @boottime: when, in nanoseconds of CLOCK_BOOTTIME; 0 stands for none
 * @cpu: CPU whose runqueue was dispatched for
 * @rounds: rounds of the loop
 * @limit: the limit of a loop then
 * @pick_rounds: rounds of the pick so far
 * @pick_limit: the limit of a pick then; %U32_MAX for none
 * @pick_ns: nanoseconds that the pick had taken
 * @kinds: mask of enum scx_hit_kind
 * @sched: who looped
 */
struct scx_hit {
	u64			boottime;
	u32			cpu;
	u32			rounds;
	u32			limit;
	u32			pick_rounds;
	u32			pick_limit;
	u64			pick_ns;
	u8			kinds;
	struct scx_sched_id	sched;
};

/**
 * struct scx_hit_sched - a scheduler that hit a limit on one CPU
 * @last: the latest hit; that of a scheduler loaded again under the same name
 *	and in the same cgroup is one of the same
 * @hits: loops ended by the limit, since this module was loaded
 * @pick_hits: picks ended by the limit
 * @before: @hits when the scheduler as it is loaded now hit for the first time
 * @pick_before: @pick_hits then
 * @max_rounds: most rounds of a loop that hit, as it is loaded now
 * @max_pick_rounds: most rounds of a pick in which there was a hit
 * @max_pick_ns: the longest such pick, in nanoseconds
 */
struct scx_hit_sched {
	struct scx_hit	last;
	u64		hits;
	u64		pick_hits;
	u64		before;
	u64		pick_before;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		max_pick_ns;
};

/**
 * struct scx_hit_cpu - what only a hit writes
 * @hits: loops ended by the limit
 * @pick_hits: picks ended by the limit
 * @reported: sum of both when the reporter was last woken from this CPU
 * @kicks: deferred kicks queued
 * @next: what becomes a hit unless the global DSQ yields a task
 * @prev: the task that was current then
 * @seq: protects @scheds
 * @scheds: who hit
 *
 * Written with IRQs off by its own CPU only; read from anywhere.
 */
struct scx_hit_cpu {
	u64			hits;
	u64			pick_hits;
	u64			reported;
	u64			kicks;
	struct scx_hit		next;
	const void		*prev;
	seqcount_t		seq;
	struct scx_hit_sched	scheds[SCX_HIT_SCHEDS];
};

extern struct scx_hit_cpu __percpu *scx_hit_cpu;

int scx_hit_init(void);
void scx_hit_exit(void);
void scx_hit_note(const struct scx_hit_round *round);
void scx_hit_settle(bool was_hit);
bool scx_hit_after_pick(void);
bool scx_hit_read(int cpu, unsigned int nr, struct scx_hit_sched *sched);

#endif /* _SCX_LOOP_CAP_HIT_H */
