// SPDX-License-Identifier: GPL-2.0
/*
 * What is done around the host: a loop that the kernel's own cap ended below the limit
 * is run again, and the selection of a core that used up its rounds is not.
 *
 * The kernel leaves its loop after SCX_DSP_MAX_LOOPS rounds whatever the gate does.
 * For a limit above that, attach/host.c replaces the host, the function that
 * contains the outermost loop: balance_scx() upstream, later do_pick_task_scx().
 * The replacement calls the original again for as long as the kernel's cap ended
 * the loop and no task to run was found. The gate goes on counting.
 *
 * The host may have queued balance callbacks. They have to run before the rq lock is
 * dropped, which a dispatch may do, so the host is not run again while there are any. Nor
 * is it if the rq lock was dropped and another CPU marked the rq's clock as out of date
 * meanwhile: the host reads the clock first.
 *
 * Up to 7.1 the host may contain the loops of all CPUs of the core. It is run again for that
 * of its own runqueue only: otherwise the loops would begin anew for each other, for ever.
 *
 * With core scheduling a CPU selects tasks for all CPUs of its core. If a dispatch dropped
 * the rq lock, 7.2 and later (dispatch_core_pick()) begin the whole selection again with
 * interrupts still off. As long as other CPUs feed the scheduler tasks that it moves
 * away, that does not end. There the replacement is in place with any limit.
 *
 * Like pick.c this runs with the rq lock held and IRQs off.
 */
#include <linux/compiler.h>
#include <linux/static_call.h>

#include "../resolve/layout.h"
#include "hit.h"
#include "pick.h"
#include "rerun.h"

/*
 * The parameters of the host are handed on unseen, in all registers that can hold
 * any.
 */
static unsigned long slc_rerun_no_host(unsigned long a, unsigned long b,
				       unsigned long c, unsigned long d,
				       unsigned long e, unsigned long f)
{
	return 0;
}

DEFINE_STATIC_CALL(slc_rerun_orig_host, slc_rerun_no_host);

/* Which parameter is the rq? */
static __always_inline const void *slc_rerun_rq(unsigned long a, unsigned long b)
{
	return (const void *)(slc_layout.host_rq ? b : a);
}

/* Is the limit above the kernel's own cap? */
static __always_inline bool slc_rerun_above(void)
{
	return slc_layout.kernel_limit &&
	       READ_ONCE(slc_gate_limit) > slc_layout.kernel_limit;
}

/* Can the kernel restart the selection that @rq is part of? */
static __always_inline bool slc_rerun_restarts(const void *rq)
{
	return slc_layout.restarts && slc_pick_is_core_wide(rq);
}

/* Run the host, and what is to be done around it. */
static noinline notrace unsigned long slc_rerun_around(unsigned long a, unsigned long b,
						       unsigned long c, unsigned long d,
						       unsigned long e, unsigned long f)
{
	const void *rq = slc_rerun_rq(a, b);
	u64 rounds = slc_pick_rounds_so_far();
	bool above = slc_rerun_above();
	u32 clock = slc_layout_u32(rq, slc_layout.rq_clock_flags);
	unsigned long ret;
	u32 drops = 0;
	bool fired;

	if (slc_layout.restarts) {
		if (slc_pick_refuses_host(rq)) {
			slc_hit_kick(rq, true);
			return 0;
		}
		drops = slc_layout_u32(rq, slc_layout.rq_lock_drop_seq);
		slc_pick_host_begins();
	}
	if (above)
		slc_pick_arm_rerun();
	do {
		ret = static_call(slc_rerun_orig_host)(a, b, c, d, e, f);
		/* The host may have run the loops of siblings, too: see the top. */
		fired = slc_pick_kernel_cap_fired() && slc_pick_is_for(rq);
	} while (unlikely(fired) && !(ret & slc_layout.host_ret) &&
		 !slc_layout_ptr(rq, slc_layout.rq_balance_callback) &&
		 slc_layout_u32(rq, slc_layout.rq_clock_flags) == clock);
	/* If the gate did not see the end of its loop, the next one would be taken for it. */
	slc_pick_finish();
	if (above)
		slc_pick_disarm_rerun();
	if (slc_rerun_restarts(rq) &&
	    slc_layout_u32(rq, slc_layout.rq_lock_drop_seq) != drops)
		slc_pick_restarted(rq, slc_pick_rounds_so_far() - rounds);
	return ret;
}

/**
 * slc_rerun_host - the replacement for the host
 * @a: first parameter, whatever it is
 * @b: second parameter
 * @c: third parameter
 * @d: fourth parameter
 * @e: fifth parameter
 * @f: sixth parameter
 *
 * Every pick comes here. If there is nothing to do this jumps to the kernel's function.
 *
 * Context: rq lock held, IRQs off.
 * Return: as the kernel's function.
 */
notrace unsigned long slc_rerun_host(unsigned long a, unsigned long b,
				     unsigned long c, unsigned long d,
				     unsigned long e, unsigned long f)
{
	if (likely(!slc_rerun_above() && !slc_rerun_restarts(slc_rerun_rq(a, b))))
		return static_call(slc_rerun_orig_host)(a, b, c, d, e, f);
	return slc_rerun_around(a, b, c, d, e, f);
}

/**
 * slc_rerun_set_original - tell how to reach the host
 * @host: address of its instruction behind the one that ftrace patches
 *
 * Context: process context, before slc_rerun_host() is attached.
 */
void slc_rerun_set_original(unsigned long host)
{
	static_call_update(slc_rerun_orig_host, (typeof(slc_rerun_no_host) *)host);
}
