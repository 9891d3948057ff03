/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state machine of a pick: its fast paths, which are inlined into the hooks,
 * and what hook.c and rerun.c call. pick.c has the table of its states.
 *
 * All functions here run with the rq lock held and IRQs off.
 */
#ifndef _SLC_PICK_H
#define _SLC_PICK_H

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "../arch/arch.h"
#include "../resolve/layout.h"
#include "counters.h"

/* In a loop that goes on, the clock is read once in so many rounds. */
#define SLC_PICK_TIMED_ROUNDS	32

/**
 * struct slc_pick_parent - the pick in which a child's loop begins
 * @rq: runqueue of the pick
 * @switches: number of switches when it began
 * @rounds: its rounds; 0 if there is none
 * @deepest: the innermost level with an open loop
 */
struct slc_pick_parent {
	const void	*rq;
	u64		switches;
	u32		rounds;
	u8		deepest;
};

/* Only called directly: a landing pad would be one more instruction in each call. */
void slc_direct_only slc_pick_count(const void *rq, const void *sch, u32 level, bool again);
bool slc_direct_only slc_pick_first_round(const void *rq);
bool slc_direct_only slc_pick_last_round(const void *rq);

void slc_pick_settle(bool was_hit);
void slc_pick_settle_by_queue(void);
void slc_pick_note_parent(struct slc_pick_parent *parent);
void slc_pick_child_over(const struct slc_pick_parent *parent, bool has_task);
void slc_pick_finish(void);
void slc_pick_restarted(const void *rq, u64 rounds);
bool slc_pick_kicked(void);
void slc_pick_set_limits(unsigned int limit, unsigned int pick_limit);
void slc_pick_init(void);

/**
 * slc_pick_nr_tasks - nr_tasks of the dispatch context; struct scx_dsp_ctx upstream
 * @sch: the scheduler, NULL up to 6.15
 * @at: where the context is; a constant where it is known
 *
 * Context: rq lock held, IRQs off.
 * Return: its address, on this CPU.
 */
static __always_inline void *slc_pick_nr_tasks(const void *sch, enum slc_dspc_at at)
{
	const void *base;

	/* 7.1 and later */
	if (likely(at == SLC_DSPC_SCHED))
		base = slc_layout_own_ptr(sch, slc_layout.sch_pcpu);
	else if (at == SLC_DSPC_POINTER)
		base = slc_layout_ptr((const void *)slc_layout.dspc, 0);
	else
		base = (const void *)slc_layout.dspc;
	return (char *)base + __my_cpu_offset + slc_layout.dspc_nr_tasks;
}

/**
 * slc_pick_switches - how often has this CPU switched tasks?
 *
 * A pick belongs to the CPU that makes it. Under core scheduling it may dispatch for
 * the runqueue of a sibling, whose own count changes if the flush drops the lock.
 *
 * Context: IRQs off.
 * Return: nr_switches of this CPU's own runqueue.
 */
static __always_inline u64 slc_pick_switches(void)
{
	return slc_layout_own_u64(raw_cpu_read(slc_loop_cpu.own_switches), 0);
}

/**
 * slc_pick_keeps - can a task of sched_ext go on?
 * @task: the task
 *
 * Context: rq lock of its runqueue held, IRQs off.
 * Return: true if it is runnable and has some of its slice left.
 */
static __always_inline bool slc_pick_keeps(const void *task)
{
	return (slc_layout_own_u32(task, slc_layout.task_flags) & slc_layout.task_queued) &&
	       slc_layout_u64(task, slc_layout.task_slice);
}

/**
 * slc_pick_has_task - does the kernel's loop end because there is a task to run?
 * @rq: runqueue that was dispatched for
 *
 * These are the conditions of scx_dispatch_sched(), up to 7.0 of balance_one(), the most
 * common one first. The kernel tests them in the same place, after the flush. Then it
 * looks at the global DSQ, which the gate cannot foresee.
 *
 * The kernel looks at the task that was current when the loop began. That is current
 * now if it is this CPU that runs it. A sibling may have switched since, so for its
 * runqueue this condition is left out: its loop may end without the gate seeing it.
 *
 * Context: after the flush; rq lock held, IRQs off.
 * Return: true if so.
 */
