// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces a function by a direct call of ftrace.
 *
 * This is how BPF programs are attached to functions. Nobody can take it off
 * again but us, and no livepatch of the same function can be loaded meanwhile.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <asm/text-patching.h>

#include "direct.h"
#include "ksym.h"
#include "layout.h"
#include "owner.h"

/*
 * Does the function call anything at its entry, as it does once it is patched? A
 * breakpoint is there while somebody else has it call another thing.
 */
static bool direct_in_effect(unsigned long loc)
{
	u8 opcode;

	return !copy_from_kernel_nofault(&opcode, (const void *)loc,
					 sizeof(opcode)) &&
	       (opcode == CALL_INSN_OPCODE || opcode == INT3_INSN_OPCODE);
}

/*
 * Have ftrace see the structure for the first time when it is used again: some kernels
 * still point to a filter that was freed, and after an error what was tried is still
 * there. Who walks ftrace's list may be at it until RCU says otherwise.
 */
static void direct_forget(struct ftrace_ops *ops)
{
	synchronize_rcu();
	ftrace_free_filter(ops);
	memset(ops, 0, sizeof(*ops));
}

static int direct_register(struct scx_direct *direct, unsigned long loc)
{
	struct ftrace_ops *ops = &direct->ops;
	int ret;

	/* It would seem to succeed, and leave ftrace confused once it is undone. */
	if (scx_ksym_ftrace_is_off())
		return -EBUSY;
	ret = ftrace_set_filter_ip(ops, loc, 0, 1);
	if (ret)
		return ret;
	ret = register_ftrace_direct(ops, (unsigned long)direct->stub);
	if (ret) {
		direct_forget(ops);
		return ret;
	}
	direct->attached = true;
	/*
	 * Otherwise writing to the sysctl ftrace_enabled would take it off. Not
	 * before, as some kernels set all flags anew; and it may have been written
	 * to already.
	 */
	ops->flags |= FTRACE_OPS_FL_PERMANENT;
	if (!direct_in_effect(loc)) {
		scx_direct_release(direct);
		return -EBUSY;
	}
	return 0;
}

/**
 * scx_direct_attach - replace a function
 * @direct: by the gate that it was defined for
 * @target: the function
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY if somebody else has patched the function, or ftrace is
 * switched off; or another error of register_ftrace_direct(). After an error the
 * function is as before.
 */
int scx_direct_attach(struct scx_direct *direct, const struct scx_target *target,
		      char *why)
{
	int ret;

	/*
	 * Some kernels notice a livepatch only when the direct call is already noted,
	 * and never forget it: nobody could ever have one at this function again.
	 */
	if (scx_owner_livepatch(target->name, why))
		return -EBUSY;
	ret = direct_register(direct, target->loc);
	if (ret == -EBUSY)
		scx_owner_tell(target, 1, why);
	else if (ret)
		snprintf(why, SCX_WHY_LEN, "ftrace cannot replace %s (error %d)",
			 target->name, ret);
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
 * Return: 0, or an error of unregister_ftrace_direct(): ftrace has shut itself down
 * after a fault of its own. The gate is still in effect then.
 */
int scx_direct_detach(struct scx_direct *direct)
{
	int ret;

	if (!direct->attached)
		return 0;
	ret = unregister_ftrace_direct(&direct->ops,
				       (unsigned long)direct->stub, false);
	if (ret)
		return ret;
	direct_forget(&direct->ops);
	direct->attached = false;
	return 0;
}

/**
 * scx_direct_release - put the function back, as the gate is about to be freed
 * @direct: nothing happens unless it is attached
 *
 * If the function cannot be put back, the module must stay, and this is the only way
 * to have it stay: whoever removes it waits for ever. The machine goes on.
 *
 * Context: process context, may sleep.
 */
void scx_direct_release(struct scx_direct *direct)
{
	int ret = scx_direct_detach(direct);

	if (!ret)
		return;
	pr_crit("ftrace cannot take a function off (error %d): the module has to stay until the machine is rebooted\n",
		ret);
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}
