// SPDX-License-Identifier: GPL-2.0
/*
 * The round logic: counts the rounds of each dispatch loop and ends it.
 *
 * This is the hot path. It runs in place of the kernel's flush_dispatch_buf(),
 * inside a scheduling decision, with the rq lock held and IRQs off. Nothing
 * here may allocate, sleep or print, and nothing that CPUs share is written.
 *
 * The kernel's loop, at each level of nested schedulers, is
 *
 *	do {
 *		nr_tasks = 0;
 *		ops.dispatch();
 *		flush();			<- replaced by this file
 *		leave if @prev keeps running, or the local DSQ has a task,
 *			or the global DSQ yields one
 *		leave and kick the CPU after SCX_DSP_MAX_LOOPS rounds
 *	} while (nr_tasks);
 *
 * so a loop that has to end is told that its last round made no progress.
 */
#include <linux/compiler.h>
#include <linux/instruction_pointer.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/smp.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "gate.h"
#include "kick.h"
#include "layout.h"

DEFINE_PER_CPU_ALIGNED(struct scx_gate_cpu, scx_gate_cpu);
DEFINE_PER_CPU_ALIGNED(struct scx_hit_cpu, scx_hit_cpu);

unsigned int scx_gate_limit __read_mostly;

/* Stands for the original until its address is known; never runs. */
static void gate_no_original(void *a, void *b)
{
}

/*
 * All shapes of the flush take one or two pointers, so one prototype reaches
 * them all; a shape with one parameter ignores the second.
 */
DEFINE_STATIC_CALL(scx_gate_original, gate_no_original);

/* The per-CPU dispatch context that the flush of @sch works on. */
static __always_inline void *gate_dspc(const void *sch)
{
	const void *base;

	switch (scx_layout.dspc_at) {
	case SCX_DSPC_SCHED:
		base = scx_layout_ptr(sch, scx_layout.sch_pcpu);
		break;
	case SCX_DSPC_POINTER:
		base = scx_layout_ptr((const void *)scx_layout.dspc, 0);
		break;
	default:
		base = (const void *)scx_layout.dspc;
	}
	return (char *)base + __my_cpu_offset;
}

/* The loop would have gone round again: count the hit and show it. */
static noinline notrace void gate_confirm(struct scx_gate_cpu *gc)
{
	struct scx_hit_cpu *hc = this_cpu_ptr(&scx_hit_cpu);

	gc->unsure = false;
	raw_write_seqcount_begin(&hc->seq);
	hc->last = hc->next;
	raw_write_seqcount_end(&hc->seq);
	WRITE_ONCE(hc->hits, hc->hits + 1);
}

/*
 * Which of the schedulers loaded since boot this is. The kernel counts at the
 * end of enabling one, and by then it has dispatched already.
 */
static __always_inline u64 gate_load(void)
{
	u64 seq;

	if (!scx_layout.enable_seq)
		return 0;
	seq = scx_layout_u64((const void *)scx_layout.enable_seq, 0);
	if (scx_layout.enable_state &&
	    scx_layout_u32((const void *)scx_layout.enable_state, 0) ==
	    scx_layout.enabling)
		seq++;
	return seq;
}

/*
 * The loop has run as many rounds as it may. End it, unless the kernel is about
 * to do so itself, and note what there is to say.
 *
 * The kernel will now look at the global DSQ, and may find a task there: then
 * it was no hit. That is known when the kick runs, see scx_gate_settle().
 */
