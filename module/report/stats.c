// SPDX-License-Identifier: GPL-2.0
/*
 * Sums of the per-CPU counters, for readers.
 *
 * The counters have 64 bits, which all supported CPUs read in one access, and are
 * never reset. A sum is not a snapshot: CPUs go on counting while it is taken.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "../arch/arch.h"
#include "../gate/counters.h"
#include "../gate/hit.h"
#include "../gate/sched_id.h"
#include "stats.h"

/* For how long an unknown call site of the flush makes the state "degraded". */
#define SLC_STATS_UNKNOWN_AGE	(10 * HZ)

#define slc_stats_sum(var, member)						\
({									\
	u64 sum_ = 0;							\
	int cpu_;							\
									\
	for_each_possible_cpu(cpu_)					\
		sum_ += READ_ONCE(per_cpu(var, cpu_).member);		\
	sum_;								\
})

#define slc_stats_max(var, member)						\
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
 * slc_stats_hits - loops ended by the limit, on all CPUs
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_hits(void)
{
	return slc_stats_sum(*slc_hit_cpu, hits);
}

/**
 * slc_stats_pick_hits - picks ended by their limit, on all CPUs
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_pick_hits(void)
{
	return slc_stats_sum(*slc_hit_cpu, pick_hits);
}

/**
 * slc_stats_hits_on - loops ended by the limit on one CPU
 * @cpu: the CPU that ran the loop
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_hits_on(int cpu)
{
	return READ_ONCE(per_cpu_ptr(slc_hit_cpu, cpu)->hits);
}

/**
 * slc_stats_kicks - deferred kicks queued, on all CPUs
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_kicks(void)
{
	return slc_stats_sum(*slc_hit_cpu, kicks);
}

/**
 * slc_stats_loops - dispatch loops that ran at least one round
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_loops(void)
{
	return slc_stats_sum(slc_gate_cpu, one_round_loops) + slc_stats_sum(slc_gate_cpu, loops);
}

/**
 * slc_stats_rounds - rounds of all dispatch loops
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_rounds(void)
{
	return slc_stats_sum(slc_gate_cpu, one_round_loops) + slc_stats_sum(slc_gate_cpu, rounds);
}

/**
 * slc_stats_max_rounds - the longest dispatch loop
 *
 * Context: process context, while the module is loaded.
 * Return: its rounds.
 */
u64 slc_stats_max_rounds(void)
{
	return slc_stats_max(slc_loop_cpu, max_rounds) ?: !!slc_stats_loops();
}

/**
 * slc_stats_max_pick_rounds - the pick with the most rounds, at all levels
 *
 * Context: process context, while the module is loaded.
 * Return: its rounds.
 */
u64 slc_stats_max_pick_rounds(void)
{
	return slc_stats_max(slc_loop_cpu, max_pick_rounds) ?: !!slc_stats_loops();
}

/**
 * slc_stats_max_loop_ns - the dispatch loop that took longest
 *
 * Context: process context, while the module is loaded.
 * Return: nanoseconds, from the end of its first round; an outermost loop from that of
 * its pick.
 */
u64 slc_stats_max_loop_ns(void)
{
	return slc_arch_cycles_to_ns(slc_stats_max(slc_loop_cpu, max_loop_cycles));
}

/**
 * slc_stats_max_pick_ns - the pick that took longest
 *
 * Context: process context, while the module is loaded.
 * Return: nanoseconds, from the end of its first round.
 */
u64 slc_stats_max_pick_ns(void)
{
	return slc_arch_cycles_to_ns(slc_stats_max(slc_loop_cpu, max_pick_cycles));
}

/**
 * slc_stats_histogram - loops that ended, by their number of rounds
 * @bucket: those with 2^@bucket or more rounds, and less than twice that many
 *
 * Context: process context, while the module is loaded.
 * Return: the number since load.
 */
u64 slc_stats_histogram(unsigned int bucket)
{
	u64 loops = slc_stats_sum(slc_loop_cpu, histogram[bucket]);

	if (!bucket)
		loops += slc_stats_sum(slc_gate_cpu, one_round_loops);
	return loops;
}

