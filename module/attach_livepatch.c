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

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/static_call.h>

#include "attach.h"
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
	if (ret == -EBUSY)
		scx_owner_tell(targets, nr, why);
	else if (ret)
		snprintf(why, SCX_WHY_LEN, "cannot livepatch %s (error %d)",
			 targets[0].name, ret);
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

/*
 * The kernel holds a reference on the module for as long as it is in use, so there
 * is nothing left to detach when it can be unloaded.
 */
const struct scx_backend scx_attach_livepatch = {
	.name	= "livepatch",
	.attach	= lp_attach,
	.state	= lp_state,
};

MODULE_INFO(livepatch, "Y");
