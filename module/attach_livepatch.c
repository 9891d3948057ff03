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

/*
 * The functions that are replaced, in the order of lp_targets; filled in by
 * scx_attach(). The last entry is the end of the list.
 */
#define LP_TARGETS	2
static struct klp_func lp_funcs[LP_TARGETS + 1];

static struct lp_target {
	unsigned long		addr;
	/* Head of the stack of patches for it, valid while we are on it. */
	const struct list_head	*stack;
} lp_targets[LP_TARGETS];
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

/*
 * Add a function to the patch. Return the address behind the instruction that
 * ftrace patches, or 0 if it cannot be patched, and then say why.
 */
static unsigned long lp_add(const char *name, unsigned long addr, void *new_func,
			    char *why)
{
	unsigned long loc = scx_ksym_ftrace_location(addr);

	if (loc != addr && loc != addr + ENDBR_LEN) {
		snprintf(why, SCX_WHY_LEN, "ftrace cannot patch %s at its entry",
			 name);
		return 0;
	}
	lp_targets[lp_nr].addr = addr;
	lp_funcs[lp_nr].old_name = name;
	lp_funcs[lp_nr].new_func = new_func;
	lp_nr++;
	return loc + MCOUNT_INSN_SIZE;
}

/**
 * scx_attach - replace the kernel's flush, and scx_bpf_sub_dispatch(), by ours
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * Context: process context, may sleep; once, while the module loads, with the
 * layout resolved.
 * Return: 0; -EOPNOTSUPP if a function cannot be patched; -EBUSY if somebody
 * else has patched it; or another error of klp_enable_patch(). After an error
 * nothing is patched.
 */
int scx_attach(char *why)
{
	unsigned long find_ops, flush, sub_dispatch = 0;
	int ret;

	find_ops = scx_ksym_lookup("klp_find_ops");
	if (!find_ops) {
		snprintf(why, SCX_WHY_LEN, "no symbol klp_find_ops");
		return -EOPNOTSUPP;
	}
	static_call_update(scx_klp_find_ops,
			   (typeof(scx_klp_find_ops_proto) *)find_ops);

	flush = lp_add(scx_layout.flush_name, scx_layout.flush,
		       scx_gate_flush(), why);
	if (!flush)
		return -EOPNOTSUPP;
	if (scx_layout.nested_site) {
		sub_dispatch = lp_add("scx_bpf_sub_dispatch",
				      scx_layout.sub_dispatch,
				      scx_gate_sub_dispatch(), why);
		if (!sub_dispatch)
			return -EOPNOTSUPP;
	}
	scx_gate_set_original(flush, sub_dispatch);

	ret = klp_enable_patch(&lp_patch);
	if (ret == -EBUSY)
		snprintf(why, SCX_WHY_LEN, "somebody else has patched %s%s",
			 scx_layout.flush_name,
			 sub_dispatch ? " or scx_bpf_sub_dispatch" : "");
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
