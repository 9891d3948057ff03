/* SPDX-License-Identifier: GPL-2.0 */
/* Records hits: when, where, and which scheduler. */
#ifndef _SLC_HIT_H
#define _SLC_HIT_H

#include <linux/cache.h>
#include <linux/percpu.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include "../../include/scx_loop_cap.h"
#include "sched_id.h"

/* Schedulers that each CPU remembers; the one that hit longest ago makes room. */
#define SLC_HIT_SCHEDS		16

/**
 * enum slc_hit_kind - which limit was reached, as bits of a mask
 * @SLC_HIT_LOOP: that of a loop
 * @SLC_HIT_PICK: that of a pick
 */
enum slc_hit_kind {
	SLC_HIT_LOOP	= SCX_LOOP_CAP_KIND_LOOP,
	SLC_HIT_PICK	= SCX_LOOP_CAP_KIND_PICK,
};

/**
 * struct slc_hit_round - the round in which a limit was reached
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL where there can be only one
 * @level: its level, 0 for the outermost
 * @rounds: rounds of the loop
 * @limit: rounds allowed in it
 * @pick_rounds: rounds of the pick so far
 * @pick_limit: rounds allowed in it, %U32_MAX for any number
 * @pick_ns: time that the pick has taken so far, in nanoseconds
 * @kinds: mask of enum slc_hit_kind
 * @certain: the limit ended the loop; otherwise only if the global DSQ has no task for
 *	the runqueue
 * @kernel_ends_it: the kernel's own cap ends the loop with this round
 */
struct slc_hit_round {
	const void	*rq;
	const void	*sch;
	u32		level;
	u32		rounds;
	u32		limit;
	u32		pick_rounds;
	u32		pick_limit;
	u64		pick_ns;
	u8		kinds;
	bool		certain;
	bool		kernel_ends_it;
};

/**
 * struct slc_hit - a loop or a pick that a limit ended
 * @boottime: when, in nanoseconds of CLOCK_BOOTTIME; 0 stands for none
 * @cpu: CPU whose runqueue was dispatched for
 * @rounds: rounds of the loop
 * @limit: rounds that were allowed in a loop
 * @pick_rounds: rounds of the pick so far
 * @pick_limit: rounds that were allowed in a pick; %U32_MAX for any number
 * @pick_ns: time that the pick had taken, in nanoseconds
 * @kinds: mask of enum slc_hit_kind
 * @sched: the scheduler that looped
 */
struct slc_hit {
	u64			boottime;
	u32			cpu;
	u32			rounds;
	u32			limit;
	u32			pick_rounds;
	u32			pick_limit;
	u64			pick_ns;
	u8			kinds;
	struct slc_sched_id	sched;
};

/**
 * struct slc_hit_sched - a scheduler that hit a limit on one CPU
 * @last: its latest hit; a scheduler that is loaded again with the same name and in
 *	the same cgroup keeps its entry
 * @hits: loops ended by the limit, since this module was loaded
 * @pick_hits: picks ended by the limit, likewise
 * @before: @hits before the first hit of the scheduler as it is loaded now
 * @pick_before: @pick_hits before that hit
 * @max_rounds: most rounds of a loop that hit, as it is loaded now
 * @max_pick_rounds: most rounds of a pick with a hit, likewise
 * @max_pick_ns: the longest such pick, in nanoseconds
 */
struct slc_hit_sched {
	struct slc_hit	last;
	u64		hits;
	u64		pick_hits;
	u64		before;
	u64		pick_before;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		max_pick_ns;
};

/**
 * struct slc_hit_cpu - what only a hit writes
 * @hits: loops ended by the limit
 * @pick_hits: picks ended by the limit
 * @reported: sum of both when slc_hit_take_unreported() was last called
 * @kicks: deferred kicks queued
 * @next: the pending hit; dropped if the global DSQ has a task
 * @rq: runqueue that was dispatched for when @next was noted
 * @prev: the task that it ran then
 * @seq: protects @scheds
 * @scheds: the schedulers that hit
 *
 * Written with IRQs off by its own CPU only; read by any CPU.
 */
struct slc_hit_cpu {
	u64			hits;
	u64			pick_hits;
	u64			reported;
	u64			kicks;
	struct slc_hit		next;
	const void		*rq;
	const void		*prev;
	seqcount_t		seq;
	struct slc_hit_sched	scheds[SLC_HIT_SCHEDS];
};

extern struct slc_hit_cpu __percpu *slc_hit_cpu;

int slc_hit_init(void);
void slc_hit_exit(void);
void slc_hit_kick(const void *rq, bool resched);
bool slc_hit_note(const struct slc_hit_round *round);
void slc_hit_confirm(void);
u8 slc_hit_pending_kinds(void);
bool slc_hit_was_hit(void);
bool slc_hit_take_unreported(void);
bool slc_hit_read(int cpu, unsigned int nr, struct slc_hit_sched *sched);

#endif /* _SLC_HIT_H */
