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
 * and load it again. Right after switching it off, rmmod fails until the kernel
 * has moved all tasks back. With backend=direct, rmmod alone unloads it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/stringify.h>

#include "../include/scx_loop_cap.h"
#include "attach/attach.h"
#include "control/limit.h"
#include "control/sysfs.h"
#include "gate/counters.h"
#include "gate/hit.h"
#include "gate/pick.h"
#include "kick.h"
#include "report/log.h"
#include "resolve/ksym.h"
#include "resolve/layout.h"
#include "resolve/why.h"

/* 0 if it was not given. */
static unsigned int slc_param_limit;

static int slc_param_limit_set(const char *val, const struct kernel_param *kp)
{
	return slc_limit_parse(val, &slc_param_limit) ? -EINVAL : 0;
}

static const struct kernel_param_ops slc_param_limit_ops = {
	.set = slc_param_limit_set,
	.get = param_get_uint,
};

module_param_cb(limit, &slc_param_limit_ops, &slc_param_limit, 0444);
MODULE_PARM_DESC(limit,
		 "rounds allowed per dispatch loop (default: the kernel's own cap, or 32)");

static unsigned int slc_param_pick_limit;
static bool slc_param_pick_limit_given;

static int slc_param_pick_limit_set(const char *val, const struct kernel_param *kp)
{
	slc_param_pick_limit_given = true;
	return slc_limit_parse_pick(val, &slc_param_pick_limit) ? -EINVAL : 0;
}

static const struct kernel_param_ops slc_param_pick_limit_ops = {
	.set = slc_param_pick_limit_set,
	.get = param_get_uint,
};

module_param_cb(pick_limit, &slc_param_pick_limit_ops, &slc_param_pick_limit, 0444);
MODULE_PARM_DESC(pick_limit,
		 "rounds allowed per pick over all nested loops, 0 for any number (default: "
		 __stringify(SCX_LOOP_CAP_PICK_LIMIT_DEFAULT)
		 " where a pick can have several loops, else 0)");

static char *slc_param_backend = "auto";
module_param_named(backend, slc_param_backend, charp, 0444);
MODULE_PARM_DESC(backend, "how to attach: auto, livepatch or direct (default: auto)");

/* Each kick settles the pick of its CPU, and reports hits. */
static void slc_kicked(void)
{
	if (slc_pick_kicked())
		slc_log_wake();
}

static int __init slc_prepare_kicks(struct slc_why *why)
{
	unsigned long queue_on = slc_ksym_lookup("irq_work_queue_on");

	if (!queue_on)
		return slc_why_set(why, -EOPNOTSUPP, "no symbol irq_work_queue_on");
	slc_kick_init(slc_kicked, queue_on);
	return 0;
}

/* Apply the parameters, as far as this kernel can have them. */
static int __init slc_apply_params(struct slc_why *why)
{
	int ret;

	ret = slc_attach_choose(slc_param_backend, why);
	if (ret)
		return ret;
	if (!slc_param_pick_limit_given)
		slc_param_pick_limit = slc_limit_pick_default();
	slc_limit_set_pick(slc_param_pick_limit);
	slc_param_limit = slc_param_limit ?: slc_limit_default();
	ret = slc_limit_set(slc_param_limit, why);
	return ret == -ERANGE ? -EINVAL : ret;
}

static int __init slc_init(void)
{
	struct slc_why why = {};
	int ret;

	ret = slc_ksym_init(&why);
	if (!ret)
		ret = slc_ksym_resolve(&why);
	if (!ret) {
		slc_pick_init();
		ret = slc_prepare_kicks(&why);
	}
	if (!ret)
		ret = slc_apply_params(&why);
	if (ret)
		goto err;

	ret = slc_hit_init();
	if (ret)
		goto err_limit;
	ret = slc_sysfs_create();
	if (ret)
		goto err_limit;
	ret = slc_log_start();
	if (ret)
		goto err_sysfs;
	pr_info("limit %u, kernel limit %u, pick limit %u, backend %s, patching %s as called by %s\n",
		READ_ONCE(slc_gate_limit), slc_layout.kernel_limit, slc_limit_get_pick(),
		slc_attach_backend(), slc_layout.flush_name,
		slc_layout.host_name);
	ret = slc_attach(&why);
	if (ret)
		goto err_report;
	return 0;

err_report:
	/* The gate may have run, and queued kicks, before the load failed. */
	slc_kick_flush();
	slc_log_stop();
err_sysfs:
	slc_sysfs_remove();
err_limit:
	slc_limit_release();
	slc_kick_flush();
	slc_hit_exit();
err:
	pr_err("not loaded: %s\n", why.text[0] ? why.text : "out of memory");
	return ret;
}

static void __exit slc_exit(void)
{
	/*
	 * After this no CPU is in the gate. Kicks that were queued before are left,
	 * and they need the reporter. No limit can be set once sysfs is gone.
	 */
	slc_detach();
	slc_kick_flush();
	slc_log_stop();
	slc_sysfs_remove();
	slc_limit_release();
	/* The replacement of the host may have queued some up to here. */
	slc_kick_flush();
	slc_hit_exit();
}

module_init(slc_init);
module_exit(slc_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("scx_loop_cap maintainers");
MODULE_DESCRIPTION("Bounds the dispatch loop of sched_ext, with a knob and counters");
MODULE_VERSION("0.1.0");
