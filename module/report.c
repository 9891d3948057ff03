// SPDX-License-Identifier: GPL-2.0
/*
 * Tells people and pollers about hits, outside of the scheduler.
 *
 * A workqueue would not do: while a scheduler loops, its kworkers are among the
 * tasks that it starves. The reporter is a thread of a real-time class, which
 * runs as soon as an ended loop lets its CPU go.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "../include/scx_loop_cap.h"
#include "hit.h"
#include "report.h"
#include "sched.h"
#include "stats.h"
#include "sysfs.h"

/* At most this often are pollers woken, and lines printed about what goes on. */
#define REPORT_INTERVAL		(HZ / 10)
#define REPORT_LOG_INTERVAL	(10 * HZ)

/* How soon it is noticed that a scheduler has gone. */
#define REPORT_GONE_INTERVAL	HZ

static struct task_struct *reporter;
static bool report_pending;

/* Only the reporter uses these. */
static struct scx_stats_sched scheds[SCX_HIT_SCHEDS];
static struct report_known {
	struct scx_stats_sched	stats;	/* as last seen; .last.boottime 0: unused */
	bool			loaded;
} known[SCX_HIT_SCHEDS];
static unsigned long logged_at;

/* What a line about a scheduler begins with. */
#define WHO_LEN		(SCX_SCHED_NAME_LEN + 64)

static const char *report_who(char *buf, const struct scx_sched_id *id)
{
	if (id->level)
		snprintf(buf, WHO_LEN, "scheduler \"%s\" (level %u, cgroup %llu)",
			 id->ops, id->level, id->cgroup);
	else
		snprintf(buf, WHO_LEN, "scheduler \"%s\"", id->ops);
	return buf;
}

static void report_first(const struct scx_hit *hit)
{
	char who[WHO_LEN];

	report_who(who, &hit->sched);
	if (hit->kinds & SCX_HIT_PICK)
		pr_warn("%s loops in ops.dispatch(): CPU %u ended a pick after %u rounds, pick limit %u\n",
			who, hit->cpu, hit->pick_rounds, hit->pick_limit);
	else
		pr_warn("%s loops in ops.dispatch(): CPU %u left it after %u rounds, limit %u\n",
			who, hit->cpu, hit->rounds, hit->limit);
	logged_at = jiffies;
}

static void report_still(const struct scx_stats_sched *s)
{
	char who[WHO_LEN];

	if (!time_after(jiffies, logged_at + REPORT_LOG_INTERVAL))
		return;
	pr_warn("%s still loops: %llu hits and %llu pick hits so far, last on CPU %u after %u rounds\n",
		report_who(who, &s->last.sched), s->load_hits,
		s->load_pick_hits, s->last.cpu, s->last.rounds);
	logged_at = jiffies;
}

static void report_gone(const struct scx_stats_sched *s)
{
	char who[WHO_LEN];

	pr_warn("%s is gone: it had %llu hits and %llu pick hits on %u CPUs, up to %u rounds a loop and %u a pick, longest pick %llu us\n",
		report_who(who, &s->last.sched), s->load_hits,
		s->load_pick_hits, s->load_cpus, s->max_rounds,
		s->max_pick_rounds, s->max_pick_ns / 1000);
}

/*
 * What a scheduler did until it was loaded again, which may be more than was seen of it:
 * what there was before this load (@hits, of these @load_hits in it), less what there had
 * been before that one (the same when it was seen). If nobody looked in time this is also
 * that of loads in between. Counts that were forgotten meanwhile do not come back.
 */
static u64 report_last_words(u64 hits, u64 load_hits, u64 seen_hits, u64 seen_load_hits)
{
	u64 before = seen_hits - seen_load_hits;

	hits -= load_hits;
	return hits > before ? max(hits - before, seen_load_hits) : seen_load_hits;
}

/* The scheduler that was known by this name; or else room for it. */
static struct report_known *report_find(const struct scx_sched_id *id)
{
	struct report_known *k, *oldest = known;

	for (k = known; k < known + SCX_HIT_SCHEDS; k++) {
		if (!k->stats.last.boottime)
			return k;
		if (scx_sched_same_name(&k->stats.last.sched, id))
			return k;
		/* Rather one of which there is nothing left to be said. */
		if (k->loaded != oldest->loaded ? oldest->loaded :
		    k->stats.last.boottime < oldest->stats.last.boottime)
			oldest = k;
	}
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

static void report_look_at(const struct scx_stats_sched *s)
{
	struct report_known *k = report_find(&s->last.sched);
	const struct scx_hit *last = &k->stats.last;
	bool hit = s->last.boottime > last->boottime;

	if (k->loaded && !scx_sched_same_load(&last->sched, &s->last.sched)) {
		k->stats.load_hits = report_last_words(s->hits, s->load_hits,
						       k->stats.hits,
						       k->stats.load_hits);
		k->stats.load_pick_hits =
			report_last_words(s->pick_hits, s->load_pick_hits,
					  k->stats.pick_hits,
					  k->stats.load_pick_hits);
		report_gone(&k->stats);
		k->loaded = false;
	}
	if (hit && !k->loaded) {
		report_first(&s->last);
		k->loaded = true;
	} else if (hit) {
		report_still(s);
	}
	k->stats = *s;
}

/*
 * Look at who hit since the last time, and who went away. Return true if there
 * is one left that hit and may go away.
 */
static bool report_look(void)
{
	DECLARE_BITMAP(gone, SCX_HIT_SCHEDS);
	unsigned int nr, i;
	bool any = false;

	/* Before the counters are read: one that has gone does not hit. */
	bitmap_zero(gone, SCX_HIT_SCHEDS);
	for (i = 0; i < SCX_HIT_SCHEDS; i++) {
		if (known[i].loaded &&
		    !scx_sched_is_loaded(&known[i].stats.last.sched))
			__set_bit(i, gone);
	}
	nr = scx_stats_scheds(scheds);
	for (i = 0; i < nr; i++)
		report_look_at(&scheds[i]);
	for (i = 0; i < SCX_HIT_SCHEDS; i++) {
		if (test_bit(i, gone) &&
		    !scx_sched_is_loaded(&known[i].stats.last.sched)) {
			report_gone(&known[i].stats);
			known[i].loaded = false;
		}
		any |= known[i].loaded;
	}
	return any;
}

/* Sleep until there are hits, or it is time to see whether somebody went away. */
static void report_wait(bool any)
{
	set_current_state(TASK_IDLE);
	if (!kthread_should_stop() && !READ_ONCE(report_pending)) {
		if (any)
			schedule_timeout(REPORT_GONE_INTERVAL);
		else
			schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int report_thread(void *unused)
{
	u64 reported = 0, hits;
	bool any = false;

	while (!kthread_should_stop()) {
		report_wait(any);
		hits = scx_stats_hits() + scx_stats_pick_hits();
		any = report_look();
		if (hits != reported) {
			reported = hits;
			scx_sysfs_notify_hits();
			/* Still pending, so that nobody wakes us early. */
			schedule_timeout_idle(REPORT_INTERVAL);
			continue;
		}
		WRITE_ONCE(report_pending, false);
		/* A hit counted since then may have found us pending. */
		smp_mb();
		if (scx_stats_hits() + scx_stats_pick_hits() != reported)
			WRITE_ONCE(report_pending, true);
	}
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
