// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/scx_loop_cap: the knobs and the counters.
 *
 * The names and formats are a contract, see docs/abi.md. All callbacks run in
 * process context and may sleep; none takes a lock of the scheduler.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "../include/scx_loop_cap.h"
#include "attach.h"
#include "compat.h"
#include "gate.h"
#include "layout.h"
#include "limit.h"
#include "stats.h"
#include "sysfs.h"

static struct kobject *top_kobj, *stats_kobj;

static ssize_t limit_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(scx_gate_limit));
}

static ssize_t limit_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	char why[SCX_WHY_LEN] = "";
	unsigned int limit;
	int ret;

	ret = scx_limit_parse(buf, &limit);
	if (ret)
		return ret;
	ret = scx_limit_set(limit, why);
	if (ret) {
		pr_warn("limit not set: %s\n", why);
		return ret;
	}
	return (ssize_t)count;
}

static struct kobj_attribute limit_attr = __ATTR_RW(limit);

static ssize_t pick_limit_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(scx_gate_pick_limit));
}

static ssize_t pick_limit_store(struct kobject *kobj,
				struct kobj_attribute *attr, const char *buf,
				size_t count)
{
	unsigned int limit;
	int ret;

	ret = scx_limit_parse_pick(buf, &limit);
	if (ret)
		return ret;
	WRITE_ONCE(scx_gate_pick_limit, limit);
	return (ssize_t)count;
}

static struct kobj_attribute pick_limit_attr = __ATTR_RW(pick_limit);

static ssize_t kernel_limit_show(struct kobject *kobj,
				 struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", scx_layout.kernel_limit);
}

static struct kobj_attribute kernel_limit_attr = __ATTR_RO(kernel_limit);

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%s\n", scx_attach_state());
}

static struct kobj_attribute state_attr = __ATTR_RO(state);

static ssize_t backend_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%s\n", scx_attach_backend());
}

static struct kobj_attribute backend_attr = __ATTR_RO(backend);

static const struct attribute * const top_attrs[] = {
	&limit_attr.attr,
	&kernel_limit_attr.attr,
	&pick_limit_attr.attr,
	&state_attr.attr,
	&backend_attr.attr,
	NULL,
};

/* A counter that is one number. */
#define STATS_ATTR(name)						\
static ssize_t name##_show(struct kobject *kobj,			\
			   struct kobj_attribute *attr, char *buf)	\
{									\
	return sysfs_emit(buf, "%llu\n", scx_stats_##name());		\
}									\
static struct kobj_attribute name##_attr = __ATTR_RO(name)

STATS_ATTR(hits);
STATS_ATTR(pick_hits);
STATS_ATTR(kicks);
STATS_ATTR(loops);
STATS_ATTR(rounds);
STATS_ATTR(max_rounds);
STATS_ATTR(max_pick_rounds);
STATS_ATTR(max_loop_ns);
STATS_ATTR(max_pick_ns);

static ssize_t last_hit_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	struct scx_hit hit;
	bool pick;

	if (!scx_stats_last_hit(&hit))
		return sysfs_emit(buf, "none\n");
	pick = hit.kinds & SCX_HIT_PICK;
	return sysfs_emit(buf,
			  "boottime_ns=%llu cpu=%u rounds=%u ops=%s level=%u cgroup=%llu kind=%s limit=%u\n",
			  hit.boottime, hit.cpu,
			  pick ? hit.pick_rounds : hit.rounds, hit.sched.ops,
			  hit.sched.level, hit.sched.cgroup,
			  pick ? "pick" : "loop",
			  pick ? hit.pick_limit : hit.limit);
}

static struct kobj_attribute last_hit_attr = __ATTR_RO(last_hit);

/*
 * One line for each name, the latest to hit first: with nested schedulers the
 * same name may be at work in several cgroups.
 */
static ssize_t by_ops_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	struct scx_stats_sched *scheds, *s, *latest;
	ssize_t len = 0;
	unsigned int nr;

	scheds = kvmalloc_array(SCX_HIT_SCHEDS, sizeof(*scheds), GFP_KERNEL);
	if (!scheds)
		return -ENOMEM;
	nr = scx_stats_scheds(scheds);
	for (;;) {
		u64 hits = 0, pick_hits = 0;

		for (latest = NULL, s = scheds; s < scheds + nr; s++) {
			if (s->last.boottime &&
			    (!latest ||
			     s->last.boottime > latest->last.boottime))
				latest = s;
		}
		if (!latest)
			break;
		for (s = scheds; s < scheds + nr; s++) {
			if (strcmp(s->last.sched.ops, latest->last.sched.ops))
				continue;
			hits += s->hits;
			pick_hits += s->pick_hits;
			/* Has been listed. */
			s->last.boottime = 0;
		}
		len += sysfs_emit_at(buf, (int)len, "%s %llu %llu\n",
				     latest->last.sched.ops, hits, pick_hits);
	}
	kvfree(scheds);
	return len;
}

