// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the CPU pick again, for the benchmarks:
 *
 *	# echo 1000 >/sys/module/repick/parameters/picks
 *
 * calls schedule() 1000 times. The writing task stays runnable and has some of its time
 * slice left, so sched_ext keeps it each time. No system call does only this.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>

static int repick_set(const char *val, const struct kernel_param *kp)
{
	unsigned int nr;
	int ret;

	ret = kstrtouint(val, 10, &nr);
	if (ret)
		return ret;
	while (nr--)
		schedule();
	return 0;
}

static const struct kernel_param_ops repick_ops = {
	.set = repick_set,
};

module_param_cb(picks, &repick_ops, NULL, 0200);
MODULE_PARM_DESC(picks, "number of picks");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Makes the CPU pick again, for the benchmarks of scx_loop_cap");
