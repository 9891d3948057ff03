// SPDX-License-Identifier: GPL-2.0
/*
 * Reports hits to the kernel's log and to pollers, outside of the scheduler.
 *
 * A workqueue would not do: while a scheduler loops its kworkers are among the tasks
 * that starve. The reporter is a thread of a real-time class, which runs as soon as
 * an ended loop lets its CPU go. It is not a kthread_worker, because every CPU would
 * take the worker's lock for every hit, in interrupt context; slc_log_wake() reads
 * one variable if the reporter is busy already.
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

#include "../../include/scx_loop_cap.h"
#include "../gate/hit.h"
#include "../gate/sched_id.h"
#include "log.h"
#include "stats.h"
#include "stats_files.h"

/* Pollers are woken, and lines about a loop that goes on printed, at most this often. */
#define SLC_LOG_NOTIFY_INTERVAL	(HZ / 10)
#define SLC_LOG_LINE_INTERVAL	(10 * HZ)

/* Within this time it is noticed that a scheduler is gone. */
#define SLC_LOG_GONE_INTERVAL	HZ

static struct task_struct *slc_log_task;
static bool slc_log_pending;

/* Used by the reporter only. */
static struct slc_stats_sched slc_log_scheds[SLC_HIT_SCHEDS];
static struct slc_log_known {
	struct slc_stats_sched	stats;	/* as last read; .last.boottime 0: unused */
	bool			loaded;
} slc_log_known[SLC_HIT_SCHEDS];
static unsigned long slc_log_last_line;

/* Room for how a line names a scheduler. */
#define SLC_LOG_WHO_LEN		(SCX_LOOP_CAP_OPS_LEN + 64)

static const char *slc_log_who(char *buf, const struct slc_sched_id *id)
{
	if (id->level)
		snprintf(buf, SLC_LOG_WHO_LEN, "scheduler \"%s\" (level %u, cgroup %llu)",
			 id->ops, id->level, id->cgroup);
	else
		snprintf(buf, SLC_LOG_WHO_LEN, "scheduler \"%s\"", id->ops);
	return buf;
}

static void slc_log_first_hit(const struct slc_hit *hit)
{
	char who[SLC_LOG_WHO_LEN];

	slc_log_who(who, &hit->sched);
	if (hit->kinds & SLC_HIT_PICK)
		pr_warn("%s loops in ops.dispatch(): CPU %u ended a pick after %u rounds, pick limit %u\n",
			who, hit->cpu, hit->pick_rounds, hit->pick_limit);
	else
		pr_warn("%s loops in ops.dispatch(): CPU %u left it after %u rounds, limit %u\n",
			who, hit->cpu, hit->rounds, hit->limit);
	slc_log_last_line = jiffies;
}

static void slc_log_still_loops(const struct slc_stats_sched *s)
{
	char who[SLC_LOG_WHO_LEN];

	if (!time_after(jiffies, slc_log_last_line + SLC_LOG_LINE_INTERVAL))
		return;
	pr_warn("%s still loops: %llu hits and %llu pick hits so far, last on CPU %u after %u rounds\n",
		slc_log_who(who, &s->last.sched), s->load_hits,
		s->load_pick_hits, s->last.cpu, s->last.rounds);
	slc_log_last_line = jiffies;
}

static void slc_log_gone(const struct slc_stats_sched *s)
{
	char who[SLC_LOG_WHO_LEN];

	pr_warn("%s is gone: it had %llu hits and %llu pick hits on %u CPUs, up to %u rounds a loop and %u a pick, longest pick %llu us\n",
		slc_log_who(who, &s->last.sched), s->load_hits,
		s->load_pick_hits, s->load_cpus, s->max_rounds,
		s->max_pick_rounds, s->max_pick_ns / 1000);
}

/*
 * Hits that a scheduler had until it was loaded again. These may be more than those
 * last read. @hits counts all loads, @load_hits of them the present one; @seen_hits and
 * @seen_load_hits are the same as last read. If schedulers were loaded twice between two
 * reads, the loads in between are included. Counts of an entry that made room are lost.
 */
static u64 slc_log_unreported_hits(u64 hits, u64 load_hits, u64 seen_hits, u64 seen_load_hits)
{
	u64 before = seen_hits - seen_load_hits;

	hits -= load_hits;
	return hits > before ? max(hits - before, seen_load_hits) : seen_load_hits;
}

/* The entry of the scheduler with this name, or room for it. */
static struct slc_log_known *slc_log_find(const struct slc_sched_id *id)
{
	struct slc_log_known *k, *oldest = slc_log_known;