static struct kobj_attribute by_ops_attr = __ATTR_RO(by_ops);

static ssize_t loop_histogram_show(struct kobject *kobj,
				   struct kobj_attribute *attr, char *buf)
{
	ssize_t len = 0;
	unsigned int i;

	for (i = 0; i < SCX_GATE_BUCKETS; i++)
		len += sysfs_emit_at(buf, (int)len, "%u-%u %llu\n", 1U << i,
				     (2U << i) - 1, scx_stats_histogram(i));
	return len;
}

static struct kobj_attribute loop_histogram_attr = __ATTR_RO(loop_histogram);

static const struct attribute * const stats_attrs[] = {
	&hits_attr.attr,
	&pick_hits_attr.attr,
	&kicks_attr.attr,
	&loops_attr.attr,
	&rounds_attr.attr,
	&max_rounds_attr.attr,
	&max_pick_rounds_attr.attr,
	&max_loop_ns_attr.attr,
	&max_pick_ns_attr.attr,
	&last_hit_attr.attr,
	&by_ops_attr.attr,
	&loop_histogram_attr.attr,
	NULL,
};

/*
 * One line per CPU outgrows the page that a plain attribute may fill, so this
 * one is read in pieces, and they have to fit together although the counters
 * go on: the text is made when a reader begins and kept until the next one does.
 */
#define HITS_LINE_MAX	sizeof("cpu4294967295 18446744073709551615\n")

static DEFINE_MUTEX(hits_lock);
static char *hits_text;
static size_t hits_size, hits_len;
static const struct file *hits_reader;

static ssize_t hits_by_cpu_read(struct file *file, struct kobject *kobj,
				SCX_BIN_ATTRIBUTE *attr, char *buf, loff_t pos,
				size_t len)
{
	ssize_t ret;
	u64 hits;
	int cpu;

	mutex_lock(&hits_lock);
	if (!pos || file != hits_reader) {
		hits_reader = file;
		hits_len = 0;
		for_each_possible_cpu(cpu) {
			hits = scx_stats_hits_on(cpu);
			if (hits)
				hits_len += scnprintf(hits_text + hits_len,
						      hits_size - hits_len,
						      "cpu%d %llu\n", cpu, hits);
		}
	}
	ret = memory_read_from_buffer(buf, len, &pos, hits_text, hits_len);
	mutex_unlock(&hits_lock);
	return ret;
}

static const struct bin_attribute hits_by_cpu_attr = {
	.attr = { .name = "hits_by_cpu", .mode = 0444 },
	.read = hits_by_cpu_read,
};

/**
 * scx_sysfs_create - make the directory and everything in it
 *
 * Context: process context, may sleep; the counters and the layout must be
 * ready.
 * Return: 0, or an error after which nothing is left behind.
 */
int scx_sysfs_create(void)
{
	int ret = -ENOMEM;

	hits_size = num_possible_cpus() * HITS_LINE_MAX;
	hits_text = kvmalloc(hits_size, GFP_KERNEL);
	if (!hits_text)
		return ret;
	top_kobj = kobject_create_and_add(SCX_LOOP_CAP_NAME, kernel_kobj);
	if (!top_kobj)
		goto err;
	stats_kobj = kobject_create_and_add("stats", top_kobj);
	if (!stats_kobj)
		goto err;
	ret = sysfs_create_files(top_kobj, (const struct attribute **)top_attrs);
	if (!ret)
		ret = sysfs_create_files(stats_kobj,
					 (const struct attribute **)stats_attrs);
	if (!ret)
		ret = sysfs_create_bin_file(stats_kobj, &hits_by_cpu_attr);
	if (!ret)
		return 0;
err:
	scx_sysfs_remove();
	return ret;
}

/**
 * scx_sysfs_remove - remove the directory
 *
 * Context: process context, may sleep until readers are done.
 */
void scx_sysfs_remove(void)
{
	/* This also waits for those who read or write right now. */
	kobject_del(stats_kobj);
	kobject_del(top_kobj);
	kobject_put(stats_kobj);
	kobject_put(top_kobj);
	stats_kobj = NULL;
	top_kobj = NULL;
	kvfree(hits_text);
	hits_text = NULL;
}

/**
 * scx_sysfs_notify_hits - wake those who poll stats/hits or stats/pick_hits
 *
 * Context: process context, may sleep; the directory must exist.
 */
void scx_sysfs_notify_hits(void)
{
	sysfs_notify(stats_kobj, NULL, "hits");
	sysfs_notify(stats_kobj, NULL, "pick_hits");
}
