// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a loop again that the kernel's own cap ended below the limit.
 *
 * The kernel leaves its loop after SCX_DSP_MAX_LOOPS rounds whatever the gate does.
 * For a limit above that, attach/host.c replaces the host, the function that
 * contains the outermost loop: balance_scx() upstream, later do_pick_task_scx().
 * The replacement calls the original again for as long as the kernel's cap ended
 * the loop and no task to run was found. The gate goes on counting.
 *
 * Like pick.c this runs with the rq lock held and IRQs off.
 */
#include <linux/compiler.h>
#include <linux/static_call.h>

#include "../resolve/layout.h"
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

/**
 * slc_rerun_host - the replacement for the host
 * @a: first parameter, whatever it is
 * @b: second parameter
 * @c: third parameter
 * @d: fourth parameter
 * @e: fifth parameter
 * @f: sixth parameter
 *
 * Context: rq lock held, IRQs off.
 * Return: as the kernel's function.
 */
notrace unsigned long slc_rerun_host(unsigned long a, unsigned long b,
				     unsigned long c, unsigned long d,
				     unsigned long e, unsigned long f)
{
	unsigned long ret;
	bool fired;

	slc_pick_arm_rerun();
	do {
		ret = static_call(slc_rerun_orig_host)(a, b, c, d, e, f);
		fired = slc_pick_kernel_cap_fired();
	} while (unlikely(fired) && !(ret & slc_layout.host_ret));
	/* It found another task to run: the previous one can go on. */
	if (unlikely(fired))
		slc_pick_finish();
	slc_pick_disarm_rerun();
	return ret;
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