static noinline notrace void gate_hit(struct scx_gate_cpu *gc, void *dspc,
				      const void *rq, const void *sch,
				      u32 rounds, u32 limit)
{
	struct scx_hit_cpu *hc = this_cpu_ptr(&scx_hit_cpu);
	const void *ops = scx_layout.ops ? (const void *)scx_layout.ops : sch;
	u32 cpu = scx_layout_u32(rq, scx_layout.rq_cpu);
	bool kernel_ends_it = rounds == scx_layout.kernel_limit;
	size_t len = min_t(size_t, scx_layout.ops_name_len, SCX_GATE_NAME_LEN);

	if (!kernel_ends_it)
		scx_layout_set_u32(dspc, scx_layout.dspc_nr_tasks, 0);

	hc->next.boottime = ktime_get_boot_fast_ns();
	hc->next.cpu = cpu;
	hc->next.rounds = rounds;
	hc->next.limit = limit;
	hc->next.load = gate_load();
	memcpy(hc->next.ops, scx_layout_str(ops, scx_layout.ops_name), len);
	hc->next.ops[len - 1] = '\0';
	hc->prev = scx_layout_ptr(rq, scx_layout.rq_curr);
	gc->unsure = true;
	/* Core scheduling: it is another CPU that will run what was found. */
	if (cpu != smp_processor_id())
		gate_confirm(gc);

	if (scx_kick_queue(cpu, !kernel_ends_it) && !kernel_ends_it)
		WRITE_ONCE(hc->kicks, hc->kicks + 1);
}

/* A caller of the flush that is not a loop: a kfunc, or nobody we know. */
static noinline notrace void gate_other_caller(unsigned long ret_addr)
{
	struct scx_hit_cpu *hc;
	u32 i;

	for (i = 0; i < scx_layout.nr_pass_sites; i++) {
		if (ret_addr == scx_layout.pass_sites[i])
			return;
	}
	hc = this_cpu_ptr(&scx_hit_cpu);
	WRITE_ONCE(hc->unknown, hc->unknown + 1);
	WRITE_ONCE(hc->unknown_at, jiffies);
}

/*
 * Forget loops that are over without their last round having shown it: a round
 * of an outer level ends those inside it.
 */
static noinline notrace void gate_close_inner(struct scx_gate_cpu *gc,
					      u32 level)
{
	while (gc->deepest > level)
		gc->open[gc->deepest--] = 0;
}

/*
 * A loop is left unseen when the global DSQ yields a task. The switch to that
 * task follows, so a changed nr_switches means that no loop is open.
 */
static __always_inline void gate_new_pick(struct scx_gate_cpu *gc,
					  const void *rq, u64 switches)
{
	if (unlikely(gc->deepest))
		gate_close_inner(gc, 0);
	gc->open[0] = 0;
	gc->rq = rq;
	gc->switches = switches;
}

/*
 * Does the kernel's loop end with this round because there is something to run?
 * The same conditions in the same order as scx_dispatch_sched(), formerly
 * balance_one(). Consuming from the global DSQ comes after these and cannot be
 * foreseen.
 */
static __always_inline bool gate_satisfied(const void *rq)
{
	const void *prev = scx_layout_ptr(rq, scx_layout.rq_curr);

	if ((scx_layout_u32(prev, scx_layout.task_flags) &
	     scx_layout.task_queued) &&
	    scx_layout_u64(prev, scx_layout.task_slice))
		return true;
	return scx_layout_u32(rq, scx_layout.rq_local_nr);
}

static __always_inline void gate_round(const void *rq, const void *sch,
				       unsigned long ret_addr)
{
	u32 level = 0, rounds, limit;
	struct scx_gate_cpu *gc;
	u64 switches;
	void *dspc;

	if (ret_addr != scx_layout.root_site) {
		if (ret_addr != scx_layout.nested_site) {
			gate_other_caller(ret_addr);
			return;
		}
		level = scx_layout_u32(sch, scx_layout.sch_level);
		level = min_t(u32, level, SCX_GATE_LEVELS - 1);
	}

	gc = this_cpu_ptr(&scx_gate_cpu);
	switches = scx_layout_u64(rq, scx_layout.rq_nr_switches);
	if (gc->rq != rq || gc->switches != switches)
		gate_new_pick(gc, rq, switches);
	if (unlikely(gc->deepest > level))
		gate_close_inner(gc, level);
	else if (unlikely(gc->deepest < level))
		gc->deepest = level;

	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	rounds = gc->open[level] + 1;
	if (rounds == 1)
		WRITE_ONCE(gc->loops, gc->loops + 1);
	if (rounds > gc->max_rounds)
		WRITE_ONCE(gc->max_rounds, rounds);

	if (likely(gate_satisfied(rq)))
		goto ends;
	dspc = gate_dspc(sch);
	if (!scx_layout_u32(dspc, scx_layout.dspc_nr_tasks))
		goto ends;

	limit = READ_ONCE(scx_gate_limit);
	if (unlikely(rounds >= limit)) {
		gc->open[level] = 0;
		gate_hit(gc, dspc, rq, sch, rounds, limit);
		return;
	}
	gc->open[level] = rounds;
	return;
ends:
	gc->open[level] = 0;
}