static struct slc_stats_sched *slc_stats_find(struct slc_stats_sched *scheds,
					      unsigned int nr,
					      const struct slc_hit_sched *one)
{
	struct slc_stats_sched *s;

	for (s = scheds; s < scheds + nr; s++) {
		if (slc_sched_same_name(&s->last.sched, &one->last.sched))
			return s;
	}
	return NULL;
}

/* Add a scheduler to the list, or its latest hit. Return the length of the list. */
static unsigned int slc_stats_note(struct slc_stats_sched *scheds, unsigned int nr,
				   const struct slc_hit_sched *one)
{
	struct slc_stats_sched *s = slc_stats_find(scheds, nr, one);
	unsigned int i;

	if (!s && nr < SLC_HIT_SCHEDS)
		s = &scheds[nr++];
	if (!s) {
		/* The scheduler that hit longest ago makes room. */
		for (s = scheds, i = 1; i < nr; i++) {
			if (scheds[i].last.boottime < s->last.boottime)
				s = &scheds[i];
		}
	}
	if (s->last.boottime < one->last.boottime)
		s->last = one->last;
	return nr;
}

static void slc_stats_add(struct slc_stats_sched *s, const struct slc_hit_sched *one)
{
	s->hits += one->hits;
	s->pick_hits += one->pick_hits;
	/* It may have been loaded again since it hit on this CPU. */
	if (!slc_sched_same_load(&one->last.sched, &s->last.sched))
		return;
	s->load_hits += one->hits - one->before;
	s->load_pick_hits += one->pick_hits - one->pick_before;
	s->load_cpus++;
	s->max_rounds = max(s->max_rounds, one->max_rounds);
	s->max_pick_rounds = max(s->max_pick_rounds, one->max_pick_rounds);
	s->max_pick_ns = max(s->max_pick_ns, one->max_pick_ns);
}

/**
 * slc_stats_scheds - the schedulers that hit a limit, on all CPUs together
 * @scheds: room for %SLC_HIT_SCHEDS, filled in with those that hit latest
 *
 * Context: process context, while the module is loaded.
 * Return: how many there are.
 */
unsigned int slc_stats_scheds(struct slc_stats_sched *scheds)
{
	struct slc_hit_sched one;
	struct slc_stats_sched *s;
	unsigned int nr = 0, i;
	int cpu;

	memset(scheds, 0, SLC_HIT_SCHEDS * sizeof(*scheds));
	for_each_possible_cpu(cpu) {
		for (i = 0; i < SLC_HIT_SCHEDS && slc_hit_read(cpu, i, &one); i++)
			nr = slc_stats_note(scheds, nr, &one);
	}
	for_each_possible_cpu(cpu) {
		for (i = 0; i < SLC_HIT_SCHEDS && slc_hit_read(cpu, i, &one); i++) {
			s = slc_stats_find(scheds, nr, &one);
			if (s)
				slc_stats_add(s, &one);
		}
	}
	return nr;
}

/**
 * slc_stats_last_hit - the latest hit of all CPUs
 * @hit: filled in
 *
 * Context: process context, while the module is loaded.
 * Return: false if there was none.
 */
bool slc_stats_last_hit(struct slc_hit *hit)
{
	struct slc_hit_sched one;
	unsigned int i;
	int cpu;

	hit->boottime = 0;
	for_each_possible_cpu(cpu) {
		for (i = 0; i < SLC_HIT_SCHEDS && slc_hit_read(cpu, i, &one); i++) {
			if (one.last.boottime > hit->boottime)
				*hit = one.last;
		}
	}
	return hit->boottime;
}

/**
 * slc_stats_unknown_callers - do rounds arrive from unknown call sites?
 *
 * Context: process context, while the module is loaded.
 * Return: true if the flush was called from one in the last 10 seconds.
 */
bool slc_stats_unknown_callers(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct slc_loop_cpu *lc = per_cpu_ptr(&slc_loop_cpu, cpu);

		if (READ_ONCE(lc->unknown) &&
		    time_before(jiffies, READ_ONCE(lc->unknown_at) +
				SLC_STATS_UNKNOWN_AGE))
			return true;
	}
	return false;
}
