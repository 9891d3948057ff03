// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces a function by a direct call of ftrace.
 *
 * This is how BPF programs are attached to functions. Nobody can take it off
 * again but us, and no livepatch of the same function can be loaded meanwhile.
 */
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/rcupdate.h>

#include "direct.h"

/**
 * scx_direct_attach - replace a function
 * @direct: by the gate that it was defined for
 * @loc: the instruction in the function that ftrace patches
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY if somebody else has patched the function; or another error
 * of register_ftrace_direct(). After an error the function is as before.
 */
int scx_direct_attach(struct scx_direct *direct, unsigned long loc)
{
	int ret;

	/* Otherwise writing to the sysctl ftrace_enabled would take it off. */
	direct->ops.flags |= FTRACE_OPS_FL_PERMANENT;
	ret = ftrace_set_filter_ip(&direct->ops, loc, 0, 1);
	if (!ret)
		ret = register_ftrace_direct(&direct->ops,
					     (unsigned long)direct->stub);
	if (ret)
		ftrace_free_filter(&direct->ops);
	direct->attached = !ret;
	return ret;
}

/**
 * scx_direct_detach - put the function back
 * @direct: nothing happens unless it is attached
 *
 * Nothing can be left in the stub or the gate after it. Both run with IRQs off,
 * from the call in the patched function, which is in a scheduling decision, until
 * the gate returns there. Once the call is gone from the function, RCU waits for
 * all CPUs that have IRQs off.
 *
 * Context: process context, may sleep.
 */
void scx_direct_detach(struct scx_direct *direct)
{
	if (!direct->attached)
		return;
	unregister_ftrace_direct(&direct->ops, (unsigned long)direct->stub,
				 true);
	synchronize_rcu();
	direct->attached = false;
}