static __always_inline bool slc_pick_has_task(const void *rq)
{
	const void *prev;

	if (likely(slc_layout_own_u32(rq, slc_layout.rq_local_nr)))
		return true;
	prev = slc_layout_own_ptr(rq, slc_layout.rq_curr);
	return prev == current && slc_pick_keeps(prev);
}

/**
 * slc_pick_goes_again - does the kernel's loop go round again?
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL up to 6.15
 * @at: as for slc_pick_nr_tasks()
 *
 * Context: after the flush; rq lock held, IRQs off.
 * Return: true if so, unless the loop ends where the gate does not see it: see
 * slc_pick_is_other().
 */
static __always_inline bool slc_pick_goes_again(const void *rq, const void *sch,
						enum slc_dspc_at at)
{
	return !slc_pick_has_task(rq) &&
	       slc_layout_own_u32(slc_pick_nr_tasks(sch, at), 0);
}

/**
 * slc_pick_is_other - does a round not belong to the pick that is open?
 * @gc: this CPU's data
 * @rq: runqueue that was dispatched for
 *
 * The gate does not see that a loop ends because the global DSQ has a task. The CPU
 * then switches to that task.
 *
 * Context: rq lock held, IRQs off.
 * Return: true if it is for another runqueue, or the CPU has switched tasks since.
 */
static __always_inline bool slc_pick_is_other(const struct slc_gate_cpu *gc, const void *rq)
{
	return gc->rq != rq || gc->switches != slc_pick_switches();
}

/**
 * slc_pick_is_core_wide - is core scheduling in use?
 * @rq: runqueue that was dispatched for
 *
 * Context: rq lock held, IRQs off; not without CONFIG_SCHED_CORE.
 * Return: true if one CPU selects the tasks of all CPUs of the core.
 */
static __always_inline bool slc_pick_is_core_wide(const void *rq)
{
	return slc_layout_own_u32(rq, slc_layout.rq_core_enabled);
}

/**
 * slc_pick_kernel_cap_fires - does the kernel's own cap end a loop with this round?
 * @rounds: rounds of the loop, this one included
 *
 * The cap is SCX_DSP_MAX_LOOPS upstream. It counts again in each run of a loop.
 *
 * Context: any.
 * Return: true if so.
 */
static __always_inline bool slc_pick_kernel_cap_fires(u32 rounds)
{
	u32 cap = slc_layout.kernel_limit;

	return cap && rounds >= cap && !(rounds % cap);
}

/**
 * slc_pick_middle_round - count a round in the middle of a loop
 * @rq: runqueue that was dispatched for
 *
 * Most rounds of a scheduler that wastes them are in the middle of the only loop of
 * their pick. Up to which round nothing else can happen was found out in an earlier one,
 * see slc_pick_middle().
 *
 * Context: after the flush, with the loop about to go round again; rq lock held,
 * IRQs off.
 * Return: true if the round was counted; false if it is none of this kind.
 */
static __always_inline bool slc_pick_middle_round(const void *rq)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	if (!gc->middle_left || slc_pick_is_other(gc, rq))
		return false;
	this_cpu_inc(slc_gate_cpu.rounds);
	gc->middle_left--;
	gc->open_rounds[0]++;
	gc->pick_rounds++;
	return true;
}

/**
 * slc_pick_outer_round - count the only round of the outermost loop, after inner ones
 * @rq: runqueue that was dispatched for
 *
 * Context: after the flush, with the loop about to end, and a pick open; rq lock held,
 * IRQs off.
 * Return: true if the round was counted; false if it is none of this kind.
 */
static __always_inline bool slc_pick_outer_round(const void *rq)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	u32 rounds = gc->pick_rounds + 1;

	if (gc->flags || rounds > SLC_GATE_LEVELS || slc_pick_is_other(gc, rq))
		return false;
	if (unlikely(rounds > raw_cpu_read(slc_loop_cpu.max_pick_rounds)))
		this_cpu_write(slc_loop_cpu.max_pick_rounds, rounds);
	this_cpu_inc(slc_gate_cpu.one_round_loops);
	gc->pick_rounds = 0;
	return true;
}

