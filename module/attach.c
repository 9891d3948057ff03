// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the gate in the place of the kernel's functions.
 *
 * There are two ways to do that, and this file chooses. A livepatch is what an
 * administrator knows how to list and to switch off, and is preferred. A direct
 * call of ftrace costs less, and there are kernels that have nothing else.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "attach.h"
#include "gate.h"
#include "ksym.h"
#include "layout.h"

#if !defined(CONFIG_LIVEPATCH) && !defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)
#error "scx_loop_cap needs CONFIG_LIVEPATCH or CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"
#endif

/* Length of an ENDBR64, which may come before the instruction ftrace patches. */
#define ENDBR_LEN	4

/* The best first. */
static const struct scx_backend * const backends[] = {
#ifdef CONFIG_LIVEPATCH
	&scx_attach_livepatch,
#endif
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
	&scx_attach_direct,
#endif
};

static const struct scx_backend *backend;

/**
 * scx_attach_choose - choose how to attach
 * @name: the backend to use; "auto" for the best one that the kernel has
 * @why: room for %SCX_WHY_LEN bytes; after an error, what is wrong with it
 *
 * Context: process context, while the module loads.
 * Return: 0; -EINVAL if there is no such backend; -EOPNOTSUPP if this kernel does
 * not have it.
 */
int scx_attach_choose(const char *name, char *why)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(backends) && !backend; i++) {
		if (!strcmp(name, "auto") || !strcmp(name, backends[i]->name))
			backend = backends[i];
	}
	if (backend)
		return 0;
	if (!strcmp(name, "livepatch") || !strcmp(name, "direct")) {
		snprintf(why, SCX_WHY_LEN,
			 "this kernel has no backend \"%s\" (CONFIG_%s)", name,
			 name[0] == 'l' ? "LIVEPATCH" :
					  "DYNAMIC_FTRACE_WITH_DIRECT_CALLS");
		return -EOPNOTSUPP;
	}
	snprintf(why, SCX_WHY_LEN,
		 "backend \"%.32s\" is not one of auto, livepatch, direct", name);
	return -EINVAL;
}

/**
 * scx_attach_target - describe a function that is to be replaced
 * @target: filled in
 * @name: the function's name
 * @addr: its address
 * @gate: what is to be called in its place
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * Context: process context.
 * Return: 0, or -EOPNOTSUPP if it cannot be replaced.
 */
int scx_attach_target(struct scx_target *target, const char *name,
		      unsigned long addr, void *gate, char *why)
{
	unsigned long loc = scx_ksym_ftrace_location(addr);

	if (loc != addr && loc != addr + ENDBR_LEN) {
		snprintf(why, SCX_WHY_LEN, "ftrace cannot patch %s at its entry",
			 name);
		return -EOPNOTSUPP;
	}
	target->name = name;
	target->addr = addr;
	target->loc = loc;
	target->gate = gate;
	return 0;
}

/**
 * scx_attach - replace the kernel's flush, and scx_bpf_sub_dispatch(), by ours
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * Context: process context, may sleep; once, while the module loads, with the
 * layout resolved and the backend chosen.
 * Return: 0; -EOPNOTSUPP if a function cannot be patched; -EBUSY if somebody
 * else has patched it; or another error of the kernel. After an error nothing is
 * patched.
 */
int scx_attach(char *why)
{
	struct scx_target targets[SCX_TARGETS_MAX];
	unsigned int nr = 1;
	int ret;

	ret = scx_attach_target(&targets[0], scx_layout.flush_name,
				scx_layout.flush, scx_gate_flush(), why);
	if (!ret && scx_layout.nested_site) {
		ret = scx_attach_target(&targets[nr++], "scx_bpf_sub_dispatch",
					scx_layout.sub_dispatch,
					scx_gate_sub_dispatch, why);
	}
	if (ret)
		return ret;
	scx_gate_set_original(targets[0].loc + MCOUNT_INSN_SIZE,
			      nr > 1 ? targets[1].loc + MCOUNT_INSN_SIZE : 0);
	return backend->attach(targets, nr, why);
}

/**
 * scx_detach - put the kernel's functions back
 *
 * Context: process context, may sleep; while the module is unloaded, or after
 * scx_attach() succeeded and something else did not. No CPU is in the gate any
 * more after it.
 */
void scx_detach(void)
{
	backend->detach();
}

/**
 * scx_attach_state - is the gate in effect?
 *
 * Context: process context.
 * Return: a word as described for "state" in docs/abi.md.
 */
const char *scx_attach_state(void)
{
	return backend->state();
}

/**
 * scx_attach_backend - how the gate is attached
 *
 * Context: any, after scx_attach_choose().
 * Return: a word as described for "backend" in docs/abi.md.
 */
const char *scx_attach_backend(void)
{
	return backend->name;
}
