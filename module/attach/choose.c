// SPDX-License-Identifier: GPL-2.0
/*
 * Chooses how the gate is put in place of the kernel's functions.
 *
 * There are two backends. Administrators know how to list a livepatch and how to
 * switch it off, so livepatch is preferred. A direct call of ftrace costs less, and
 * some kernels have nothing else.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../arch/arch.h"
#include "../gate/hook.h"
#include "../resolve/ksym.h"
#include "../resolve/layout.h"
#include "../resolve/why.h"
#include "attach.h"

#if !defined(CONFIG_LIVEPATCH) && !defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)
#error "scx_loop_cap needs CONFIG_LIVEPATCH or CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"
#endif

/* The best first. */
static const struct slc_backend * const slc_backends[] = {
#ifdef CONFIG_LIVEPATCH
	&slc_backend_livepatch,
#endif
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
	&slc_backend_direct,
#endif
};

static const struct slc_backend *slc_backend;

/**
 * slc_attach_choose - choose how to attach
 * @name: the backend to use; "auto" for the best one that the kernel has
 * @why: after an error, what is wrong with it
 *
 * Context: process context, while the module loads.
 * Return: 0; -EINVAL if there is no such backend; -EOPNOTSUPP if this kernel does
 * not have it.
 */
int slc_attach_choose(const char *name, struct slc_why *why)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slc_backends) && !slc_backend; i++) {
		if (!strcmp(name, "auto") || !strcmp(name, slc_backends[i]->name))
			slc_backend = slc_backends[i];
	}
	if (slc_backend)
		return 0;
	if (!strcmp(name, "livepatch") || !strcmp(name, "direct"))
		return slc_why_set(why, -EOPNOTSUPP,
				   "this kernel has no backend \"%s\" (CONFIG_%s)", name,
				   name[0] == 'l' ? "LIVEPATCH" :
						    "DYNAMIC_FTRACE_WITH_DIRECT_CALLS");
	return slc_why_set(why, -EINVAL,
			   "backend \"%.32s\" is not one of auto, livepatch, direct",
			   name);
}

/**
 * slc_attach_target - describe a function that is to be replaced
 * @target: filled in
 * @name: the function's name
 * @addr: its address
 * @gate: the function to call in its place
 * @why: after an error, what went wrong
 *
 * Context: process context.
 * Return: 0, or -EOPNOTSUPP if it cannot be replaced.
 */
int slc_attach_target(struct slc_target *target, const char *name,
		      unsigned long addr, void *gate, struct slc_why *why)
{
	unsigned long loc = slc_ksym_ftrace_location(addr);

	if (!slc_arch_at_entry(addr, loc))
		return slc_why_set(why, -EOPNOTSUPP,
				   "ftrace cannot patch %s at its entry", name);
	target->name = name;
	target->addr = addr;
	target->loc = loc;
	target->gate = gate;
	return 0;
}

/**
 * slc_attach - put the gate in place of the flush and of scx_bpf_sub_dispatch()
 * @why: after an error, what went wrong
 *
 * Context: process context, may sleep; once, while the module loads, with the
 * layout resolved and the backend chosen.
 * Return: 0; -EOPNOTSUPP if a function cannot be patched; -EBUSY if another patch
 * owns it; or another error of the kernel. After an error nothing is patched.
 */
int slc_attach(struct slc_why *why)
{
	struct slc_target targets[SLC_TARGETS_MAX];
	unsigned int nr = 1;
	int ret;

	ret = slc_attach_target(&targets[0], slc_layout.flush_name,
				slc_layout.flush, slc_hook_for_flush(), why);
	if (!ret && slc_layout.sub_dispatch) {
		ret = slc_attach_target(&targets[nr++], "scx_bpf_sub_dispatch",
					slc_layout.sub_dispatch,
					slc_hook_sub_dispatch, why);
	}
	if (ret)
		return ret;
	slc_hook_set_originals(slc_arch_original(targets[0].loc),
			       nr > 1 ? slc_arch_original(targets[1].loc) : 0);
	return slc_backend->attach(targets, nr, why);
}

/**
 * slc_detach - put the kernel's functions back
 *
 * Context: process context, may sleep; while the module is unloaded, or after
 * slc_attach() succeeded and a later step of loading failed. After it no CPU is in
 * the gate.
 */
void slc_detach(void)
{
	slc_backend->detach();
}

/**
 * slc_attach_state - is the gate in effect?
 *
 * Context: process context.
 * Return: a word of "state" in docs/abi.md.
 */
const char *slc_attach_state(void)
{
	return slc_backend->state();
}

/**
 * slc_attach_backend - how the gate is attached
 *
 * Context: any, after slc_attach_choose().
 * Return: a word of "backend" in docs/abi.md.
 */
const char *slc_attach_backend(void)
{
	return slc_backend->name;
}
