// SPDX-License-Identifier: GPL-2.0
/*
 * Another livepatch of a function that scx_loop_cap patches, for the tests. Its
 * replacement does nothing, so no sched_ext scheduler may run while it is loaded.
 *
 * With wrap=1 the replacement jumps to the original, and costs as much as a
 * livepatch with a changed copy of the function.
 */
#include <linux/ftrace.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/static_call.h>
#include <linux/string.h>

static char *func = "";
module_param(func, charp, 0444);
MODULE_PARM_DESC(func, "name of the function to patch");

static bool replace;
module_param(replace, bool, 0444);
MODULE_PARM_DESC(replace, "replace all other livepatches");

static bool wrap;
module_param(wrap, bool, 0444);
MODULE_PARM_DESC(wrap, "call the original, which has up to six parameters");

static void other_replacement(void)
{
}

static unsigned long no_original(unsigned long a, unsigned long b,
				 unsigned long c, unsigned long d,
				 unsigned long e, unsigned long f)
{
	return 0;
}

DEFINE_STATIC_CALL(other_original, no_original);

static notrace unsigned long other_wrapper(unsigned long a, unsigned long b,
					   unsigned long c, unsigned long d,
					   unsigned long e, unsigned long f)
{
	return static_call(other_original)(a, b, c, d, e, f);
}

static struct klp_func funcs[] = {
	{ .new_func = other_replacement },
	{ }
};

/* Call the original behind the instruction that ftrace patches, which must still be a NOP. */
static int other_pre_patch(struct klp_object *obj)
{
	static const u8 nop[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	unsigned long addr = (unsigned long)funcs[0].old_func;

	/* an ENDBR64, or the instruction that replaced it, may come first */
	if (memcmp((void *)addr, nop, sizeof(nop)))
		addr += 4;
	if (memcmp((void *)addr, nop, sizeof(nop)))
		return -EBUSY;
	static_call_update(other_original,
			   (typeof(no_original) *)(addr + MCOUNT_INSN_SIZE));
	return 0;
}

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
	if (wrap) {
		funcs[0].new_func = other_wrapper;
		objs[0].callbacks.pre_patch = other_pre_patch;
	}
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
