/* SPDX-License-Identifier: GPL-2.0 */
/* Sums of the per-CPU counters, for readers. */
#ifndef _SCX_LOOP_CAP_STATS_H
#define _SCX_LOOP_CAP_STATS_H

#include <linux/types.h>

struct scx_hit;

u64 scx_stats_hits(void);
u64 scx_stats_hits_on(int cpu);
u64 scx_stats_kicks(void);
u64 scx_stats_loops(void);
u64 scx_stats_rounds(void);
u32 scx_stats_max_rounds(void);
bool scx_stats_last_hit(struct scx_hit *hit);
bool scx_stats_unknown_callers(void);

#endif /* _SCX_LOOP_CAP_STATS_H */
