/* SPDX-License-Identifier: GPL-2.0 */
/* The round logic: counts the rounds of each dispatch loop and ends it. */
#ifndef _SCX_LOOP_CAP_GATE_H
#define _SCX_LOOP_CAP_GATE_H

#include <linux/cache.h>
#include <linux/percpu.h>
#include <linux/seqlock.h>
#include <linux/types.h>

/* Levels of nested schedulers told apart; the kernel's SCX_SUB_MAX_DEPTH + 1. */
#define SCX_GATE_LEVELS		8

/* Room for a scheduler's name; the kernel's SCX_OPS_NAME_LEN. */
#define SCX_GATE_NAME_LEN	128

/**
 * struct scx_gate_cpu - what the hot path writes, one cache line per CPU
 * @rounds: rounds seen
 * @loops: loops seen
 * @rq: runqueue the open loops belong to; another CPU's under core scheduling
 * @switches: its nr_switches when they were opened
 * @open: rounds run by the open loop of each level, 0 where none is open
 * @max_rounds: most rounds seen in one loop
 * @deepest: no level below this one has an open loop
 * @unsure: the last loop reached the limit, and whether it would have gone round
 *	again is not known yet
 *
 * Written with IRQs off by its own CPU only; read from anywhere.
 */
struct scx_gate_cpu {
	u64		rounds;
	u64		loops;
	const void	*rq;
	u64		switches;
	u16		open[SCX_GATE_LEVELS];
	u16		max_rounds;
	u8		deepest;
	bool		unsure;
} ____cacheline_aligned;

/**
 * struct scx_hit - one loop that was ended by the limit
 * @boottime: when, in nanoseconds of CLOCK_BOOTTIME
 * @load: which scheduler, as the kernel counts them; 0 if it does not
 * @cpu: CPU whose runqueue was dispatched for
 * @rounds: rounds the loop ran
 * @limit: the limit then
 * @ops: name of the scheduler
 */
struct scx_hit {
	u64		boottime;
	u64		load;
	u32		cpu;
	u32		rounds;
	u32		limit;
	char		ops[SCX_GATE_NAME_LEN];
};

/**
 * struct scx_hit_cpu - what only a hit or an unknown caller writes
 * @hits: loops ended by the limit
 * @reported: @hits when the reporter was last woken from this CPU
 * @kicks: deferred kicks queued
 * @unknown: calls of the flush from a place that is not known
 * @unknown_at: jiffies of the last such call
 * @seq: protects @last
 * @last: the last hit of this CPU
 * @next: what becomes @last if it turns out to be a hit
 * @prev: the task that was current then
 */
struct scx_hit_cpu {
	u64		hits;
	u64		reported;
	u64		kicks;
	u64		unknown;
	unsigned long	unknown_at;
	seqcount_t	seq;
	struct scx_hit	last;
	struct scx_hit	next;
	const void	*prev;
} ____cacheline_aligned;

DECLARE_PER_CPU_ALIGNED(struct scx_gate_cpu, scx_gate_cpu);
DECLARE_PER_CPU_ALIGNED(struct scx_hit_cpu, scx_hit_cpu);

/* Rounds allowed per loop; see ABI, "limit". Read with READ_ONCE(). */
extern unsigned int scx_gate_limit;

void scx_gate_init(void);
bool scx_gate_settle(void);
void scx_gate_set_original(unsigned long addr);
void *scx_gate_entry(void);

#endif /* _SCX_LOOP_CAP_GATE_H */