/**
 * slc_pick_child_round - count the only round of a child's loop
 * @rq: runqueue that was dispatched for
 *
 * Context: after the flush, with the loop about to end; rq lock held, IRQs off.
 * Return: true if the round was counted; false if it is none of this kind.
 */
static __always_inline bool slc_pick_child_round(const void *rq)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	if (gc->flags)
		return false;
	if (!gc->pick_rounds) {
		gc->rq = rq;
		gc->switches = slc_pick_switches();
		this_cpu_write(slc_loop_cpu.pick_begin, slc_arch_cycles());
	} else if (gc->pick_rounds >= SLC_GATE_LEVELS || slc_pick_is_other(gc, rq)) {
		return false;
	}
	gc->pick_rounds++;
	this_cpu_inc(slc_gate_cpu.one_round_loops);
	return true;
}

/**
 * slc_pick_round - a round of the outermost loop is over
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL up to 6.15
 * @at: as for slc_pick_nr_tasks()
 *
 * The common loop has one round. All that it costs is the first condition and one
 * counter.
 *
 * Context: after the flush; rq lock held, IRQs off.
 */
static __always_inline void slc_pick_round(const void *rq, const void *sch,
					   enum slc_dspc_at at)
{
	bool again = slc_pick_goes_again(rq, sch, at);

	if (likely(!again && !raw_cpu_read(slc_gate_cpu.pick_rounds)))
		this_cpu_inc(slc_gate_cpu.one_round_loops);
	else if (again ? !slc_pick_middle_round(rq) && !slc_pick_first_round(rq) :
			 !slc_pick_outer_round(rq) && !slc_pick_last_round(rq))
		slc_pick_count(rq, sch, 0, again);
}

/**
 * slc_pick_inner_round - a round of a child's loop is over
 * @rq: runqueue that was dispatched for
 * @sch: the child
 *
 * Context: after the flush; rq lock held, IRQs off.
 */
static __always_inline void slc_pick_inner_round(const void *rq, const void *sch)
{
	bool again = slc_pick_goes_again(rq, sch, SLC_DSPC_SCHED);
	u32 level;

	if (likely(!again && slc_pick_child_round(rq)))
		return;
	level = slc_layout_u32(sch, slc_layout.sch_level);
	slc_pick_count(rq, sch, min_t(u32, level, SLC_GATE_LEVELS - 1), again);
}

/**
 * slc_pick_hit_is_pending - is there a hit to settle?
 *
 * Context: IRQs off.
 * Return: true if so.
 */
static __always_inline bool slc_pick_hit_is_pending(void)
{
	return raw_cpu_read(slc_gate_cpu.flags) & SLC_PICK_HIT_PENDING;
}

/**
 * slc_pick_has_looped - is there something to do behind a child's loop?
 *
 * Context: behind a child's loop before which none was open; rq lock held, IRQs off.
 * Return: true if a hit is pending, or a loop went round again and may be open.
 */
static __always_inline bool slc_pick_has_looped(void)
{
	return raw_cpu_read(slc_gate_cpu.flags) & (SLC_PICK_HIT_PENDING | SLC_PICK_LOOPED);
}

/**
 * slc_pick_settle_pending - settle a pending hit before the scheduler is asked again
 *
 * Context: before the flush or the child's loop; rq lock held, IRQs off.
 */
static __always_inline void slc_pick_settle_pending(void)
{
	if (unlikely(slc_pick_hit_is_pending()))
		slc_pick_settle_by_queue();
}

/**
 * slc_pick_is_plain - can a child's loop run, and nothing be left to do behind it?
 *
 * Context: before a child's loop; rq lock held, IRQs off.
 * Return: true if no hit is pending, no loop is open, the pick limit is not used up, and
 * a loop that the kernel's cap ends is not run again.
 */
