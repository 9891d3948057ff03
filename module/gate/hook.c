// SPDX-License-Identifier: GPL-2.0
/*
 * The entries of the gate: what runs in place of the kernel's functions.
 *
 * flush_dispatch_buf(), since 7.3 scx_flush_dispatch_buf(), runs after each
 * ops.dispatch(). Its replacement calls the original, tells by the return address
 * which loop called it, and hands the round to pick.h. scx_bpf_sub_dispatch() runs
 * the loop of a child scheduler; its replacement may refuse that.
 *
 * This is the hot path. It runs inside of a scheduling decision, with the rq lock
 * held and IRQs off. Nothing here may allocate, sleep or print.
 */
#include <linux/compiler.h>
#include <linux/instruction_pointer.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/static_call.h>

#include "../arch/arch.h"
#include "../resolve/layout.h"
#include "counters.h"
#include "hook.h"
#include "pick.h"

/* Stands for the original until its address is known; never runs. */
static void slc_hook_no_flush(void *a, void *b)
{
}

/*
 * All shapes of the flush take one or two pointers, so one prototype reaches them
 * all: a shape with one parameter ignores the second.
 */
DEFINE_STATIC_CALL(slc_hook_orig_flush, slc_hook_no_flush);

/*
 * The parameters of scx_bpf_sub_dispatch() are handed on unseen, in all registers
 * that can hold any. Only its result is looked at.
 */
static unsigned long slc_hook_no_sub_dispatch(unsigned long a, unsigned long b,
					      unsigned long c, unsigned long d,
					      unsigned long e, unsigned long f)
{
	return 0;
}

DEFINE_STATIC_CALL(slc_hook_orig_sub_dispatch, slc_hook_no_sub_dispatch);

/* A call site of the flush that is not known. */
static __always_inline void slc_hook_unknown_caller(void)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);

	WRITE_ONCE(lc->unknown, lc->unknown + 1);
	WRITE_ONCE(lc->unknown_at, jiffies);
}

/* The flush of the outermost loop, with the parameters @a and @b. */
static __always_inline void slc_hook_flush_root(void *a, void *b, const void *rq,
						const void *sch, enum slc_dspc_at at)
{
	slc_pick_settle_pending();
	static_call(slc_hook_orig_flush)(a, b);
	slc_pick_round(rq, sch, at);
}

/* A round of the outermost loop, up to 6.15. */
static noinline notrace void slc_hook_flush_root_rq(void *rq, void *rf)
{
	slc_hook_flush_root(rq, rf, rq, NULL, slc_layout.dspc_at);
}

/* A round of the outermost loop, from 6.16 to 7.0, and later if a hit is pending. */
static noinline notrace void slc_hook_flush_root_sch(void *sch, void *rq)
{
	slc_hook_flush_root(sch, rq, rq, sch, slc_layout.dspc_at);
}

/* A round of the outermost loop, from 7.1 on. If no hit is pending, less has to be saved. */
static noinline notrace void slc_hook_flush_root_pcpu(void *sch, void *rq)
{
	if (unlikely(slc_pick_hit_is_pending())) {
		slc_hook_flush_root_sch(sch, rq);
		return;
	}
	static_call(slc_hook_orig_flush)(sch, rq);
	slc_pick_round(rq, sch, SLC_DSPC_SCHED);
}

/* The flush of a child's loop. slc_hook_sub_dispatch() has settled what was pending. */
static noinline notrace void slc_hook_flush_child(void *sch, void *rq)
{
	static_call(slc_hook_orig_flush)(sch, rq);
	slc_pick_inner_round(rq, sch);
}

/* The flush from a place that is not known. */
static noinline notrace void slc_hook_flush_unknown(void *a, void *b)
{
	slc_hook_unknown_caller();
	static_call(slc_hook_orig_flush)(a, b);
}

/* What is no call site. */
#define SLC_HOOK_UNKNOWN	(-1)

/* The role of a call site but the first, the most frequent one. */
static __always_inline int slc_hook_role(unsigned long ret_addr)
{
	const struct slc_site *site = slc_layout.sites.site;
	const struct slc_site *end = site + slc_layout.sites.nr;

	while (++site < end) {
		if (ret_addr == site->ret_addr)
			return site->role;
	}
	return SLC_HOOK_UNKNOWN;
}

/*
 * The flush from any place but the first of the call sites. Calls at the end of a
 * function are jumps: nothing is saved outside of a loop.
 */
static __always_inline void slc_hook_flush_rq_other(void *rq, void *rf,
						    unsigned long ret_addr)
{
	switch (slc_hook_role(ret_addr)) {
	case SLC_SITE_ROOT:
		slc_hook_flush_root_rq(rq, rf);
		return;
	case SLC_SITE_PASS:
		static_call(slc_hook_orig_flush)(rq, rf);
		return;
	default:
		slc_hook_flush_unknown(rq, rf);
	}
}

/* The same from 6.16 on. */
static __always_inline void slc_hook_flush_sch_other(void *sch, void *rq,
						     unsigned long ret_addr)
{
	switch (slc_hook_role(ret_addr)) {
	case SLC_SITE_ROOT:
		slc_hook_flush_root_sch(sch, rq);
		return;
	case SLC_SITE_NESTED:
		slc_hook_flush_child(sch, rq);
		return;
	case SLC_SITE_PASS:
		static_call(slc_hook_orig_flush)(sch, rq);
		return;
	default:
		slc_hook_flush_unknown(sch, rq);
	}
}

/**
 * slc_hook_flush_rq - the replacement for flush_dispatch_buf() of 6.12
 * @rq: the runqueue
 *
 * Context: rq lock held, IRQs off.
 */
