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
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include "../arch/arch.h"
#include "../resolve/layout.h"
#include "counters.h"

/* In a loop that goes on, the clock is read once in so many rounds. */
#define SLC_PICK_TIMED_ROUNDS	32

/* Only called directly: a landing pad would be one more instruction in each call. */
void slc_direct_only slc_pick_count(const void *rq, const void *sch, u32 level, bool again);
bool slc_direct_only slc_pick_first_round(const void *rq);

void slc_pick_settle(bool was_hit);
void slc_pick_close_deepest(void);
void slc_pick_finish(void);
bool slc_pick_kicked(void);

/**
 * slc_pick_dsp_ctx - the per-CPU dispatch context; struct scx_dsp_ctx upstream
 * @sch: the scheduler, NULL up to 6.15
 *
 * Context: rq lock held, IRQs off.
 * Return: that of this CPU.
 */
static __always_inline void *slc_pick_dsp_ctx(const void *sch)
{
	const void *base;

	/* 7.1 and later */
	if (likely(slc_layout.dspc_at == SLC_DSPC_SCHED))
		base = slc_layout_ptr(sch, slc_layout.sch_pcpu);
	else if (slc_layout.dspc_at == SLC_DSPC_POINTER)
		base = slc_layout_ptr((const void *)slc_layout.dspc, 0);
	else
		base = (const void *)slc_layout.dspc;
	return (char *)base + __my_cpu_offset;
}

/**
 * slc_pick_has_task - does the kernel's loop end because there is a task to run?
 * @rq: runqueue that was dispatched for
 *
 * These are the conditions of scx_dispatch_sched(), up to 7.0 of balance_one(), the most
 * common one first. The kernel tests them in the same place, after the flush. Then it
 * looks at the global DSQ, which the gate cannot foresee.
 *
 * Context: after the flush; rq lock held, IRQs off.
 * Return: true if so.
 */
static __always_inline bool slc_pick_has_task(const void *rq)
{
	const void *prev;

	if (likely(slc_layout_u32(rq, slc_layout.rq_local_nr)))
		return true;
	prev = slc_layout_ptr(rq, slc_layout.rq_curr);
	return (slc_layout_u32(prev, slc_layout.task_flags) &
		slc_layout.task_queued) &&
	       slc_layout_u64(prev, slc_layout.task_slice);
}

/**
 * slc_pick_goes_again - does the kernel's loop go round again?
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL up to 6.15
 *
 * Context: after the flush; rq lock held, IRQs off.
 * Return: true if so, unless the global DSQ has a task.
 */
static __always_inline bool slc_pick_goes_again(const void *rq, const void *sch)
{
	return !slc_pick_has_task(rq) &&
	       slc_layout_u32(slc_pick_dsp_ctx(sch), slc_layout.dspc_nr_tasks);
}

/**
 * slc_pick_switched - has the CPU switched tasks since the pick began?
 * @gc: this CPU's data
 *
 * The gate does not see that a loop ends because the global DSQ has a task. The CPU
 * then switches to that task, so if nr_switches has changed no loop is open.
 *
 * Context: rq lock held, IRQs off.
 * Return: true if so.
 */
static __always_inline bool slc_pick_switched(const struct slc_gate_cpu *gc)
{
	return gc->switches !=
	       slc_layout_u64(gc->rq, slc_layout.rq_nr_switches);
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
 * slc_pick_bound - rounds allowed per pick, as it takes effect
 *
 * Context: any.
 * Return: the larger of the two limits, %U32_MAX where picks are not limited.
 */
static __always_inline u32 slc_pick_bound(void)
{
	u32 pick_limit = READ_ONCE(slc_gate_pick_limit);

	return pick_limit ? max(pick_limit, READ_ONCE(slc_gate_limit)) : U32_MAX;
}

/**
 * slc_pick_middle_round - count a round in the middle of a loop
 * @rq: runqueue that was dispatched for
 *
 * Most rounds of a scheduler that wastes them are in the middle of the only loop of
 * their pick. The clock is read in every 32nd of them, in slc_pick_count(), to time a
 * loop whose last round the gate does not see.
 *
 * Context: after the flush, with the loop about to go round again; rq lock held,
 * IRQs off.
 * Return: true if the round was counted; false if it is none of this kind.
 */
static __always_inline bool slc_pick_middle_round(const void *rq)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	u32 rounds = gc->open_rounds[0] + 1;

	if (!gc->pick_rounds || gc->pick_rounds + 1 != rounds ||
	    gc->rq != rq || slc_pick_switched(gc) ||
	    gc->pick_ended || gc->child_refused || gc->kernel_cap_fired ||
	    rounds >= READ_ONCE(slc_gate_limit) ||
	    slc_pick_kernel_cap_fires(rounds) || !(rounds % SLC_PICK_TIMED_ROUNDS))
		return false;
	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	gc->open_rounds[0] = rounds;
	gc->pick_rounds = rounds;
	return true;
}

/**
 * slc_pick_round - a round of the outermost loop is over
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL up to 6.15
 *
 * The common loop has one round. All that it costs is the first condition and one
 * counter.
 *
 * Context: after the flush; rq lock held, IRQs off.
 */
static __always_inline void slc_pick_round(const void *rq, const void *sch)
{
	bool again = slc_pick_goes_again(rq, sch);

	if (likely(!again && !this_cpu_read(slc_gate_cpu.pick_rounds)))
		this_cpu_inc(slc_gate_cpu.one_round_loops);
	else if (!again || (!slc_pick_middle_round(rq) && !slc_pick_first_round(rq)))
		slc_pick_count(rq, sch, 0, again);
}

/**
 * slc_pick_settle_pending - confirm a pending hit before the scheduler is asked again
 *
 * The kernel does not ask again if the global DSQ has a task.
 *
 * Context: before the flush or the child's loop; rq lock held, IRQs off.
 */
static __always_inline void slc_pick_settle_pending(void)
{
	if (unlikely(this_cpu_read(slc_gate_cpu.hit_pending)))
		slc_pick_settle(true);
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

	if (likely(!gc->pick_ended && gc->pick_rounds < slc_pick_bound()) ||
	    slc_pick_switched(gc))
		return false;
	gc->child_refused = true;
	return true;
}

/**
 * slc_pick_arm_rerun - from now on, run a loop again that the kernel's cap ends
 *
 * Context: rq lock held, IRQs off.
 */
static __always_inline void slc_pick_arm_rerun(void)
{
	this_cpu_ptr(&slc_gate_cpu)->rerun_armed = true;
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
	bool fired = gc->kernel_cap_fired;

	gc->kernel_cap_fired = false;
	return fired;
}

/**
 * slc_pick_disarm_rerun - the end of slc_pick_arm_rerun()
 *
 * Context: rq lock held, IRQs off.
 */
static __always_inline void slc_pick_disarm_rerun(void)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	gc->rerun_armed = false;
	gc->kernel_cap_fired = false;
}

#endif /* _SLC_PICK_H */
