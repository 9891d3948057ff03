// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the gate in the place of the kernel's flush, as a livepatch.
 *
 * The kernel moves all tasks over at a safe point, shows the patch under
 * /sys/kernel/livepatch, and lets an administrator switch it off there. It
 * holds a reference on the module until no task can be in the replacement any
 * more.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/static_call.h>

#include "attach.h"
#include "gate.h"
#include "ksym.h"
#include "layout.h"
#include "stats.h"

/* Length of an ENDBR64, which may come before the instruction ftrace patches. */
#define ENDBR_LEN	4

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

/* Head of the stack of patches for our function, valid while we are on it. */
static const struct list_head *lp_stack;

static struct klp_func lp_funcs[] = {
	{ },	/* filled in by scx_attach() */
	{ }
};

static int lp_pre_patch(struct klp_object *obj)
{
	void *old_func = lp_funcs[0].old_func;

	/* The original is called directly, past any patch that came before. */
	if (static_call(scx_klp_find_ops)(old_func)) {
		pr_err("another livepatch has replaced %s\n",
		       lp_funcs[0].old_name);
		return -EBUSY;
	}
	if (old_func != (void *)scx_layout.flush) {
		pr_err("livepatch and kallsyms disagree about %s\n",
		       lp_funcs[0].old_name);
		return -EOPNOTSUPP;
	}
	WRITE_ONCE(lp_phase, LP_LOADING);
	return 0;
}

static void lp_post_patch(struct klp_object *obj)
{
	/*
	 * Only one patch is in transition at a time, so right now ours is the
	 * latest for the function and its predecessor is the list's head.
	 */
	WRITE_ONCE(lp_stack, lp_funcs[0].stack_node.prev);
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

/**
 * scx_attach - replace the kernel's flush with the gate
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * Context: process context, may sleep; once, while the module loads, with the
 * layout resolved.
 * Return: 0; -EOPNOTSUPP if the function cannot be patched; -EBUSY if somebody
 * else has patched it; or another error of klp_enable_patch(). After an error
 * nothing is patched.
 */
int scx_attach(char *why)
{
	unsigned long find_ops, loc;
	int ret;

	find_ops = scx_ksym_lookup("klp_find_ops");
	if (!find_ops) {
		snprintf(why, SCX_WHY_LEN, "no symbol klp_find_ops");
		return -EOPNOTSUPP;
	}
	static_call_update(scx_klp_find_ops,
			   (typeof(scx_klp_find_ops_proto) *)find_ops);

	loc = scx_ksym_ftrace_location(scx_layout.flush);
	if (loc != scx_layout.flush && loc != scx_layout.flush + ENDBR_LEN) {
		snprintf(why, SCX_WHY_LEN, "ftrace cannot patch %s at its entry",
			 scx_layout.flush_name);
		return -EOPNOTSUPP;
	}
	scx_gate_set_original(loc + MCOUNT_INSN_SIZE);

	lp_funcs[0].old_name = scx_layout.flush_name;
	lp_funcs[0].new_func = scx_gate_entry();
	ret = klp_enable_patch(&lp_patch);
	if (ret == -EBUSY)
		snprintf(why, SCX_WHY_LEN, "somebody else has patched %s",
			 scx_layout.flush_name);
	else if (ret)
		snprintf(why, SCX_WHY_LEN, "cannot livepatch %s (error %d)",
			 scx_layout.flush_name, ret);
	return ret;
}

/**
 * scx_attach_state - is the gate in effect?
 *
 * Context: process context.
 * Return: a word as described for "state" in docs/abi.md.
 */
const char *scx_attach_state(void)
{
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
	if (READ_ONCE(lp_funcs[0].stack_node.prev) != READ_ONCE(lp_stack))
		return "replaced";
	if (scx_stats_unknown_callers())
		return "degraded";
	return "active";
}

/**
 * scx_attach_backend - how the gate is attached
 *
 * Context: any.
 * Return: a word as described for "backend" in docs/abi.md.
 */
const char *scx_attach_backend(void)
{
	return "livepatch";
}

MODULE_INFO(livepatch, "Y");
