// SPDX-License-Identifier: GPL-2.0
/*
 * Tells people and pollers about hits, outside of the scheduler.
 *
 * A workqueue would not do: while a scheduler loops, its kworkers are among the
 * tasks that it starves. The reporter is a thread of a real-time class, which
 * runs as soon as an ended loop lets its CPU go.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "../include/scx_loop_cap.h"
#include "gate.h"
#include "report.h"
#include "stats.h"
#include "sysfs.h"

/* At most this often are pollers woken, and lines printed about one scheduler. */
#define REPORT_INTERVAL		(HZ / 10)
#define REPORT_LOG_INTERVAL	(10 * HZ)

/* Schedulers remembered as reported; nested ones hit in turn. */
#define REPORT_KNOWN		8

static struct task_struct *reporter;
static bool report_pending;

/* Only the reporter uses these. */
static struct report_known {
	u64	load;
	char	ops[SCX_GATE_NAME_LEN];
} known[REPORT_KNOWN];
static unsigned int known_next;
static unsigned long logged_at;

/*
 * Is this the first hit of a scheduler? One that is loaded again has the same
 * name and a higher number. The number may be too low for a moment at the end
 * of loading, see gate_load(), but never too high.
 */
static bool report_is_new(const struct scx_hit *hit)
{
	struct report_known *k;

	for (k = known; k < known + REPORT_KNOWN; k++) {
		if (!k->ops[0] || strcmp(k->ops, hit->ops))
			continue;
		if (hit->load <= k->load)
			return false;
		k->load = hit->load;
		return true;
	}
	k = &known[known_next++ % REPORT_KNOWN];
	k->load = hit->load;
	strscpy(k->ops, hit->ops, sizeof(k->ops));
	return true;
}

static void report_hits(u64 hits)
{
	struct scx_hit hit;

	scx_sysfs_notify_hits();
	if (!scx_stats_last_hit(&hit))
		return;
	if (report_is_new(&hit)) {
		pr_warn("scheduler \"%s\" loops in ops.dispatch(): CPU %u left it after %u rounds, limit %u\n",
			hit.ops, hit.cpu, hit.rounds, hit.limit);
	} else if (time_after(jiffies, logged_at + REPORT_LOG_INTERVAL)) {
		pr_warn("scheduler \"%s\" still loops: %llu hits since load, last on CPU %u after %u rounds\n",
			hit.ops, hits, hit.cpu, hit.rounds);
	} else {
		return;
	}
	logged_at = jiffies;
}

static int report_thread(void *unused)
{
	u64 reported = 0, hits;

	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		if (!READ_ONCE(report_pending)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);

		hits = scx_stats_hits();
		if (hits != reported) {
			reported = hits;
			report_hits(hits);
			/* Still pending, so that nobody wakes us early. */
			schedule_timeout_idle(REPORT_INTERVAL);
			continue;
		}
		WRITE_ONCE(report_pending, false);
		/* A hit counted since then may have found us pending. */
		smp_mb();
		if (scx_stats_hits() != reported)
			WRITE_ONCE(report_pending, true);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/**
 * scx_report_start - start the reporter
 *
 * Context: process context, may sleep; before the gate is attached.
 * Return: 0, or the error of creating a thread.
 */
int scx_report_start(void)
{
	struct task_struct *task;

	task = kthread_create(report_thread, NULL, SCX_LOOP_CAP_NAME);
	if (IS_ERR(task))
		return PTR_ERR(task);
	sched_set_fifo_low(task);
	reporter = task;
	wake_up_process(task);
	return 0;
}

/**
 * scx_report_stop - stop the reporter
 *
 * Context: process context, may sleep; after scx_kick_flush(), so that nothing
 * can wake it any more.
 */
void scx_report_stop(void)
{
	kthread_stop(reporter);
}

/**
 * scx_report_wake - make the reporter look at the counters
 *
 * Context: hard interrupt, rq lock not held.
 */
void scx_report_wake(void)
{
	/* The hit is to be seen by a reporter that is found pending. */
	smp_mb();
	if (READ_ONCE(report_pending))
		return;
	WRITE_ONCE(report_pending, true);
	wake_up_process(reporter);
}
