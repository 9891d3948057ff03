// SPDX-License-Identifier: GPL-2.0
/*
 * Sums of the per-CPU counters, for readers.
 *
 * The counters are 64 bits wide, which x86-64 reads in one go, and are never
 * reset. A sum is not a snapshot: CPUs go on counting while it is taken.
 *
 * Context: any function here may be called from process context, at any time
 * while the module is loaded.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "gate.h"
#include "hit.h"
#include "stats.h"

/* For how long a caller that is not known is held against the state. */
#define UNKNOWN_CALLER_AGE	(10 * HZ)

#define stats_sum(var, member)						\
({									\
	u64 sum_ = 0;							\
	int cpu_;							\
									\
	for_each_possible_cpu(cpu_)					\
		sum_ += READ_ONCE(per_cpu(var, cpu_).member);		\
	sum_;								\
})

#define stats_max(var, member)						\
({									\
	u64 max_ = 0;							\
	int cpu_;							\
									\
	for_each_possible_cpu(cpu_)					\
		max_ = max_t(u64, max_,					\
			     READ_ONCE(per_cpu(var, cpu_).member));	\
	max_;								\
})

/**
 * scx_stats_hits - loops ended by the limit, on all CPUs
 *
 * Return: the number since load.
 */
u64 scx_stats_hits(void)
{
	return stats_sum(*scx_hit_cpu, hits);
}

/**
 * scx_stats_pick_hits - picks ended by their limit, on all CPUs
 *
 * Return: the number since load.
 */
u64 scx_stats_pick_hits(void)
{
	return stats_sum(*scx_hit_cpu, pick_hits);
}

/**
 * scx_stats_hits_on - loops ended by the limit on one CPU
 * @cpu: the CPU that ran the loop
 *
 * Return: the number since load.
 */
u64 scx_stats_hits_on(int cpu)
{
	return READ_ONCE(per_cpu_ptr(scx_hit_cpu, cpu)->hits);
}

/**
 * scx_stats_kicks - deferred kicks queued, on all CPUs
 *
 * Return: the number since load.
 */
u64 scx_stats_kicks(void)
{
	return stats_sum(*scx_hit_cpu, kicks);
}

/**
 * scx_stats_loops - dispatch loops that ran at least one round
 *
 * Return: the number since load.
 */
u64 scx_stats_loops(void)
{
	return stats_sum(scx_gate_cpu, ones) + stats_sum(scx_gate_cpu, loops);
}

/**
 * scx_stats_rounds - rounds of all dispatch loops
 *
 * Return: the number since load.
 */
u64 scx_stats_rounds(void)
{
	return stats_sum(scx_gate_cpu, ones) + stats_sum(scx_gate_cpu, rounds);
}

/**
 * scx_stats_max_rounds - the longest dispatch loop
 *
 * Return: its rounds.
 */
u64 scx_stats_max_rounds(void)
{
	return stats_max(scx_loop_cpu, max_rounds) ?:
	       !!stats_sum(scx_gate_cpu, ones);
}

/**
 * scx_stats_max_pick_rounds - the pick with the most rounds, at all levels
 *
 * Return: its rounds.
 */
u64 scx_stats_max_pick_rounds(void)
{
	return stats_max(scx_loop_cpu, max_pick_rounds) ?:
	       !!stats_sum(scx_gate_cpu, ones);
}

/**
 * scx_stats_max_loop_ns - the dispatch loop that took longest
 *
 * Return: nanoseconds, from the end of its first round.
 */
u64 scx_stats_max_loop_ns(void)
{
	return stats_max(scx_loop_cpu, max_loop_ns);
}

/**
 * scx_stats_max_pick_ns - the pick that took longest
 *
 * Return: nanoseconds, from the end of its first round.
 */
u64 scx_stats_max_pick_ns(void)
{
	return stats_max(scx_loop_cpu, max_pick_ns);
}

/**
 * scx_stats_histogram - loops that ended, by their number of rounds
 * @bucket: those with 2^@bucket or more rounds, and less than twice that many
 *
 * Return: the number since load.
 */
