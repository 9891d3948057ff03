// SPDX-License-Identifier: GPL-2.0
/*
 * scx_loop_cap - bounds the dispatch loop of sched_ext on a running kernel
 *
 * Purpose: a sched_ext scheduler whose ops.dispatch() keeps dispatching tasks
 * that cannot run traps a CPU in the kernel's dispatch loop with IRQs off. This
 * module bounds the rounds of that loop, makes the bound a knob and counts how
 * often it is reached.
 *
 * Usage:
 *
 *	# modprobe scx_loop_cap
 *	# cat /sys/kernel/scx_loop_cap/state
 *	active
 *	# echo 8 > /sys/kernel/scx_loop_cap/limit
 *	# cat /sys/kernel/scx_loop_cap/stats/hits
 *	0
 *	# echo 0 > /sys/kernel/livepatch/scx_loop_cap/enabled
 *	# while [ -e /sys/kernel/livepatch/scx_loop_cap ]; do sleep 1; done
 *	# rmmod scx_loop_cap
 *
 * A patch that was switched off cannot be switched on again; remove the module
 * and load it anew. Right after switching it off, rmmod fails until the kernel
 * has moved all tasks back. With backend=direct, rmmod alone does it all.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/stringify.h>

#include "../include/scx_loop_cap.h"
#include "attach.h"
#include "gate.h"
#include "hit.h"
#include "kick.h"
#include "ksym.h"
#include "layout.h"
#include "limit.h"
#include "report.h"
#include "sysfs.h"

#ifndef CONFIG_X86_64
#error "scx_loop_cap knows the calling convention of x86-64 only"
#endif

struct scx_layout scx_layout __ro_after_init;

/* 0 where the user did not choose. */
static unsigned int param_limit;

static int param_limit_set(const char *val, const struct kernel_param *kp)
{
	return scx_limit_parse(val, &param_limit) ? -EINVAL : 0;
}

static const struct kernel_param_ops param_limit_ops = {
	.set = param_limit_set,
	.get = param_get_uint,
};

module_param_cb(limit, &param_limit_ops, &param_limit, 0444);
MODULE_PARM_DESC(limit,
		 "rounds allowed per dispatch loop (default: the kernel's own cap, or 32)");

static unsigned int param_pick_limit;
static bool param_pick_limit_given;

static int param_pick_limit_set(const char *val, const struct kernel_param *kp)
{
	param_pick_limit_given = true;
	return scx_limit_parse_pick(val, &param_pick_limit) ? -EINVAL : 0;
}

static const struct kernel_param_ops param_pick_limit_ops = {
	.set = param_pick_limit_set,
	.get = param_get_uint,
};

module_param_cb(pick_limit, &param_pick_limit_ops, &param_pick_limit, 0444);
MODULE_PARM_DESC(pick_limit,
		 "rounds allowed per pick over all nested loops, 0 for any number (default: "
		 __stringify(SCX_LOOP_CAP_PICK_LIMIT_DEFAULT)
		 " where schedulers can be nested, else 0)");

static char *param_backend = "auto";
module_param_named(backend, param_backend, charp, 0444);
MODULE_PARM_DESC(backend, "how to attach: auto, livepatch or direct (default: auto)");

/* The parameters that depend on the kernel. */
static int __init scx_apply_params(char *why)
{
	int ret;

	ret = scx_attach_choose(param_backend, why);
	if (ret)
		return ret;
	if (!param_pick_limit_given)
		param_pick_limit = scx_limit_pick_default();
	scx_gate_pick_limit = param_pick_limit;
	param_limit = param_limit ?: scx_limit_default();
	ret = scx_limit_set(param_limit, why);
	return ret == -ERANGE ? -EINVAL : ret;
}

static int __init scx_loop_cap_init(void)
{
	char why[SCX_WHY_LEN] = "";
	int ret;

	ret = scx_ksym_init(why);
	if (!ret)
		ret = scx_ksym_resolve(&scx_layout, why);
	if (!ret)
		ret = scx_kick_init(why);
	if (!ret)
		ret = scx_apply_params(why);
	if (ret)
		goto err;

	ret = scx_hit_init();
	if (ret)
		goto err_limit;
	ret = scx_sysfs_create();
	if (ret)
		goto err_hit;
	ret = scx_report_start();
	if (ret)
		goto err_sysfs;
	pr_info("limit %u, kernel limit %u, pick limit %u, backend %s, patching %s as called by %s\n",
		scx_gate_limit, scx_layout.kernel_limit, scx_gate_pick_limit,
		scx_attach_backend(), scx_layout.flush_name,
		scx_layout.host_name);
	ret = scx_attach(why);
	if (ret)
		goto err_report;
	return 0;

err_report:
	/* The gate may have been called before the load failed. */
	scx_kick_flush();
	scx_report_stop();
err_sysfs:
	scx_sysfs_remove();
err_hit:
	scx_hit_exit();
err_limit:
	scx_limit_release();
err:
	pr_err("not loaded: %s\n", why[0] ? why : "out of memory");
	return ret;
}

static void __exit scx_loop_cap_exit(void)
{
	/*
	 * After this no CPU is in the gate. What is left are kicks that were
	 * queued before, and they need the reporter. Nobody can set a limit once
	 * the knob is gone.
	 */
	scx_detach();
	scx_kick_flush();
	scx_report_stop();
	scx_sysfs_remove();
	scx_limit_release();
	scx_hit_exit();
}

module_init(scx_loop_cap_init);
module_exit(scx_loop_cap_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bounds the dispatch loop of sched_ext, with a knob and counters");
MODULE_VERSION("0.1.0");
