/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels in what they export.
 *
 * Each entry names the kernel that changed, and is probed by type, not by
 * version, as vendors take changes early.
 */
#ifndef _SCX_LOOP_CAP_COMPAT_H
#define _SCX_LOOP_CAP_COMPAT_H

#include <linux/sysfs.h>

/*
 * v6.16: struct bin_attribute's read callback takes a const attribute. Both
 * forms exist side by side and the one that fits is chosen; drop the other
 * when 6.12 is no longer served.
 */
#define SCX_BIN_READ_IS_CONST						\
	__builtin_types_compatible_p(					\
		typeof(((struct bin_attribute *)NULL)->read),		\
		ssize_t (*)(struct file *, struct kobject *,		\
			    const struct bin_attribute *, char *,	\
			    loff_t, size_t))

#define SCX_BIN_ATTR_RO(file_name, reader)					\
static ssize_t __maybe_unused						\
file_name##_read_const(struct file *file, struct kobject *kobj,		\
		  const struct bin_attribute *attr, char *buf,		\
		  loff_t pos, size_t len)				\
{									\
	return reader(buf, pos, len);					\
}									\
static ssize_t __maybe_unused						\
file_name##_read_plain(struct file *file, struct kobject *kobj,		\
		  struct bin_attribute *attr, char *buf,		\
		  loff_t pos, size_t len)				\
{									\
	return reader(buf, pos, len);					\
}									\
static const struct bin_attribute file_name##_attr = {			\
	.attr = { .name = #file_name, .mode = 0444 },			\
	.read = __builtin_choose_expr(SCX_BIN_READ_IS_CONST,		\
				      file_name##_read_const,		\
				      file_name##_read_plain),		\
}

#endif /* _SCX_LOOP_CAP_COMPAT_H */