u64 scx_stats_histogram(unsigned int bucket)
{
	u64 loops = stats_sum(scx_loop_cpu, histogram[bucket]);

	if (!bucket)
		loops += stats_sum(scx_gate_cpu, ones);
	return loops;
}

static struct scx_stats_sched *stats_find(struct scx_stats_sched *scheds,
					  unsigned int nr,
					  const struct scx_hit_sched *one)
{
	struct scx_stats_sched *s;

	for (s = scheds; s < scheds + nr; s++) {
		if (scx_sched_same_name(&s->last.sched, &one->last.sched))
			return s;
	}
	return NULL;
}

/* Note who there is, and the latest hit of each. Return how many there are. */
static unsigned int stats_note(struct scx_stats_sched *scheds, unsigned int nr,
			       const struct scx_hit_sched *one)
{
	struct scx_stats_sched *s = stats_find(scheds, nr, one);
	unsigned int i;

	if (!s && nr < SCX_HIT_SCHEDS)
		s = &scheds[nr++];
	if (!s) {
		/* The one that hit longest ago makes room. */
		for (s = scheds, i = 1; i < nr; i++) {
			if (scheds[i].last.boottime < s->last.boottime)
				s = &scheds[i];
		}
	}
	if (s->last.boottime < one->last.boottime)
		s->last = one->last;
	return nr;
}

static void stats_add(struct scx_stats_sched *s, const struct scx_hit_sched *one)
{
	s->hits += one->hits;
	s->pick_hits += one->pick_hits;
	/* It may have been loaded again since it hit on this CPU. */
	if (!scx_sched_same_load(&one->last.sched, &s->last.sched))
		return;
	s->load_hits += one->hits - one->before;
	s->load_pick_hits += one->pick_hits - one->pick_before;
	s->load_cpus++;
	s->max_rounds = max(s->max_rounds, one->max_rounds);
	s->max_pick_rounds = max(s->max_pick_rounds, one->max_pick_rounds);
	s->max_pick_ns = max(s->max_pick_ns, one->max_pick_ns);
}

/**
 * scx_stats_scheds - the schedulers that hit a limit, on all CPUs together
 * @scheds: room for %SCX_HIT_SCHEDS, filled in with those that hit latest
 *
 * Return: how many there are.
 */
unsigned int scx_stats_scheds(struct scx_stats_sched *scheds)
{
	struct scx_hit_sched one;
	struct scx_stats_sched *s;
	unsigned int nr = 0, i;
	int cpu;

	memset(scheds, 0, SCX_HIT_SCHEDS * sizeof(*scheds));
	for_each_possible_cpu(cpu) {
		for (i = 0; i < SCX_HIT_SCHEDS && scx_hit_read(cpu, i, &one); i++)
			nr = stats_note(scheds, nr, &one);
	}
	for_each_possible_cpu(cpu) {
		for (i = 0; i < SCX_HIT_SCHEDS && scx_hit_read(cpu, i, &one); i++) {
			s = stats_find(scheds, nr, &one);
			if (s)
				stats_add(s, &one);
		}
	}
	return nr;
}

/**
 * scx_stats_last_hit - the latest hit of all CPUs
 * @hit: filled in
 *
 * Return: false if there was none.
 */
bool scx_stats_last_hit(struct scx_hit *hit)
{
	struct scx_hit_sched one;
	unsigned int i;
	int cpu;

	hit->boottime = 0;
	for_each_possible_cpu(cpu) {
		for (i = 0; i < SCX_HIT_SCHEDS && scx_hit_read(cpu, i, &one); i++) {
			if (one.last.boottime > hit->boottime)
				*hit = one.last;
		}
	}
	return hit->boottime;
}

/**
 * scx_stats_unknown_callers - do rounds arrive from places not known?
 *
 * Return: true if the flush was called from such a place in the last seconds.
 */
bool scx_stats_unknown_callers(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct scx_loop_cpu *lc = per_cpu_ptr(&scx_loop_cpu, cpu);

		if (READ_ONCE(lc->unknown) &&
		    time_before(jiffies, READ_ONCE(lc->unknown_at) +
					 UNKNOWN_CALLER_AGE))
			return true;
	}
	return false;
}