	for (k = slc_log_known; k < slc_log_known + SLC_HIT_SCHEDS; k++) {
		if (!k->stats.last.boottime)
			return k;
		if (slc_sched_same_name(&k->stats.last.sched, id))
			return k;
		/* Prefer one that is gone: all about it has been logged. */
		if (k->loaded != oldest->loaded ? oldest->loaded :
		    k->stats.last.boottime < oldest->stats.last.boottime)
			oldest = k;
	}
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

static void slc_log_check_sched(const struct slc_stats_sched *s)
{
	struct slc_log_known *k = slc_log_find(&s->last.sched);
	const struct slc_hit *last = &k->stats.last;
	bool hit = s->last.boottime > last->boottime;

	if (k->loaded && !slc_sched_same_load(&last->sched, &s->last.sched)) {
		k->stats.load_hits = slc_log_unreported_hits(s->hits, s->load_hits,
							     k->stats.hits,
							     k->stats.load_hits);
		k->stats.load_pick_hits =
			slc_log_unreported_hits(s->pick_hits, s->load_pick_hits,
						k->stats.pick_hits,
						k->stats.load_pick_hits);
		slc_log_gone(&k->stats);
		k->loaded = false;
	}
	if (hit && !k->loaded) {
		slc_log_first_hit(&s->last);
		k->loaded = true;
	} else if (hit) {
		slc_log_still_loops(s);
	}
	k->stats = *s;
}

/*
 * Log which schedulers hit since the last call, and which are gone. Return true if one
 * that hit is still loaded.
 */
static bool slc_log_check_all(void)
{
	DECLARE_BITMAP(gone, SLC_HIT_SCHEDS);
	unsigned int nr, i;
	bool any = false;

	/* Before the counters are read: a scheduler that is gone hits no more. */
	bitmap_zero(gone, SLC_HIT_SCHEDS);
	for (i = 0; i < SLC_HIT_SCHEDS; i++) {
		if (slc_log_known[i].loaded &&
		    !slc_sched_is_loaded(&slc_log_known[i].stats.last.sched))
			__set_bit(i, gone);
	}
	nr = slc_stats_scheds(slc_log_scheds);
	for (i = 0; i < nr; i++)
		slc_log_check_sched(&slc_log_scheds[i]);
	for (i = 0; i < SLC_HIT_SCHEDS; i++) {
		if (test_bit(i, gone) &&
		    !slc_sched_is_loaded(&slc_log_known[i].stats.last.sched)) {
			slc_log_gone(&slc_log_known[i].stats);
			slc_log_known[i].loaded = false;
		}
		any |= slc_log_known[i].loaded;
	}
	return any;
}

/* Sleep until there are hits, or until it is time to look for schedulers that are gone. */
static void slc_log_wait(bool any)
{
	/* Pairs with wake_up_process() in slc_log_wake() and with kthread_stop(). */
	set_current_state(TASK_IDLE);
	if (!kthread_should_stop() && !READ_ONCE(slc_log_pending)) {
		if (any)
			schedule_timeout(SLC_LOG_GONE_INTERVAL);
		else
			schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int slc_log_thread(void *unused)
{
	u64 reported = 0, hits;
	bool any = false;

	while (!kthread_should_stop()) {
		slc_log_wait(any);
		hits = slc_stats_hits() + slc_stats_pick_hits();
		any = slc_log_check_all();
		if (hits != reported) {
			reported = hits;
			slc_stats_files_notify();
			/* Still pending, so that slc_log_wake() does not end the sleep. */
			schedule_timeout_idle(SLC_LOG_NOTIFY_INTERVAL);
			continue;
		}
		WRITE_ONCE(slc_log_pending, false);
		/*
		 * A hit that was counted before this was written did not wake the reporter, so
		 * read the counters after it. Pairs with smp_mb() in slc_log_wake().
		 */
		smp_mb();
		if (slc_stats_hits() + slc_stats_pick_hits() != reported)
			WRITE_ONCE(slc_log_pending, true);
	}
	return 0;
}

/**
 * slc_log_start - start the reporter
 *
 * Context: process context, may sleep; before the gate is attached.
 * Return: 0, or the error of creating a thread.
 */
int slc_log_start(void)
{
	struct task_struct *task;

	task = kthread_create(slc_log_thread, NULL, SCX_LOOP_CAP_NAME);
	if (IS_ERR(task))
		return PTR_ERR(task);
	sched_set_fifo_low(task);
	slc_log_task = task;
	wake_up_process(task);
	return 0;
}

/**
 * slc_log_stop - stop the reporter
 *
 * Context: process context, may sleep; after slc_kick_flush(), so that nothing can
 * wake it any more.
 */
void slc_log_stop(void)
{
	kthread_stop(slc_log_task);
}

/**
 * slc_log_wake - make the reporter read the counters
 *
 * Context: hard interrupt, rq lock not held.
 */
void slc_log_wake(void)
{
	/*
	 * A reporter that is found pending has to see the hit, so read that after the
	 * counters were written. Pairs with smp_mb() in slc_log_thread().
	 */
	smp_mb();
	if (READ_ONCE(slc_log_pending))
		return;
	WRITE_ONCE(slc_log_pending, true);
	/* Pairs with set_current_state() in slc_log_wait(). */
	wake_up_process(slc_log_task);
}
