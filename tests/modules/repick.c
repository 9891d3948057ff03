// SPDX-License-Identifier: GPL-2.0
/*
 * Has the CPU pick a task anew, for the benchmarks:
 *
 *	# echo 1000 >/sys/module/repick/parameters/picks
 *
 * The task that writes can go on each time, and as it has some of its time slice left
 * sched_ext has it go on. There is no system call that does just this.
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
MODULE_PARM_DESC(picks, "pick so many times");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Has the CPU pick a task anew, for the benchmarks of scx_loop_cap");
