// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the gate in the place of the kernel's functions, as a livepatch.
 *
 * The kernel moves all tasks over at a safe point, shows the patch under
 * /sys/kernel/livepatch, and lets an administrator switch it off there. It
 * holds a reference on the module until no task can be in the replacement any
 * more.
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

#include "attach.h"
#include "compat.h"
#include "ksym.h"
#include "layout.h"
#include "owner.h"
#include "stats.h"

/* Returns what livepatch knows of a function; see kernel/livepatch/patch.h. */
struct klp_ops *scx_klp_find_ops_proto(void *old_func);
DEFINE_STATIC_CALL_NULL(scx_klp_find_ops, scx_klp_find_ops_proto);

/* Where the patch is in its life, as its callbacks tell. */
static enum {
	LP_LOADING,
	LP_PATCHED,
	LP_UNPATCHING,
	LP_UNPATCHED,
} lp_phase = LP_LOADING;

/*
 * The functions that are replaced, in the order of lp_targets; filled in by
 * lp_attach(). The last entry is the end of the list.
 */
static struct klp_func lp_funcs[SCX_TARGETS_MAX + 1];

static struct lp_target {
	unsigned long		addr;
	/* Head of the stack of patches for it, valid while we are on it. */
	const struct list_head	*stack;
} lp_targets[SCX_TARGETS_MAX];
static unsigned int lp_nr;

/* Longest wait for exiting tasks, in seconds; see lp_wait_for_the_dead(). */
#define LP_WAIT_S	5

static DECLARE_COMPLETION(lp_dead_gone);

static void lp_dead_are_gone(struct rcu_head *head)
{
	complete(&lp_dead_gone);
}

/*
 * A task that exits is in no list any more when it is switched away from for the last
 * time. Livepatch did not mark it when the transition began, and warns if it meets it
 * in a function that is in transition, which scheduling is full of. When this is
 * called no function is patched yet; RCU tasks wait for those that are exiting. They
 * may be starved by the very scheduler that is to be bounded, so there is an end to
 * the wait.
 *
 * There is no such chance when the patch is switched off.
 */
static void lp_wait_for_the_dead(void)
{
	static struct rcu_head head;

	call_rcu_tasks(&head, lp_dead_are_gone);
	wait_for_completion_timeout(&lp_dead_gone, LP_WAIT_S * HZ);
}

static int lp_pre_patch(struct klp_object *obj)
{
	unsigned int i;

	for (i = 0; i < lp_nr; i++) {
		void *old_func = lp_funcs[i].old_func;

		/* The original is called directly, past an earlier patch. */
		if (static_call(scx_klp_find_ops)(old_func)) {
			pr_err("another livepatch has replaced %s\n",
			       lp_funcs[i].old_name);
			return -EBUSY;
		}
		if (old_func != (void *)lp_targets[i].addr) {
			pr_err("livepatch and kallsyms disagree about %s\n",
			       lp_funcs[i].old_name);
			return -EOPNOTSUPP;
		}
	}
	lp_wait_for_the_dead();
	WRITE_ONCE(lp_phase, LP_LOADING);
	return 0;
}

static void lp_post_patch(struct klp_object *obj)
{
	unsigned int i;

	/*
	 * Only one patch is in transition at a time, so right now ours is the
	 * latest for the function and its predecessor is the list's head.
	 */
	for (i = 0; i < lp_nr; i++)
		WRITE_ONCE(lp_targets[i].stack, lp_funcs[i].stack_node.prev);
	WRITE_ONCE(lp_phase, LP_PATCHED);
}

static void lp_pre_unpatch(struct klp_object *obj)
{
	WRITE_ONCE(lp_phase, LP_UNPATCHING);
}

static void lp_post_unpatch(struct klp_object *obj)
{
	WRITE_ONCE(lp_phase, LP_UNPATCHED);
}

static struct klp_object lp_objs[] = {
	{
		.funcs = lp_funcs,
		.callbacks = {
			.pre_patch	= lp_pre_patch,
			.post_patch	= lp_post_patch,
			.pre_unpatch	= lp_pre_unpatch,
			.post_unpatch	= lp_post_unpatch,
		},
	},
	{ }
};

static struct klp_patch lp_patch = {
	.mod	= THIS_MODULE,
	.objs	= lp_objs,
};

/* See lp_wait_for_the_dead(): here a warning of the kernel is a crash. */
static void lp_warn_of_panic(void)
{
	if (scx_ksym_int("panic_on_warn", 0))
		pr_warn("panic_on_warn is set: taking a livepatch off while tasks exit can trip a warning of the kernel; backend=direct cannot\n");
}

/*
 * The kernel holds a reference on the module for as long as the patch is in use, so
 * only a wait that was given up may be left when it can be unloaded.
 */
static void lp_detach(void)
{
	rcu_barrier_tasks();
}

static int lp_attach(const struct scx_target *targets, unsigned int nr, char *why)
{
	unsigned long find_ops = scx_ksym_lookup("klp_find_ops");
	int ret;

	if (!find_ops) {
		snprintf(why, SCX_WHY_LEN, "no symbol klp_find_ops");
		return -EOPNOTSUPP;
	}
	static_call_update(scx_klp_find_ops,
			   (typeof(scx_klp_find_ops_proto) *)find_ops);

	for (lp_nr = 0; lp_nr < nr; lp_nr++) {
		lp_targets[lp_nr].addr = targets[lp_nr].addr;
		lp_funcs[lp_nr].old_name = targets[lp_nr].name;
		lp_funcs[lp_nr].new_func = targets[lp_nr].gate;
	}
	ret = klp_enable_patch(&lp_patch);
	if (!ret) {
		lp_warn_of_panic();
		return 0;
	}
	lp_detach();
	if (ret != -EBUSY)
		snprintf(why, SCX_WHY_LEN, "cannot livepatch %s (error %d)",
			 targets[0].name, ret);
	else if (!scx_owner_in_transition(why))
		scx_owner_tell(targets, nr, why);
	return ret;
}

static const char *lp_state(void)
{
	unsigned int i;

	switch (READ_ONCE(lp_phase)) {
	case LP_LOADING:
	case LP_UNPATCHING:
		return "transition";
	case LP_UNPATCHED:
		return "disabled";
	case LP_PATCHED:
		break;
	}
	/* A patch that replaces all others switches ours off without a callback. */
	if (!READ_ONCE(lp_patch.enabled))
		return "replaced";
	/* A later patch for the same function goes on top of ours. */
	for (i = 0; i < lp_nr; i++) {
		if (READ_ONCE(lp_funcs[i].stack_node.prev) !=
		    READ_ONCE(lp_targets[i].stack))
			return "replaced";
	}
	if (scx_stats_unknown_callers())
		return "degraded";
	return "active";
}

const struct scx_backend scx_attach_livepatch = {
	.name	= "livepatch",
	.attach	= lp_attach,
	.detach	= lp_detach,
	.state	= lp_state,
};

MODULE_INFO(livepatch, "Y");