notrace void slc_hook_flush_rq(void *rq)
{
	if (likely(slc_layout.sites.site[0].ret_addr == _RET_IP_))
		slc_hook_flush_root_rq(rq, NULL);
	else
		slc_hook_flush_rq_other(rq, NULL, _RET_IP_);
}

/**
 * slc_hook_flush_sch_rq - the same for 6.16 to 7.0
 * @sch: the scheduler
 * @rq: the runqueue
 *
 * Context: rq lock held, IRQs off.
 */
notrace void slc_hook_flush_sch_rq(void *sch, void *rq)
{
	if (likely(slc_layout.sites.site[0].ret_addr == _RET_IP_))
		slc_hook_flush_root_sch(sch, rq);
	else
		slc_hook_flush_sch_other(sch, rq, _RET_IP_);
}

/**
 * slc_hook_flush_pcpu - the same for 7.1 and later; scx_flush_dispatch_buf() in 7.3
 * @sch: the scheduler, which has a dispatch context for each CPU in scx_sched.pcpu
 * @rq: the runqueue
 *
 * Context: rq lock held, IRQs off.
 */
notrace void slc_hook_flush_pcpu(void *sch, void *rq)
{
	if (likely(slc_layout.sites.site[0].ret_addr == _RET_IP_))
		slc_hook_flush_root_pcpu(sch, rq);
	else
		slc_hook_flush_sch_other(sch, rq, _RET_IP_);
}

/**
 * slc_hook_flush_rq_rf - the same for vendor trees of 2023 and 2024
 * @rq: the runqueue
 * @rf: its struct rq_flags
 *
 * Context: rq lock held, IRQs off.
 */
notrace void slc_hook_flush_rq_rf(void *rq, void *rf)
{
	if (likely(slc_layout.sites.site[0].ret_addr == _RET_IP_))
		slc_hook_flush_root_rq(rq, rf);
	else
		slc_hook_flush_rq_other(rq, rf, _RET_IP_);
}

/* A child's loop in a pick that is not plain, see slc_pick_is_plain(). */
static noinline notrace unsigned long
slc_hook_sub_dispatch_bounded(unsigned long a, unsigned long b, unsigned long c,
			      unsigned long d, unsigned long e, unsigned long f)
{
	struct slc_pick_parent parent;
	unsigned long ret;
	bool fired;

	slc_pick_settle_pending();
	if (slc_pick_refuses_child())
		return false;
	slc_pick_note_parent(&parent);
	do {
		ret = static_call(slc_hook_orig_sub_dispatch)(a, b, c, d, e, f);
		fired = slc_pick_kernel_cap_fired();
	} while (unlikely(fired) && !slc_arch_bool(ret));
	slc_pick_child_over(&parent, slc_arch_bool(ret));
	return ret;
}

/**
 * slc_hook_sub_dispatch - the replacement for scx_bpf_sub_dispatch()
 * @a: first parameter, whatever it is
 * @b: second parameter
 * @c: third parameter
 * @d: fourth parameter
 * @e: fifth parameter
 * @f: sixth parameter
 *
 * The kernel's function runs the loop of a child. In a pick that has used up its
 * rounds the child is not run, and the parent is told that it has no task. If the
 * kernel's own cap ends the child's loop below the limit, the loop is run again.
 *
 * Context: rq lock held, IRQs off.
 * Return: as the kernel's function, of which the lowest byte counts: whether the
 * child dispatched a task that can run.
 */
notrace unsigned long slc_hook_sub_dispatch(unsigned long a, unsigned long b,
					    unsigned long c, unsigned long d,
					    unsigned long e, unsigned long f)
{
	unsigned long ret;

	if (unlikely(!slc_pick_is_plain()))
		return slc_hook_sub_dispatch_bounded(a, b, c, d, e, f);
	ret = static_call(slc_hook_orig_sub_dispatch)(a, b, c, d, e, f);
	if (unlikely(slc_pick_has_looped()))
		slc_pick_child_over(NULL, slc_arch_bool(ret));
	return ret;
}

/**
 * slc_hook_set_originals - tell how to reach the functions that are replaced
 * @flush: address of the instruction of the flush behind the one that ftrace patches
 * @sub_dispatch: the same of scx_bpf_sub_dispatch(), or 0 where there is none
 *
 * A call that enters there is not redirected again.
 *
 * Context: process context, before the hooks are attached.
 */
void slc_hook_set_originals(unsigned long flush, unsigned long sub_dispatch)
{
	static_call_update(slc_hook_orig_flush, (typeof(slc_hook_no_flush) *)flush);
	if (sub_dispatch)
		static_call_update(slc_hook_orig_sub_dispatch,
				   (typeof(slc_hook_no_sub_dispatch) *)sub_dispatch);
}

/**
 * slc_hook_for_flush - the replacement for this kernel's flush
 *
 * Context: any, after the layout has been resolved.
 * Return: a function with the parameters of the kernel's flush_dispatch_buf() or
 * scx_flush_dispatch_buf(). It runs with the rq lock held and IRQs off.
 */
void *slc_hook_for_flush(void)
{
	switch (slc_layout.flush_args) {
	case SLC_FLUSH_SCH_RQ:
		return slc_layout.dspc_at == SLC_DSPC_SCHED ? slc_hook_flush_pcpu :
							      slc_hook_flush_sch_rq;
	case SLC_FLUSH_RQ_RF:
		return slc_hook_flush_rq_rf;
	default:
		return slc_hook_flush_rq;
	}
}
