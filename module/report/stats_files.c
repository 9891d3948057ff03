// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/scx_loop_cap/stats: the counters.
 *
 * Names and formats are a contract, see docs/abi.md. All callbacks run in process
 * context and may sleep; none takes a lock of the scheduler.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "../compat.h"
#include "../gate/counters.h"
#include "../gate/hit.h"
#include "stats.h"
#include "stats_files.h"

static struct kobject *slc_stats_kobj;

/* A file that slc_NAME_show() fills. */
#define SLC_STATS_FILE(name)						\
static struct kobj_attribute slc_##name##_attr =			\
	__ATTR(name, 0444, slc_##name##_show, NULL)

/* A counter that is one number. */
#define SLC_STATS_ATTR(name)						\
static ssize_t slc_##name##_show(struct kobject *kobj,			\
				 struct kobj_attribute *attr, char *buf)	\
{									\
	return sysfs_emit(buf, "%llu\n", slc_stats_##name());		\
}									\
SLC_STATS_FILE(name)

SLC_STATS_ATTR(hits);
SLC_STATS_ATTR(pick_hits);
SLC_STATS_ATTR(kicks);
SLC_STATS_ATTR(loops);
SLC_STATS_ATTR(rounds);
SLC_STATS_ATTR(max_rounds);
SLC_STATS_ATTR(max_pick_rounds);
SLC_STATS_ATTR(max_loop_ns);
SLC_STATS_ATTR(max_pick_ns);

static ssize_t slc_last_hit_show(struct kobject *kobj, struct kobj_attribute *attr,
				 char *buf)
{
	struct slc_hit hit;
	bool pick;

	if (!slc_stats_last_hit(&hit))
		return sysfs_emit(buf, "none\n");
	pick = hit.kinds & SLC_HIT_PICK;
	return sysfs_emit(buf,
			  "boottime_ns=%llu cpu=%u rounds=%u ops=%s level=%u cgroup=%llu kind=%s limit=%u\n",
			  hit.boottime, hit.cpu,
			  pick ? hit.pick_rounds : hit.rounds, hit.sched.ops,
			  hit.sched.level, hit.sched.cgroup,
			  pick ? "pick" : "loop",
			  pick ? hit.pick_limit : hit.limit);
}

SLC_STATS_FILE(last_hit);

/*
 * One line for each name, the latest to hit first. Nested schedulers may have the same
 * name in several cgroups.
 */
static ssize_t slc_by_ops_show(struct kobject *kobj, struct kobj_attribute *attr,
			       char *buf)
{
	struct slc_stats_sched *scheds, *s, *latest;
	ssize_t len = 0;
	unsigned int nr;

	scheds = kvmalloc_array(SLC_HIT_SCHEDS, sizeof(*scheds), GFP_KERNEL);
	if (!scheds)
		return -ENOMEM;
	nr = slc_stats_scheds(scheds);
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

SLC_STATS_FILE(by_ops);

static ssize_t slc_loop_histogram_show(struct kobject *kobj,
				       struct kobj_attribute *attr, char *buf)
{
	ssize_t len = 0;
	unsigned int i;

	for (i = 0; i < SLC_GATE_BUCKETS; i++)
		len += sysfs_emit_at(buf, (int)len, "%u-%u %llu\n", 1U << i,
				     (2U << i) - 1, slc_stats_histogram(i));
	return len;
}

SLC_STATS_FILE(loop_histogram);

static const struct attribute * const slc_stats_attrs[] = {
	&slc_hits_attr.attr,
	&slc_pick_hits_attr.attr,
	&slc_kicks_attr.attr,
	&slc_loops_attr.attr,
	&slc_rounds_attr.attr,
	&slc_max_rounds_attr.attr,
	&slc_max_pick_rounds_attr.attr,
	&slc_max_loop_ns_attr.attr,
	&slc_max_pick_ns_attr.attr,
	&slc_last_hit_attr.attr,
	&slc_by_ops_attr.attr,
	&slc_loop_histogram_attr.attr,
	NULL,
};

/*
 * hits_by_cpu: with a line per CPU it may exceed the page that a plain attribute can
 * have, so it is read in pieces. The pieces have to fit together though the counters go
 * on: the text is made when a reader begins, and kept until the next reader does.
 */
#define SLC_HITS_LINE_MAX	sizeof("cpu4294967295 18446744073709551615\n")

static DEFINE_MUTEX(slc_hits_lock);
static char *slc_hits_text;
static size_t slc_hits_size, slc_hits_len;
static const struct file *slc_hits_reader;

static ssize_t slc_hits_by_cpu_read(struct file *file, struct kobject *kobj,
				    SLC_BIN_ATTRIBUTE *attr, char *buf, loff_t pos,
				    size_t len)
{
	ssize_t ret;
	u64 hits;
	int cpu;

	mutex_lock(&slc_hits_lock);
	if (!pos || file != slc_hits_reader) {
		slc_hits_reader = file;
		slc_hits_len = 0;
		for_each_possible_cpu(cpu) {
			hits = slc_stats_hits_on(cpu);
			if (hits)
				slc_hits_len += scnprintf(slc_hits_text + slc_hits_len,
							  slc_hits_size - slc_hits_len,
							  "cpu%d %llu\n", cpu, hits);
		}
	}
	ret = memory_read_from_buffer(buf, len, &pos, slc_hits_text, slc_hits_len);
	mutex_unlock(&slc_hits_lock);
	return ret;
}

static const struct bin_attribute slc_hits_by_cpu_attr = {
	.attr = { .name = "hits_by_cpu", .mode = 0444 },
	.read = slc_hits_by_cpu_read,
};

/**
 * slc_stats_files_create - make the directory and its files
 * @parent: the directory that it goes into
 *
 * Context: process context, may sleep; the counters must be ready.
 * Return: 0, or an error after which nothing is left behind.
 */
int slc_stats_files_create(struct kobject *parent)
{
	int ret = -ENOMEM;

	slc_hits_size = num_possible_cpus() * SLC_HITS_LINE_MAX;
	slc_hits_text = kvmalloc(slc_hits_size, GFP_KERNEL);
	if (!slc_hits_text)
		return ret;
	slc_stats_kobj = kobject_create_and_add("stats", parent);
	if (!slc_stats_kobj)
		goto err;
	ret = sysfs_create_files(slc_stats_kobj,
				 (const struct attribute **)slc_stats_attrs);
	if (!ret)
		ret = sysfs_create_bin_file(slc_stats_kobj, &slc_hits_by_cpu_attr);
	if (!ret)
		return 0;
err:
	slc_stats_files_remove();
	return ret;
}

/**
 * slc_stats_files_remove - remove the directory
 *
 * Does nothing if there is none.
 *
 * Context: process context, sleeps until readers are done.
 */
void slc_stats_files_remove(void)
{
	kobject_del(slc_stats_kobj);
	kobject_put(slc_stats_kobj);
	slc_stats_kobj = NULL;
	kvfree(slc_hits_text);
	slc_hits_text = NULL;
}

/**
 * slc_stats_files_notify - wake those who poll stats/hits or stats/pick_hits
 *
 * Context: process context, may sleep; the directory must exist.
 */
void slc_stats_files_notify(void)
{
	sysfs_notify(slc_stats_kobj, NULL, "hits");
	sysfs_notify(slc_stats_kobj, NULL, "pick_hits");
}
