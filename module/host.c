// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the loop again where the kernel's own cap ended it.
 *
 * A limit above the kernel's own cap cannot be had in the loop, as that leaves it
 * after SCX_DSP_MAX_LOOPS rounds whatever the gate does. So the function around
 * the loop is replaced as well, by one that calls it again for as long as it is
 * the cap that ended it, and nothing to run was found. The gate goes on counting.
 *
 * This is a call more for each pick, including those that dispatch nothing, and
 * is done only while such a limit is set. It is always a direct call of ftrace: a
 * livepatch cannot be taken off and put on again.
 *
 * Like gate.c, scx_host() runs with the rq lock held and IRQs off.
 */
#include <linux/errno.h>
#include <linux/static_call.h>

#include "attach.h"
#include "gate.h"
#include "host.h"
#include "layout.h"

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
#include "direct.h"

/*
 * The kernel's function is handed on whatever it is called with, in all the
 * registers that can hold parameters.
 */
static unsigned long host_no_original(unsigned long a, unsigned long b,
				      unsigned long c, unsigned long d,
				      unsigned long e, unsigned long f)
{
	return 0;
}

DEFINE_STATIC_CALL(scx_host_original, host_no_original);

/* The replacement for the function that contains the outermost loop. */
notrace unsigned long scx_host(unsigned long a, unsigned long b,
			       unsigned long c, unsigned long d,
			       unsigned long e, unsigned long f)
{
	unsigned long ret;
	bool cut;

	scx_gate_host_enter();
	do {
		ret = static_call(scx_host_original)(a, b, c, d, e, f);
		cut = scx_gate_was_cut_short();
	} while (unlikely(cut) && !(ret & scx_layout.host_ret));
	/* It found something else to run, as the previous task can go on. */
	if (unlikely(cut))
		scx_gate_pick_is_over();
	scx_gate_host_leave();
	return ret;
}

DEFINE_SCX_DIRECT(scx_host);

/**
 * scx_host_possible - can limits be above the kernel's own?
 *
 * Context: process context, with the layout resolved.
 * Return: true if so.
 */
bool scx_host_possible(void)
{
	struct scx_target target;
	char why[SCX_WHY_LEN];

	return scx_layout.host_ret &&
	       !scx_attach_target(&target, scx_layout.host_name,
				  scx_layout.host, scx_host, why);
}

/**
 * scx_host_attach - from now on, run the loop again if necessary
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * Context: process context, may sleep; not concurrent with itself or
 * scx_host_detach(). Nothing happens if it is in effect.
 * Return: 0; -EBUSY if somebody else has patched the function; or another error.
 */
int scx_host_attach(char *why)
{
	struct scx_target target;
	int ret;

	if (direct_scx_host.attached)
		return 0;
	ret = scx_attach_target(&target, scx_layout.host_name, scx_layout.host,
				scx_host, why);
	if (ret)
		return ret;
	static_call_update(scx_host_original,
			   (typeof(host_no_original) *)(target.loc +
							MCOUNT_INSN_SIZE));
	return scx_direct_attach(&direct_scx_host, &target, why);
}

/**
 * scx_host_detach - let the kernel's own cap end loops again
 *
 * If ftrace cannot do it any more, the function remains replaced. That is harmless as
 * long as the module is there: nothing is run again without such a limit.
 *
 * Context: as scx_host_attach(); no limit above the kernel's own may be set.
 */
void scx_host_detach(void)
{
	scx_direct_detach(&direct_scx_host);
}

/**
 * scx_host_release - the same, as the module is about to go
 *
 * Context: as scx_host_attach(); nobody can set a limit any more.
 */
void scx_host_release(void)
{
	scx_direct_release(&direct_scx_host);
}

#else /* CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS */

bool scx_host_possible(void)
{
	return false;
}

int scx_host_attach(char *why)
{
	return -EOPNOTSUPP;
}

void scx_host_detach(void)
{
}

void scx_host_release(void)
{
}

#endif /* CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS */
