// SPDX-License-Identifier: GPL-2.0
/*
 * The backend "livepatch": puts the gate in place of the kernel's functions as a
 * livepatch.
 *
 * The kernel moves all tasks over at a safe point, shows the patch under
 * /sys/kernel/livepatch, and lets an administrator switch it off there. It holds a
 * reference on the module for as long as a task can be in the replacement.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compiler.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>

#include "../compat.h"
#include "../report/stats.h"
#include "../resolve/ksym.h"
#include "../resolve/why.h"
#include "attach.h"
#include "conflict.h"

/* klp_find_ops() of kernel/livepatch/patch.h; its result is only tested for NULL. */
struct klp_ops *slc_klp_find_ops_proto(void *old_func);
DEFINE_STATIC_CALL_NULL(slc_klp_find_ops, slc_klp_find_ops_proto);

/* Where the patch is in its life; written by its callbacks. */
static enum {
	SLC_LP_LOADING,
	SLC_LP_PATCHED,
	SLC_LP_UNPATCHING,
	SLC_LP_UNPATCHED,
} slc_lp_phase = SLC_LP_LOADING;

/*
 * The functions that are replaced, in the order of slc_lp_targets; filled in by
 * slc_lp_attach(). The last entry ends the list.
 */
static struct klp_func slc_lp_funcs[SLC_TARGETS_MAX + 1];

static struct slc_lp_target {
	unsigned long		addr;
	/* Head of the stack of patches for it, valid while this patch is on it. */
	const struct list_head	*stack;
} slc_lp_targets[SLC_TARGETS_MAX];
static unsigned int slc_lp_nr;

/* Longest wait for exiting tasks, in seconds; see slc_lp_wait_exiting_tasks(). */
#define SLC_LP_WAIT_S	5

static DECLARE_COMPLETION(slc_lp_exiting_gone);
static struct rcu_head slc_lp_rcu_head;

static void slc_lp_exits_done(struct rcu_head *head)
{
	complete(&slc_lp_exiting_gone);
}

/*
 * A task that exits is in no list any more when the CPU switches away from it for the
 * last time. Livepatch did not mark it when the transition began, and warns when it
 * meets it in a function that is in transition, as the flush is. When this is called
 * no function is patched yet. RCU tasks waits for exiting tasks. The scheduler that
 * is to be bounded may starve them, so the wait is bounded.
 *
 * The patch cannot wait like this when it is switched off.
 */
static void slc_lp_wait_exiting_tasks(void)
{
	call_rcu_tasks(&slc_lp_rcu_head, slc_lp_exits_done);
	wait_for_completion_timeout(&slc_lp_exiting_gone, SLC_LP_WAIT_S * HZ);
}

static int slc_lp_pre_patch(struct klp_object *obj)
{
	unsigned int i;

	for (i = 0; i < slc_lp_nr; i++) {
		void *old_func = slc_lp_funcs[i].old_func;

		/* The gate calls the original, which would bypass an earlier patch. */
		if (static_call(slc_klp_find_ops)(old_func)) {
			pr_err("another livepatch has replaced %s\n",
			       slc_lp_funcs[i].old_name);
			return -EBUSY;
		}
		if (old_func != (void *)slc_lp_targets[i].addr) {
			pr_err("livepatch and kallsyms disagree about %s\n",
			       slc_lp_funcs[i].old_name);
			return -EOPNOTSUPP;
		}
	}
	slc_lp_wait_exiting_tasks();
	WRITE_ONCE(slc_lp_phase, SLC_LP_LOADING);
	return 0;
}

static void slc_lp_post_patch(struct klp_object *obj)
{
	unsigned int i;

	/*
	 * Only one patch is in transition at a time, so this is the latest for the
	 * function now, and its predecessor is the head of the list.
	 */
	for (i = 0; i < slc_lp_nr; i++)
		WRITE_ONCE(slc_lp_targets[i].stack, slc_lp_funcs[i].stack_node.prev);
	WRITE_ONCE(slc_lp_phase, SLC_LP_PATCHED);
}

static void slc_lp_pre_unpatch(struct klp_object *obj)
{
	WRITE_ONCE(slc_lp_phase, SLC_LP_UNPATCHING);
}

static void slc_lp_post_unpatch(struct klp_object *obj)
{
	WRITE_ONCE(slc_lp_phase, SLC_LP_UNPATCHED);
}

static struct klp_object slc_lp_objs[] = {
	{
		.funcs = slc_lp_funcs,
		.callbacks = {
			.pre_patch	= slc_lp_pre_patch,
			.post_patch	= slc_lp_post_patch,
			.pre_unpatch	= slc_lp_pre_unpatch,
			.post_unpatch	= slc_lp_post_unpatch,
		},
	},
	{ }
};

static struct klp_patch slc_lp_patch = {
	.mod	= THIS_MODULE,
	.objs	= slc_lp_objs,
};

/* See slc_lp_wait_exiting_tasks(): with this sysctl that warning is a crash. */
static void slc_lp_warn_panic_on_warn(void)
{
	if (slc_ksym_int("panic_on_warn", 0))
		pr_warn("panic_on_warn is set: switching off this livepatch while tasks exit can trigger a warning of the kernel; use backend=direct\n");
}

/*
 * The kernel holds a reference on the module for as long as the patch is in use. What
 * may be left when it can be unloaded is the callback of a wait that timed out.
 */
static void slc_lp_detach(void)
{
	rcu_barrier_tasks();
}

static int slc_lp_attach(const struct slc_target *targets, unsigned int nr, struct slc_why *why)
{
	unsigned long find_ops = slc_ksym_lookup("klp_find_ops");
	int ret;

	if (!find_ops)
		return slc_why_set(why, -EOPNOTSUPP, "no symbol klp_find_ops");
	static_call_update(slc_klp_find_ops,
			   (typeof(slc_klp_find_ops_proto) *)find_ops);

	for (slc_lp_nr = 0; slc_lp_nr < nr; slc_lp_nr++) {
		slc_lp_targets[slc_lp_nr].addr = targets[slc_lp_nr].addr;
		slc_lp_funcs[slc_lp_nr].old_name = targets[slc_lp_nr].name;
		slc_lp_funcs[slc_lp_nr].new_func = targets[slc_lp_nr].gate;
	}
	ret = klp_enable_patch(&slc_lp_patch);
	if (!ret) {
		slc_lp_warn_panic_on_warn();
		return 0;
	}
	slc_lp_detach();
	if (ret != -EBUSY)
		slc_why_set(why, ret, "cannot livepatch %s (error %d)",
			    targets[0].name, ret);
	else if (!slc_conflict_transition(why))
		slc_conflict_explain(targets, nr, why);
	return ret;
}

static const char *slc_lp_state(void)
{
	unsigned int i;

	switch (READ_ONCE(slc_lp_phase)) {
	case SLC_LP_LOADING:
	case SLC_LP_UNPATCHING:
		return "transition";
	case SLC_LP_UNPATCHED:
		return "disabled";
	case SLC_LP_PATCHED:
		break;
	}
	/* A patch with .replace = true switches this one off without a callback. */
	if (!READ_ONCE(slc_lp_patch.enabled))
		return "replaced";
	/* A later patch for the same function goes on top of this one. */
	for (i = 0; i < slc_lp_nr; i++) {
		if (READ_ONCE(slc_lp_funcs[i].stack_node.prev) !=
		    READ_ONCE(slc_lp_targets[i].stack))
			return "replaced";
	}
	if (slc_stats_unknown_callers())
		return "degraded";
	return "active";
}

const struct slc_backend slc_backend_livepatch = {
	.name	= "livepatch",
	.attach	= slc_lp_attach,
	.detach	= slc_lp_detach,
	.state	= slc_lp_state,
};

MODULE_INFO(livepatch, "Y");
