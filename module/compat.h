/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels in what they export.
 *
 * Each entry names the kernel that changed, and is probed by type, not by
 * version, as vendors take changes early.
 */
#ifndef _SLC_COMPAT_H
#define _SLC_COMPAT_H

#include <linux/rcupdate.h>
#include <linux/sysfs.h>

/*
 * Without preemption RCU waits for all that RCU tasks would, and the kernel makes
 * call_rcu_tasks() call_rcu(), but has no such name for the barrier.
 */
#ifndef CONFIG_TASKS_RCU
#define rcu_barrier_tasks	rcu_barrier
#endif

/*
 * v6.16: struct bin_attribute's read callback takes a const attribute. Drop
 * this when 6.12 is no longer served.
 */
#define SLC_BIN_READ_IS_CONST						\
	__builtin_types_compatible_p(					\
		typeof(((const struct bin_attribute *)NULL)->read),	\
		ssize_t (*)(struct file *, struct kobject *,		\
			    const struct bin_attribute *, char *,	\
			    loff_t, size_t))

/* The type that the callback's attribute points to. */
#define SLC_BIN_ATTRIBUTE						\
	typeof(*__builtin_choose_expr(SLC_BIN_READ_IS_CONST,		\
		(const struct bin_attribute *)NULL, (struct bin_attribute *)NULL))

#endif /* _SLC_COMPAT_H */
