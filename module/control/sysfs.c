// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/scx_loop_cap: the directory, with the limits and the state.
 *
 * Names and formats are a contract, see docs/abi.md. All callbacks run in process
 * context and may sleep; none takes a lock of the scheduler.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "../../include/scx_loop_cap.h"
#include "../attach/attach.h"
#include "../gate/counters.h"
#include "../report/stats_files.h"
#include "../resolve/layout.h"
#include "../resolve/why.h"
#include "limit.h"
#include "sysfs.h"

static struct kobject *slc_top_kobj;

static ssize_t slc_limit_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(slc_gate_limit));
}

static ssize_t slc_limit_store(struct kobject *kobj, struct kobj_attribute *attr,
			       const char *buf, size_t count)
{
	struct slc_why why = {};
	unsigned int limit;
	int ret;

	ret = slc_limit_parse(buf, &limit);
	if (ret)
		return ret;
	ret = slc_limit_set(limit, &why);
	if (ret) {
		pr_warn("limit not set: %s\n", why.text);
		return ret;
	}
	return (ssize_t)count;
}

static struct kobj_attribute slc_limit_attr =
	__ATTR(limit, 0644, slc_limit_show, slc_limit_store);

static ssize_t slc_pick_limit_show(struct kobject *kobj,
				   struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", slc_limit_get_pick());
}

static ssize_t slc_pick_limit_store(struct kobject *kobj,
				    struct kobj_attribute *attr, const char *buf,
				    size_t count)
{
	unsigned int limit;
	int ret;

	ret = slc_limit_parse_pick(buf, &limit);
	if (ret)
		return ret;
	slc_limit_set_pick(limit);
	return (ssize_t)count;
}

static struct kobj_attribute slc_pick_limit_attr =
	__ATTR(pick_limit, 0644, slc_pick_limit_show, slc_pick_limit_store);

static ssize_t slc_kernel_limit_show(struct kobject *kobj,
				     struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", slc_layout.kernel_limit);
}

static struct kobj_attribute slc_kernel_limit_attr =
	__ATTR(kernel_limit, 0444, slc_kernel_limit_show, NULL);

static ssize_t slc_state_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%s\n", slc_attach_state());
}

static struct kobj_attribute slc_state_attr =
	__ATTR(state, 0444, slc_state_show, NULL);

static ssize_t slc_backend_show(struct kobject *kobj, struct kobj_attribute *attr,
				char *buf)
{
	return sysfs_emit(buf, "%s\n", slc_attach_backend());
}

static struct kobj_attribute slc_backend_attr =
	__ATTR(backend, 0444, slc_backend_show, NULL);

static const struct attribute * const slc_top_attrs[] = {
	&slc_limit_attr.attr,
	&slc_kernel_limit_attr.attr,
	&slc_pick_limit_attr.attr,
	&slc_state_attr.attr,
	&slc_backend_attr.attr,
	NULL,
};

/**
 * slc_sysfs_create - make the directory and everything in it
 *
 * Context: process context, may sleep; the counters and the layout must be ready.
 * Return: 0, or an error after which nothing is left behind.
 */
int slc_sysfs_create(void)
{
	int ret;

	slc_top_kobj = kobject_create_and_add(SCX_LOOP_CAP_NAME, kernel_kobj);
	if (!slc_top_kobj)
		return -ENOMEM;
	ret = sysfs_create_files(slc_top_kobj,
				 (const struct attribute **)slc_top_attrs);
	if (!ret)
		ret = slc_stats_files_create(slc_top_kobj);
	if (ret)
		slc_sysfs_remove();
	return ret;
}

/**
 * slc_sysfs_remove - remove the directory
 *
 * Context: process context, sleeps until readers and writers are done.
 */
void slc_sysfs_remove(void)
{
	slc_stats_files_remove();
	kobject_del(slc_top_kobj);
	kobject_put(slc_top_kobj);
	slc_top_kobj = NULL;
}
