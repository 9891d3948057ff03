// SPDX-License-Identifier: GPL-2.0
/*
 * What is kept of a hit: when, where, and which scheduler it was.
 *
 * When a loop reaches a limit, the kernel still looks at the global DSQ, and may
 * find a task there: then the loop would have ended anyway, and it was no hit.
 * So a hit is first noted, and settled when it is known, which is when a child
 * scheduler's parent is told whether there is something to run, when the pick is
 * started over, or when the kick runs.
 *
 * Like gate.c this runs with the rq lock held and IRQs off, but only for hits.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "../include/trace/events/scx_loop_cap.h"
#include "gate.h"
#include "hit.h"
#include "kick.h"
#include "layout.h"
#include "sched.h"

/* Too large for the little room that modules have for static per-CPU data. */
struct scx_hit_cpu __percpu *scx_hit_cpu;

/* The entry of the scheduler that @hit is about, or the one that makes room. */
static struct scx_hit_sched *hit_entry(struct scx_hit_cpu *hc,
				       const struct scx_hit *hit)
{
	struct scx_hit_sched *s, *oldest = hc->scheds;

	for (s = hc->scheds; s < hc->scheds + SCX_HIT_SCHEDS; s++) {
		if (s->last.boottime &&
		    scx_sched_same_name(&s->last.sched, &hit->sched))
			return s;
		if (s->last.boottime < oldest->last.boottime)
			oldest = s;
	}
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

/* It was a hit: count it and show it. */
static noinline notrace void hit_confirm(struct scx_hit_cpu *hc)
{
	const struct scx_hit *hit = &hc->next;
	struct scx_hit_sched *s;

	raw_write_seqcount_begin(&hc->seq);
	s = hit_entry(hc, hit);
	if (!scx_sched_same_load(&s->last.sched, &hit->sched)) {
		s->before = s->hits;
		s->pick_before = s->pick_hits;
		s->max_rounds = 0;
		s->max_pick_rounds = 0;
		s->max_pick_ns = 0;
	}
	s->last = *hit;
	s->hits += !!(hit->kinds & SCX_HIT_LOOP);
	s->pick_hits += !!(hit->kinds & SCX_HIT_PICK);
	s->max_rounds = max(s->max_rounds, hit->rounds);
	s->max_pick_rounds = max(s->max_pick_rounds, hit->pick_rounds);
	s->max_pick_ns = max(s->max_pick_ns, hit->pick_ns);
	raw_write_seqcount_end(&hc->seq);

	if (hit->kinds & SCX_HIT_LOOP) {
		WRITE_ONCE(hc->hits, hc->hits + 1);
		trace_scx_loop_cap_hit(hit, SCX_HIT_LOOP);
	}
	if (hit->kinds & SCX_HIT_PICK) {
		WRITE_ONCE(hc->pick_hits, hc->pick_hits + 1);
		trace_scx_loop_cap_hit(hit, SCX_HIT_PICK);
	}
}

/**
 * scx_hit_note - a limit was reached: note what there is to say, and kick
 * @round: the round in which it was
 *
 * Context: IRQs off, rq lock held; nothing is noted and not settled.
 */
void scx_hit_note(const struct scx_hit_round *round)
{
	struct scx_hit_cpu *hc = this_cpu_ptr(scx_hit_cpu);
	struct scx_hit *next = &hc->next;

	next->boottime = ktime_get_boot_fast_ns();
	next->cpu = scx_layout_u32(round->rq, scx_layout.rq_cpu);
	next->rounds = round->rounds;
	next->limit = round->limit;
	next->pick_rounds = round->pick_rounds;
	next->pick_limit = round->pick_limit;
	next->pick_ns = round->pick_ns;
	next->kinds = round->kinds;
	scx_sched_identify(&next->sched, round->sch, round->level);
	hc->prev = scx_layout_ptr(round->rq, scx_layout.rq_curr);
	this_cpu_write(scx_gate_cpu.unsure, true);
	/* Core scheduling: it is another CPU that will run what was found. */
	if (!round->again || next->cpu != smp_processor_id())
		scx_hit_settle(true);

	/* But this one that reports. */
	if (next->cpu != smp_processor_id())
		scx_kick_queue(smp_processor_id(), false);
	if (scx_kick_queue(next->cpu, !round->kernel_ends_it))
		WRITE_ONCE(hc->kicks, hc->kicks + 1);
}

/**
 * scx_hit_settle - it is known what became of the loop that reached a limit
 * @was_hit: false if the global DSQ yielded a task after all
 *
 * Context: IRQs off, something was noted.
 */
void scx_hit_settle(bool was_hit)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	struct scx_hit_cpu *hc = this_cpu_ptr(scx_hit_cpu);

	gc->unsure = false;
	if (was_hit)
		hit_confirm(hc);
	/* Should the pick go on, it is still to be ended by its limit. */
	else if (hc->next.kinds & SCX_HIT_PICK)
		gc->cut = false;
}

/**
 * scx_hit_after_pick - settle what the last pick noted
 *
 * If the global DSQ yielded a task after all, that task is now current.
 *
 * Context: hard interrupt, on the CPU that ran the loop, with its pick over.
 * Return: true if there were hits on this CPU since the last call.
 */
bool scx_hit_after_pick(void)
{
	struct scx_hit_cpu *hc = this_cpu_ptr(scx_hit_cpu);
	u64 sum;

	if (this_cpu_read(scx_gate_cpu.unsure))
		scx_hit_settle(current == hc->prev ||
			       scx_layout_ptr(current, scx_layout.task_class) !=
			       (const void *)scx_layout.ext_class);
	scx_gate_pick_is_over();
	sum = hc->hits + hc->pick_hits;
	if (sum == hc->reported)
		return false;
	hc->reported = sum;
	return true;
}

/**
 * scx_hit_read - one of the schedulers that hit on a CPU
 * @cpu: the CPU
 * @nr: which of them, from 0 to %SCX_HIT_SCHEDS - 1, in no order
 * @sched: filled in
 *
 * Context: any but the one that writes.
 * Return: false if there is none.
 */
bool scx_hit_read(int cpu, unsigned int nr, struct scx_hit_sched *sched)
{
	const struct scx_hit_cpu *hc = per_cpu_ptr(scx_hit_cpu, cpu);
	unsigned int seq;

	do {
		seq = raw_read_seqcount_begin(&hc->seq);
		*sched = hc->scheds[nr];
	} while (read_seqcount_retry(&hc->seq, seq));
	return sched->last.boottime;
}

/**
 * scx_hit_init - make room for hits
 *
 * Context: process context, may sleep; before the gate is attached.
 * Return: 0 or -ENOMEM.
 */
int scx_hit_init(void)
{
	int cpu;

	scx_hit_cpu = alloc_percpu(struct scx_hit_cpu);
	if (!scx_hit_cpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		seqcount_init(&per_cpu_ptr(scx_hit_cpu, cpu)->seq);
	return 0;
}

/**
 * scx_hit_exit - give the room back
 *
 * Context: process context; nothing can hit or read hits any more.
 */
void scx_hit_exit(void)
{
	free_percpu(scx_hit_cpu);
	scx_hit_cpu = NULL;
}
