/* SPDX-License-Identifier: GPL-2.0 */
/* Sums of the per-CPU counters, for readers. */
#ifndef _SLC_STATS_H
#define _SLC_STATS_H

#include <linux/types.h>

#include "../gate/hit.h"

/**
 * struct slc_stats_sched - a scheduler that hit a limit, on all CPUs
 * @last: its latest hit
 * @hits: loops ended by the limit, since this module was loaded
 * @pick_hits: picks ended by the limit, likewise
 * @load_hits: @hits since the scheduler was loaded
 * @load_pick_hits: @pick_hits since then
 * @load_cpus: CPUs on which it hit since then
 * @max_rounds: most rounds of a loop that hit since then
 * @max_pick_rounds: most rounds of a pick with a hit since then
 * @max_pick_ns: the longest such pick, in nanoseconds
 */
struct slc_stats_sched {
	struct slc_hit	last;
	u64		hits;
	u64		pick_hits;
	u64		load_hits;
	u64		load_pick_hits;
	u32		load_cpus;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		max_pick_ns;
};

u64 slc_stats_hits(void);
u64 slc_stats_hits_on(int cpu);
u64 slc_stats_pick_hits(void);
u64 slc_stats_kicks(void);
u64 slc_stats_loops(void);
u64 slc_stats_rounds(void);
u64 slc_stats_max_rounds(void);
u64 slc_stats_max_pick_rounds(void);
u64 slc_stats_max_loop_ns(void);
u64 slc_stats_max_pick_ns(void);
u64 slc_stats_histogram(unsigned int bucket);
unsigned int slc_stats_scheds(struct slc_stats_sched *scheds);
bool slc_stats_last_hit(struct slc_hit *hit);
bool slc_stats_unknown_callers(void);

#endif /* _SLC_STATS_H */
