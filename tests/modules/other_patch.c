// SPDX-License-Identifier: GPL-2.0
/*
 * A livepatch by somebody else, for the tests: it patches the same function as
 * scx_loop_cap, on top of it or in its stead. The replacement does nothing at
 * all, so no sched_ext scheduler may run meanwhile.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

static char *func = "";
module_param(func, charp, 0444);
MODULE_PARM_DESC(func, "name of the function to patch");

static bool replace;
module_param(replace, bool, 0444);
MODULE_PARM_DESC(replace, "take the place of all other livepatches");

static void other_replacement(void)
{
}

static struct klp_func funcs[] = {
	{ .new_func = other_replacement },
	{ }
};

static struct klp_object objs[] = {
	{ .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init other_init(void)
{
	funcs[0].old_name = func;
	patch.replace = replace;
	return klp_enable_patch(&patch);
}

static void __exit other_exit(void)
{
}

module_init(other_init);
module_exit(other_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Livepatch that conflicts with scx_loop_cap, for its tests");
MODULE_INFO(livepatch, "Y");