/*
 * The scheduler goes on dispatching in a pick in which a loop reached the limit:
 * an outer level after a child's loop, or the pick was started over. What the
 * global DSQ yielded for that loop would still wait on the local DSQ, to which
 * nothing was flushed since.
 */
static __always_inline void gate_before(const void *rq)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);

	if (likely(!gc->unsure))
		return;
	if (scx_layout_u32(rq, scx_layout.rq_local_nr))
		gc->unsure = false;
	else
		gate_confirm(gc);
}

/* One replacement for each shape of the flush, see enum scx_flush_args. */

static noinline notrace void gate_flush_rq(void *rq)
{
	gate_before(rq);
	static_call(scx_gate_original)(rq, NULL);
	gate_round(rq, NULL, _RET_IP_);
}

static noinline notrace void gate_flush_sch_rq(void *sch, void *rq)
{
	gate_before(rq);
	static_call(scx_gate_original)(sch, rq);
	gate_round(rq, sch, _RET_IP_);
}

static noinline notrace void gate_flush_rq_rf(void *rq, void *rf)
{
	gate_before(rq);
	static_call(scx_gate_original)(rq, rf);
	gate_round(rq, NULL, _RET_IP_);
}

/**
 * scx_gate_settle - decide whether the last loop at the limit was a hit
 *
 * If the global DSQ yielded a task after all, that task is now current.
 *
 * Context: hard interrupt, on the CPU that ran the loop, with its pick over.
 * Return: true if there were hits on this CPU since the last call.
 */
bool scx_gate_settle(void)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	struct scx_hit_cpu *hc = this_cpu_ptr(&scx_hit_cpu);

	if (gc->unsure) {
		if (current != hc->prev &&
		    scx_layout_ptr(current, scx_layout.task_class) ==
		    (const void *)scx_layout.ext_class)
			gc->unsure = false;
		else
			gate_confirm(gc);
	}
	if (hc->hits == hc->reported)
		return false;
	hc->reported = hc->hits;
	return true;
}

/**
 * scx_gate_init - prepare the per-CPU state
 *
 * Context: process context, before the replacement is attached.
 */
void scx_gate_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		seqcount_init(&per_cpu(scx_hit_cpu, cpu).seq);
}

/**
 * scx_gate_set_original - tell how to reach the function that is replaced
 * @addr: its first instruction behind the one that ftrace patches
 *
 * Entering it there is what keeps the call from being redirected again. The
 * BPF trampoline calls the function it is attached to in the same way.
 *
 * Context: process context, before the replacement is attached.
 */
void scx_gate_set_original(unsigned long addr)
{
	static_call_update(scx_gate_original,
			   (typeof(gate_no_original) *)addr);
}

/**
 * scx_gate_entry - the replacement for the kernel's flush
 *
 * Context: any, after the layout has been resolved. The function returned runs
 * with the rq lock held and IRQs off.
 * Return: a function with the parameters of the kernel's flush_dispatch_buf()
 * or scx_flush_dispatch_buf().
 */
void *scx_gate_entry(void)
{
	switch (scx_layout.flush_args) {
	case SCX_FLUSH_SCH_RQ:
		return gate_flush_sch_rq;
	case SCX_FLUSH_RQ_RF:
		return gate_flush_rq_rf;
	default:
		return gate_flush_rq;
	}
}
