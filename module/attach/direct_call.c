// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces one function by a direct call of ftrace.
 *
 * BPF programs are attached to functions in the same way. Only this module can take the
 * call off, and no livepatch of the same function can be loaded meanwhile.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../arch/arch.h"
#include "../resolve/ksym.h"
#include "../resolve/why.h"
#include "conflict.h"
#include "direct_call.h"

/*
 * Clear the structure, so that the next registration starts from an unused one: some
 * kernels leave a pointer to the freed filter in it, and after an error what was
 * tried is still there. Walkers of ftrace's list may use it until a grace period of
 * RCU has passed.
 */
static void slc_direct_forget(struct ftrace_ops *ops)
{
	synchronize_rcu();
	ftrace_free_filter(ops);
	memset(ops, 0, sizeof(*ops));
}

static int slc_direct_register(struct slc_direct *direct, unsigned long loc)
{
	struct ftrace_ops *ops = &direct->ops;
	int ret;

	/* Registering would seem to succeed; undoing it would corrupt ftrace's counts. */
	if (slc_ksym_ftrace_is_off())
		return -EBUSY;
	ret = ftrace_set_filter_ip(ops, loc, 0, 1);
	if (ret)
		return ret;
	ret = register_ftrace_direct(ops, (unsigned long)direct->stub);
	if (ret) {
		slc_direct_forget(ops);
		return ret;
	}
	direct->attached = true;
	/*
	 * Without this flag a write to the sysctl ftrace_enabled takes the call off. It
	 * cannot be set earlier, as some kernels overwrite all flags when registering;
	 * so the sysctl may have been written meanwhile, which is checked next.
	 */
	ops->flags |= FTRACE_OPS_FL_PERMANENT;
	if (!slc_arch_is_redirected(loc)) {
		slc_direct_release(direct);
		return -EBUSY;
	}
	return 0;
}

/**
 * slc_direct_attach - replace a function
 * @direct: how, from SLC_DEFINE_DIRECT()
 * @target: the function
 * @why: after an error, what went wrong
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY if another patch owns the function, or ftrace is switched off; or
 * another error of register_ftrace_direct(). After an error the function is as before.
 */
int slc_direct_attach(struct slc_direct *direct, const struct slc_target *target,
		      struct slc_why *why)
{
	int ret;

	/*
	 * Some kernels record the direct call before they notice a livepatch of the same
	 * function, and never forget it: no direct call of that function would be
	 * possible again until a reboot.
	 */
	if (slc_conflict_livepatch(target->name, why))
		return -EBUSY;
	ret = slc_direct_register(direct, target->loc);
	if (ret == -EBUSY)
		slc_conflict_explain(target, 1, why);
	else if (ret)
		slc_why_set(why, ret, "ftrace cannot replace %s (error %d)",
			    target->name, ret);
	return ret;
}

/**
 * slc_direct_detach - put the function back
 * @direct: how it is replaced; does nothing unless it is attached
 *
 * After it no CPU is in the stub or in the gate. Both run with IRQs off: the patched
 * function is called in a scheduling decision. Once the call is gone from it, RCU
 * waits for all CPUs that have IRQs off.
 *
 * Context: process context, may sleep.
 * Return: 0, or an error of unregister_ftrace_direct(): ftrace has shut itself down
 * after a fault of its own. The gate is still in effect then.
 */
int slc_direct_detach(struct slc_direct *direct)
{
	int ret;

	if (!direct->attached)
		return 0;
	ret = unregister_ftrace_direct(&direct->ops,
				       (unsigned long)direct->stub, false);
	if (ret)
		return ret;
	slc_direct_forget(&direct->ops);
	direct->attached = false;
	return 0;
}

/**
 * slc_direct_release - put the function back before the gate is freed
 * @direct: how it is replaced; does nothing unless it is attached
 *
 * If the function cannot be put back the module must stay loaded. All that can keep
 * it there is to never return: rmmod hangs, and the machine goes on.
 *
 * Context: process context, may sleep.
 */
void slc_direct_release(struct slc_direct *direct)
{
	int ret = slc_direct_detach(direct);

	if (!ret)
		return;
	pr_crit("ftrace cannot put a function back (error %d): the module stays loaded until the machine is rebooted\n",
		ret);
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}
