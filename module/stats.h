/* SPDX-License-Identifier: GPL-2.0 */
/* Sums of the per-CPU counters, for readers. */
#ifndef _SCX_LOOP_CAP_STATS_H
#define _SCX_LOOP_CAP_STATS_H

#include <linux/types.h>

#include "hit.h"

/**
 * struct scx_stats_sched - a scheduler that hit a limit
 * @last: its latest hit
 * @hits: loops ended by the limit, since this module was loaded
 * @pick_hits: picks ended by the limit, likewise
 * @load_hits: @hits since the scheduler was loaded
 * @load_pick_hits: @pick_hits since then; all that follows is since then, too
 * @load_cpus: CPUs on which it hit
 * @max_rounds: most rounds of a loop that hit
 * @max_pick_rounds: most rounds of a pick in which there was a hit
 * @max_pick_ns: the longest such pick, in nanoseconds
 */
struct scx_stats_sched {
	struct scx_hit	last;
	u64		hits;
	u64		pick_hits;
	u64		load_hits;
	u64		load_pick_hits;
	u32		load_cpus;
	u32		max_rounds;
	u32		max_pick_rounds;
	u64		max_pick_ns;
};

u64 scx_stats_hits(void);
u64 scx_stats_hits_on(int cpu);
u64 scx_stats_pick_hits(void);
u64 scx_stats_kicks(void);
u64 scx_stats_loops(void);
u64 scx_stats_rounds(void);
u64 scx_stats_max_rounds(void);
u64 scx_stats_max_pick_rounds(void);
u64 scx_stats_max_loop_ns(void);
u64 scx_stats_max_pick_ns(void);
u64 scx_stats_histogram(unsigned int bucket);
unsigned int scx_stats_scheds(struct scx_stats_sched *scheds);
bool scx_stats_last_hit(struct scx_hit *hit);
bool scx_stats_unknown_callers(void);

#endif /* _SCX_LOOP_CAP_STATS_H */
