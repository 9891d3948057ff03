// SPDX-License-Identifier: GPL-2.0
/*
 * Records hits: when, where, and which scheduler.
 *
 * When a loop reaches a limit the kernel still looks at the global DSQ. If it finds
 * a task there the loop would have ended anyway, and this is no hit. So if the global DSQ
 * is not empty, a hit is first noted and later confirmed or dropped; pick.c knows when.
 *
 * Like pick.c this runs with the rq lock held and IRQs off, but for hits only.
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

#include "../../include/trace/events/scx_loop_cap.h"
#include "../kick.h"
#include "../resolve/layout.h"
#include "hit.h"
#include "sched_id.h"

/* Modules have too little room for static per-CPU data of this size. */
struct slc_hit_cpu __percpu *slc_hit_cpu;

/* The entry of the scheduler that @hit is about, or the one that makes room. */
static struct slc_hit_sched *slc_hit_entry(struct slc_hit_cpu *hc,
					   const struct slc_hit *hit)
{
	struct slc_hit_sched *s, *oldest = hc->scheds;

	for (s = hc->scheds; s < hc->scheds + SLC_HIT_SCHEDS; s++) {
		if (s->last.boottime &&
		    slc_sched_same_name(&s->last.sched, &hit->sched))
			return s;
		if (s->last.boottime < oldest->last.boottime)
			oldest = s;
	}
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

static void slc_hit_trace(const struct slc_hit *hit, enum slc_hit_kind kind)
{
	bool pick = kind == SLC_HIT_PICK;

	trace_scx_loop_cap_hit(hit->cpu, pick ? hit->pick_rounds : hit->rounds,
			       pick ? hit->pick_limit : hit->limit,
			       hit->sched.level, hit->sched.cgroup, kind,
			       hit->sched.ops);
}

/**
 * slc_hit_confirm - count the hit that was noted, and trace it
 *
 * Context: IRQs off, on the CPU that noted it.
 */
noinline notrace void slc_hit_confirm(void)
{
	struct slc_hit_cpu *hc = this_cpu_ptr(slc_hit_cpu);
	const struct slc_hit *hit = &hc->next;
	struct slc_hit_sched *s;

	/* Pairs with read_seqcount_retry() in slc_hit_read(). */
	raw_write_seqcount_begin(&hc->seq);
	s = slc_hit_entry(hc, hit);
	if (!slc_sched_same_load(&s->last.sched, &hit->sched)) {
		s->before = s->hits;
		s->pick_before = s->pick_hits;
		s->max_rounds = 0;
		s->max_pick_rounds = 0;
		s->max_pick_ns = 0;
	}
	s->last = *hit;
	s->hits += !!(hit->kinds & SLC_HIT_LOOP);
	s->pick_hits += !!(hit->kinds & SLC_HIT_PICK);
	s->max_rounds = max(s->max_rounds, hit->rounds);
	s->max_pick_rounds = max(s->max_pick_rounds, hit->pick_rounds);
	s->max_pick_ns = max(s->max_pick_ns, hit->pick_ns);
	/* Pairs with raw_read_seqcount_begin() in slc_hit_read(). */
	raw_write_seqcount_end(&hc->seq);

	if (hit->kinds & SLC_HIT_LOOP) {
		WRITE_ONCE(hc->hits, hc->hits + 1);
		slc_hit_trace(hit, SLC_HIT_LOOP);
	}
	if (hit->kinds & SLC_HIT_PICK) {
		WRITE_ONCE(hc->pick_hits, hc->pick_hits + 1);
		slc_hit_trace(hit, SLC_HIT_PICK);
	}
}

/**
 * slc_hit_kick - queue the kick of a runqueue's CPU, and count it
 * @rq: the runqueue
 * @resched: reschedule the CPU; false if the kernel's own cap does
 *
 * This is what scx_kick_cpu() does upstream, up to 6.17 scx_bpf_kick_cpu().
 *
 * Context: IRQs off, rq lock held.
 */
void slc_hit_kick(const void *rq, bool resched)
{
	struct slc_hit_cpu *hc = this_cpu_ptr(slc_hit_cpu);

	if (slc_kick_queue(slc_layout_u32(rq, slc_layout.rq_cpu), resched))
		WRITE_ONCE(hc->kicks, hc->kicks + 1);
}

/**
 * slc_hit_note - a limit was reached: record the round, and queue the kick
 * @round: the round
 *
 * Context: IRQs off, rq lock held; no hit is pending.
 * Return: true if it was counted; false if it is pending, and slc_hit_confirm() has to
 * follow if it is a hit.
 */
bool slc_hit_note(const struct slc_hit_round *round)
{
	struct slc_hit_cpu *hc = this_cpu_ptr(slc_hit_cpu);
	struct slc_hit *next = &hc->next;

	next->boottime = ktime_get_boot_fast_ns();
	next->cpu = slc_layout_u32(round->rq, slc_layout.rq_cpu);
	next->rounds = round->rounds;
	next->limit = round->limit;
	next->pick_rounds = round->pick_rounds;
	next->pick_limit = round->pick_limit;
	next->pick_ns = round->pick_ns;
	next->kinds = round->kinds;
	slc_sched_identify(&next->sched, round->sch, round->level);
	hc->rq = round->rq;
	hc->prev = slc_layout_ptr(round->rq, slc_layout.rq_curr);
	if (round->certain)
		slc_hit_confirm();

	/* But this CPU counts the hit, so its kick has to report it. */
	if (next->cpu != smp_processor_id())
		slc_kick_queue(smp_processor_id(), false);
	slc_hit_kick(round->rq, !round->kernel_ends_it);
	return round->certain;
}

/**
 * slc_hit_pending_kinds - which limits the pending hit is about
 *
 * Context: IRQs off, on the CPU that noted it.
 * Return: mask of enum slc_hit_kind.
 */
u8 slc_hit_pending_kinds(void)
{
	return this_cpu_ptr(slc_hit_cpu)->next.kinds;
}

/**
 * slc_hit_was_hit - did the limit end the loop of the pending hit?
 *
 * If the global DSQ had a task instead, it is in the local DSQ of the runqueue, or runs.
 * If the CPU picked a task of a higher class, such as a real-time task that became ready
 * meanwhile, it need not be there any more: ops.cpu_release() may have queued it anew. So
 * only a CPU that found nothing to run, or goes on as before, is sure to have been without.
 *
 * Context: IRQs off, on the CPU that noted it, after the loop. Also without the rq lock:
 * what was curr on another CPU is freed after a grace period, which IRQs off hold back.
 * Return: true if no task waits there, and it is idle or runs the task that it ran before.
 */
bool slc_hit_was_hit(void)
{
	const struct slc_hit_cpu *hc = this_cpu_ptr(slc_hit_cpu);
	const void *curr = slc_layout_ptr(hc->rq, slc_layout.rq_curr);

	return !slc_layout_u32(hc->rq, slc_layout.rq_local_nr) &&
	       (curr == hc->prev || slc_layout_ptr(curr, slc_layout.task_class) ==
		(const void *)slc_layout.idle_class);
}

/**
 * slc_hit_take_unreported - were there hits on this CPU since the last call?
 *
 * Context: hard interrupt, on that CPU.
 * Return: true if so.
 */
bool slc_hit_take_unreported(void)
{
	struct slc_hit_cpu *hc = this_cpu_ptr(slc_hit_cpu);
	u64 sum = hc->hits + hc->pick_hits;

	if (sum == hc->reported)
		return false;
	hc->reported = sum;
	return true;
}

/**
 * slc_hit_read - one of the schedulers that hit on a CPU
 * @cpu: the CPU
 * @nr: which of them, from 0 to %SLC_HIT_SCHEDS - 1, in no order
 * @sched: filled in
 *
 * Context: any but the one that writes.
 * Return: false if there is none.
 */
bool slc_hit_read(int cpu, unsigned int nr, struct slc_hit_sched *sched)
{
	const struct slc_hit_cpu *hc = per_cpu_ptr(slc_hit_cpu, cpu);
	unsigned int seq;

	do {
		/* Pairs with raw_write_seqcount_end() in slc_hit_confirm(). */
		seq = raw_read_seqcount_begin(&hc->seq);
		*sched = hc->scheds[nr];
		/* Pairs with raw_write_seqcount_begin() in slc_hit_confirm(). */
	} while (read_seqcount_retry(&hc->seq, seq));
	return sched->last.boottime;
}

/**
 * slc_hit_init - allocate the room for hits
 *
 * Context: process context, may sleep; before the gate is attached.
 * Return: 0 or -ENOMEM.
 */
int slc_hit_init(void)
{
	int cpu;

	slc_hit_cpu = alloc_percpu(struct slc_hit_cpu);
	if (!slc_hit_cpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		seqcount_init(&per_cpu_ptr(slc_hit_cpu, cpu)->seq);
	return 0;
}

/**
 * slc_hit_exit - free the room for hits
 *
 * Context: process context; no CPU can hit, and no file in sysfs is left.
 */
void slc_hit_exit(void)
{
	free_percpu(slc_hit_cpu);
	slc_hit_cpu = NULL;
}
