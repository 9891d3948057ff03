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
#include <linux/seqlock.h>

#include "gate.h"
#include "stats.h"

/* For how long a caller that is not known is held against the state. */
#define UNKNOWN_CALLER_AGE	(10 * HZ)

#define stats_sum(var, counter)						\
({									\
	u64 sum_ = 0;							\
	int cpu_;							\
									\
	for_each_possible_cpu(cpu_)					\
		sum_ += READ_ONCE(per_cpu(var, cpu_).counter);		\
	sum_;								\
})

/**
 * scx_stats_hits - loops ended by the limit, on all CPUs
 *
 * Return: the number since load.
 */
u64 scx_stats_hits(void)
{
	return stats_sum(scx_hit_cpu, hits);
}

/**
 * scx_stats_hits_on - loops ended by the limit on one CPU
 * @cpu: the CPU that ran the loop
 *
 * Return: the number since load.
 */
u64 scx_stats_hits_on(int cpu)
{
	return READ_ONCE(per_cpu(scx_hit_cpu, cpu).hits);
}

/**
 * scx_stats_kicks - deferred kicks queued, on all CPUs
 *
 * Return: the number since load.
 */
u64 scx_stats_kicks(void)
{
	return stats_sum(scx_hit_cpu, kicks);
}

/**
 * scx_stats_loops - dispatch loops that ran at least one round
 *
 * Return: the number since load.
 */
u64 scx_stats_loops(void)
{
	return stats_sum(scx_gate_cpu, loops);
}

/**
 * scx_stats_rounds - rounds of all dispatch loops
 *
 * Return: the number since load.
 */
u64 scx_stats_rounds(void)
{
	return stats_sum(scx_gate_cpu, rounds);
}

/**
 * scx_stats_max_rounds - the longest dispatch loop
 *
 * Return: its rounds.
 */
u32 scx_stats_max_rounds(void)
{
	u32 most = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		most = max_t(u32, most,
			     READ_ONCE(per_cpu(scx_gate_cpu, cpu).max_rounds));
	return most;
}

/**
 * scx_stats_last_hit - the latest hit of all CPUs
 * @hit: filled in
 *
 * Return: false if there was none.
 */
bool scx_stats_last_hit(struct scx_hit *hit)
{
	bool found = false;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct scx_hit_cpu *hc = per_cpu_ptr(&scx_hit_cpu, cpu);
		struct scx_hit copy;
		unsigned int seq;

		do {
			seq = raw_read_seqcount_begin(&hc->seq);
			copy = hc->last;
		} while (read_seqcount_retry(&hc->seq, seq));

		if (!copy.boottime || (found && copy.boottime <= hit->boottime))
			continue;
		*hit = copy;
		found = true;
	}
	return found;
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
		const struct scx_hit_cpu *hc = per_cpu_ptr(&scx_hit_cpu, cpu);

		if (READ_ONCE(hc->unknown) &&
		    time_before(jiffies, READ_ONCE(hc->unknown_at) +
					 UNKNOWN_CALLER_AGE))
			return true;
	}
	return false;
}