static __always_inline bool slc_pick_is_plain(void)
{
	return !(raw_cpu_read(slc_gate_cpu.flags) &
		 (SLC_PICK_HIT_PENDING | SLC_PICK_LOOPED | SLC_PICK_ENDED |
		  SLC_PICK_RERUN)) &&
	       raw_cpu_read(slc_gate_cpu.pick_rounds) < READ_ONCE(slc_gate_pick_bound);
}

/**
 * slc_pick_refuses_child - has the current pick used up its rounds?
 *
 * If so, that a child was refused is noted: the next round of the parent tells
 * which scheduler asked.
 *
 * Context: before a child's loop; rq lock held, IRQs off.
 * Return: true if the child's loop must not run.
 */
static __always_inline bool slc_pick_refuses_child(void)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	if ((!(gc->flags & SLC_PICK_ENDED) &&
	     gc->pick_rounds < READ_ONCE(slc_gate_pick_bound)) ||
	    gc->switches != slc_pick_switches())
		return false;
	gc->flags |= SLC_PICK_REFUSED;
	gc->middle_left = 0;
	return true;
}

/**
 * slc_pick_refuses_host - has the selection of a core used up its rounds?
 * @rq: runqueue that is to be dispatched for
 *
 * Context: before the host runs; rq lock held, IRQs off.
 * Return: true if the host must not ask the scheduler any more. It would not if it has
 * a task to run.
 */
static __always_inline bool slc_pick_refuses_host(const void *rq)
{
	const struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	const u8 used_up = SLC_PICK_RESTARTED | SLC_PICK_ENDED;

	return unlikely((gc->flags & used_up) == used_up) &&
	       gc->switches == slc_pick_switches() &&
	       !slc_layout_u32(rq, slc_layout.rq_local_nr) &&
	       !slc_pick_keeps(slc_layout_ptr(rq, slc_layout.rq_curr));
}

/**
 * slc_pick_rounds_so_far - rounds that this CPU has counted
 *
 * Context: IRQs off.
 * Return: the number since load.
 */
static __always_inline u64 slc_pick_rounds_so_far(void)
{
	const struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	return gc->one_round_loops + gc->rounds;
}

/**
 * slc_pick_host_begins - the host is about to run
 *
 * Context: before the host; rq lock held, IRQs off.
 */
static __always_inline void slc_pick_host_begins(void)
{
	this_cpu_ptr(&slc_gate_cpu)->flags &= ~SLC_PICK_WAS_ENDED;
}

/**
 * slc_pick_arm_rerun - from now on, run a loop again that the kernel's cap ends
 *
 * Context: rq lock held, IRQs off.
 */
static __always_inline void slc_pick_arm_rerun(void)
{
	this_cpu_ptr(&slc_gate_cpu)->flags |= SLC_PICK_RERUN;
}

/**
 * slc_pick_kernel_cap_fired - did the kernel's own cap end the last loop?
 *
 * A second call without a round in between returns false, because the function
 * around the loop need not reach the loop every time.
 *
 * Context: rq lock held, IRQs off; after slc_pick_arm_rerun().
 * Return: true if so, and the limit has not been reached.
 */
static __always_inline bool slc_pick_kernel_cap_fired(void)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	bool fired = gc->flags & SLC_PICK_CAP_FIRED;

	gc->flags &= ~SLC_PICK_CAP_FIRED;
	return fired;
}

/**
 * slc_pick_is_for - was the last round for this runqueue?
 * @rq: the runqueue
 *
 * Context: rq lock held, IRQs off.
 * Return: true if so.
 */
static __always_inline bool slc_pick_is_for(const void *rq)
{
	return this_cpu_ptr(&slc_gate_cpu)->rq == rq;
}

/**
 * slc_pick_disarm_rerun - the end of slc_pick_arm_rerun()
 *
 * Context: rq lock held, IRQs off.
 */
static __always_inline void slc_pick_disarm_rerun(void)
{
	this_cpu_ptr(&slc_gate_cpu)->flags &= ~(SLC_PICK_RERUN | SLC_PICK_CAP_FIRED);
}

#endif /* _SLC_PICK_H */
