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
 *		ops.dispatch();			<- runs the loops of children
 *		flush();			<- replaced by this file
 *		leave if @prev keeps running, or the local DSQ has a task,
 *			or the global DSQ yields one
 *		leave and kick the CPU after SCX_DSP_MAX_LOOPS rounds
 *	} while (nr_tasks);
 *
 * so a loop that has to end is told that its last round made no progress.
 *
 * A pick is one run of the outermost loop with all that is nested in it. It
 * begins with the first round at any level, usually a child's, and is over when
 * the outermost loop ends.
 */
#include <linux/compiler.h>
#include <linux/instruction_pointer.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/static_call.h>
#include <linux/timekeeping.h>

#include "gate.h"
#include "hit.h"
#include "layout.h"

/* In a loop that goes on, the clock is read once in so many rounds. */
#define GATE_TIMED_ROUNDS	32

DEFINE_PER_CPU_ALIGNED(struct scx_gate_cpu, scx_gate_cpu);
DEFINE_PER_CPU_ALIGNED(struct scx_loop_cpu, scx_loop_cpu);

unsigned int scx_gate_limit __read_mostly;
unsigned int scx_gate_pick_limit __read_mostly;

/* Stands for the original until its address is known; never runs. */
static void gate_no_original(void *a, void *b)
{
}

/*
 * All shapes of the flush take one or two pointers, so one prototype reaches
 * them all; a shape with one parameter ignores the second.
 */
DEFINE_STATIC_CALL(scx_gate_original, gate_no_original);

/*
 * scx_bpf_sub_dispatch() is handed on whatever it is called with, in all the
 * registers that can hold parameters, and only its result is looked at.
 */
static unsigned long gate_no_sub_dispatch(unsigned long a, unsigned long b,
					  unsigned long c, unsigned long d,
					  unsigned long e, unsigned long f)
{
	return 0;
}

DEFINE_STATIC_CALL(scx_gate_sub_original, gate_no_sub_dispatch);

/* The per-CPU dispatch context that the flush of @sch works on. */
static __always_inline void *gate_dspc(const void *sch)
{
	const void *base;

	/* 7.1 and later */
	if (likely(scx_layout.dspc_at == SCX_DSPC_SCHED))
		base = scx_layout_ptr(sch, scx_layout.sch_pcpu);
	else if (scx_layout.dspc_at == SCX_DSPC_POINTER)
		base = scx_layout_ptr((const void *)scx_layout.dspc, 0);
	else
		base = (const void *)scx_layout.dspc;
	return (char *)base + __my_cpu_offset;
}

/* Is it a kfunc that flushes, and no loop? */
static __always_inline bool gate_passes(unsigned long ret_addr)
{
	const unsigned long *site = scx_layout.pass_sites;
	const unsigned long *end = site + scx_layout.nr_pass_sites;

	for (; site < end; site++) {
		if (ret_addr == *site)
			return true;
	}
	return false;
}

/* A caller of the flush that nobody knows. */
static __always_inline void gate_other_caller(void)
{
	struct scx_loop_cpu *lc = this_cpu_ptr(&scx_loop_cpu);

	WRITE_ONCE(lc->unknown, lc->unknown + 1);
	WRITE_ONCE(lc->unknown_at, jiffies);
}

/*
 * Does the kernel's loop end with this round because there is something to run?
 * The same conditions as in scx_dispatch_sched(), formerly balance_one(), but the
 * most common one first. Consuming from the global DSQ comes after these and cannot
 * be foreseen.
 */
static __always_inline bool gate_satisfied(const void *rq)
{
	const void *prev;

	if (likely(scx_layout_u32(rq, scx_layout.rq_local_nr)))
		return true;
	prev = scx_layout_ptr(rq, scx_layout.rq_curr);
	return (scx_layout_u32(prev, scx_layout.task_flags) &
		scx_layout.task_queued) &&
	       scx_layout_u64(prev, scx_layout.task_slice);
}

/* Does it go round again? */
static __always_inline bool gate_again(const void *rq, const void *sch)
{
	return !gate_satisfied(rq) &&
	       scx_layout_u32(gate_dspc(sch), scx_layout.dspc_nr_tasks);
}

/* The loop that is open at @level is over: file it. */
static __always_inline void gate_close(struct scx_gate_cpu *gc, u32 level)
{
	struct scx_loop_cpu *lc = this_cpu_ptr(&scx_loop_cpu);
	u64 *bucket;

	if (!gc->open[level])
		return;
	bucket = &lc->histogram[ilog2(gc->open[level])];
	WRITE_ONCE(*bucket, *bucket + 1);
	gc->open[level] = 0;
}

/*
 * Close loops that are over without their last round having shown it: a round
 * of an outer level ends those inside it.
 */
static __always_inline void gate_close_inner(struct scx_gate_cpu *gc, u32 level)
{
	while (gc->deepest > level)
		gate_close(gc, gc->deepest--);
}

static __always_inline void gate_end_pick(struct scx_gate_cpu *gc)
{
	gate_close_inner(gc, 0);
	gate_close(gc, 0);
	gc->pick = 0;
	gc->cut = false;
	gc->refused = false;
	gc->timed = false;
}

/*
 * A loop is left unseen when the global DSQ yields a task. The switch to that
 * task follows, so a changed nr_switches means that no loop is open.
 */
static __always_inline bool gate_switched(const struct scx_gate_cpu *gc)
{
	return gc->switches !=
	       scx_layout_u64(gc->rq, scx_layout.rq_nr_switches);
}

/* This clock may seem to step back a little. */
static __always_inline u64 gate_since(u64 begin, u64 now)
{
	return now > begin ? now - begin : 0;
}

static __always_inline void gate_note_most(u32 rounds, u32 pick)
{
	struct scx_loop_cpu *lc = this_cpu_ptr(&scx_loop_cpu);

	if (rounds > lc->max_rounds)
		WRITE_ONCE(lc->max_rounds, rounds);
	if (pick > lc->max_pick_rounds)
		WRITE_ONCE(lc->max_pick_rounds, pick);
}

/*
 * Time a round of a loop or of a pick that has more than one, from the end of the
 * first such round. Return how long the pick has taken so far.
 */
static noinline notrace u64 gate_time(struct scx_gate_cpu *gc, u32 level,
				      u32 rounds)
{
	struct scx_loop_cpu *lc = this_cpu_ptr(&scx_loop_cpu);
	u64 now = ktime_get_mono_fast_ns(), took;

	if (rounds == 1) {
		lc->loop_begin[level] = now;
	} else {
		took = gate_since(lc->loop_begin[level], now);
		if (took > lc->max_loop_ns)
			WRITE_ONCE(lc->max_loop_ns, took);
	}
	if (!gc->timed) {
		gc->timed = true;
		lc->pick_begin = now;
		return 0;
	}
	took = gate_since(lc->pick_begin, now);
	if (took > lc->max_pick_ns)
		WRITE_ONCE(lc->max_pick_ns, took);
	return took;
}

/* Does the kernel's own cap end a loop with this round? */
static __always_inline bool gate_kernel_ends(u32 rounds)
{
	u32 cap = scx_layout.kernel_limit;

	return cap && rounds >= cap && !(rounds % cap);
}

/* Has the pick used up its rounds? A loop that is all of it is the limit's concern. */
static __always_inline bool gate_pick_is_full(const struct scx_gate_cpu *gc,
					      u32 rounds, u32 bound)
{
	return gc->pick > rounds && gc->pick >= bound;
}

/* Nested loops with a round each are none of those that take long; but many may be. */
static __always_inline bool gate_pick_is_long(const struct scx_gate_cpu *gc)
{
	return gc->pick > SCX_GATE_LEVELS;
}

/* The loop at @level is over. */
static __always_inline void gate_end_loop(struct scx_gate_cpu *gc, u32 level)
{
	if (level)
		gate_close(gc, level);
	else
		gate_end_pick(gc);
}

/* A round in which a limit is reached, or the kernel's own cap. */
static noinline notrace void gate_limit(struct scx_gate_cpu *gc, const void *rq,
					const void *sch, u32 level, bool again)
{
	u32 limit = READ_ONCE(scx_gate_limit), bound = scx_gate_pick_bound();
	u32 rounds = gc->open[level];
	bool ends_it = gate_kernel_ends(rounds);
	u64 pick_ns = 0;
	u8 kinds = 0;

	if (again || rounds > 1 || gate_pick_is_long(gc))
		pick_ns = gate_time(gc, level, rounds);
	if (again && rounds >= limit)
		kinds |= SCX_HIT_LOOP;
	if ((again && gate_pick_is_full(gc, rounds, bound)) || gc->refused) {
		/* Counts once a pick, though all its loops end. */
		if (!gc->cut)
			kinds |= SCX_HIT_PICK;
		gc->cut = true;
		gc->refused = false;
	}
	if (kinds) {
		struct scx_hit_round round = {
			.rq		= rq,
			.sch		= sch,
			.level		= level,
			.rounds		= rounds,
			.limit		= limit,
			.pick_rounds	= gc->pick,
			.pick_limit	= bound,
			.pick_ns	= pick_ns,
			.kinds		= kinds,
			.again		= again,
			.kernel_ends_it	= ends_it,
		};

		scx_hit_note(&round);
	}
	if (again && !kinds && !gc->cut) {
		/* If the kernel ends it before its time, it is run again. */
		gc->cut_short = ends_it && gc->hosted;
		if (!ends_it || gc->cut_short)
			return;
	}
	/* Unless the kernel is about to do so itself. */
	if (again && !ends_it)
		scx_layout_set_u32(gate_dspc(sch), scx_layout.dspc_nr_tasks, 0);
	gate_end_loop(gc, level);
}

/* Rounds of a pick that left its count behind are in no maximum yet. */
static __always_inline void gate_end_old_pick(struct scx_gate_cpu *gc)
{
	gate_note_most(gc->open[0], gc->pick);
	gate_end_pick(gc);
}

/* The pick of which this is the first round. */
static noinline notrace void gate_begin_pick(struct scx_gate_cpu *gc,
					     const void *rq)
{
	if (gc->pick)
		gate_end_old_pick(gc);
	gc->rq = rq;
	gc->switches = scx_layout_u64(rq, scx_layout.rq_nr_switches);
}

/*
 * A round of a pick that has more than one, or may come to have: a loop goes
 * round again or did so before, or schedulers are nested.
 */
static noinline notrace void gate_count(const void *rq, const void *sch,
					u32 level, bool again)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	u32 rounds;

	gc->cut_short = false;
	if (!gc->pick || gc->rq != rq || gate_switched(gc))
		gate_begin_pick(gc, rq);
	gc->pick++;
	gate_close_inner(gc, level);
	gc->deepest = level;

	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	rounds = ++gc->open[level];
	if (rounds == 1)
		WRITE_ONCE(gc->loops, gc->loops + 1);
	gate_note_most(rounds, gc->pick);

	if (gc->refused || (again && (rounds >= READ_ONCE(scx_gate_limit) || gc->cut ||
				      gate_pick_is_full(gc, rounds, scx_gate_pick_bound()) ||
				      gate_kernel_ends(rounds)))) {
		gate_limit(gc, rq, sch, level, again);
		return;
	}
	if (again ? rounds == 1 || !(rounds % GATE_TIMED_ROUNDS) :
		    rounds > 1 || gate_pick_is_long(gc))
		gate_time(gc, level, rounds);
	if (!again)
		gate_end_loop(gc, level);
}

/*
 * One more round of a loop that goes on, has reached nothing, and is all there is to
 * the pick. Most rounds of a loop that wastes them are such, and this is all that
 * they pay. The clock is read in few of them: often enough to know how long a loop
 * took whose last round does not show.
 */
static __always_inline bool gate_one_more(const void *rq)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	u32 rounds = gc->open[0] + 1;

	if (!gc->pick || gc->pick + 1 != rounds ||
	    gc->rq != rq || gate_switched(gc) ||
	    gc->cut || gc->refused || gc->cut_short ||
	    rounds >= READ_ONCE(scx_gate_limit) ||
	    gate_kernel_ends(rounds) || !(rounds % GATE_TIMED_ROUNDS))
		return false;
	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	gc->open[0] = rounds;
	gc->pick = rounds;
	return true;
}

/*
 * The first round of a pick that seems to go on, at the outermost level. If the global
 * DSQ has a task for this CPU it does not: then this is all that picks pay, as it also
 * files one like that before it.
 */
static noinline notrace bool gate_first(const void *rq)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	struct scx_loop_cpu *lc = this_cpu_ptr(&scx_loop_cpu);
	u64 switches = scx_layout_u64(rq, scx_layout.rq_nr_switches);

	if (READ_ONCE(scx_gate_limit) == 1 || gate_kernel_ends(1) ||
	    gc->refused || gc->cut || gc->cut_short)
		return false;
	if (gc->pick) {
		/* A round of a loop that goes on has the same count of switches. */
		if (gc->pick != 1 || gc->open[0] != 1 ||
		    (gc->rq == rq && gc->switches == switches))
			return false;
		WRITE_ONCE(lc->histogram[0], lc->histogram[0] + 1);
	}
	gc->rq = rq;
	gc->switches = switches;
	gc->pick = 1;
	gc->open[0] = 1;
	gc->deepest = 0;
	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	WRITE_ONCE(gc->loops, gc->loops + 1);
	gate_note_most(1, 1);
	gc->timed = true;
	lc->pick_begin = ktime_get_mono_fast_ns();
	lc->loop_begin[0] = lc->pick_begin;
	return true;
}

/* The common loop has one round, and this is all that it pays. */
static __always_inline void gate_round(const void *rq, const void *sch)
{
	bool again = gate_again(rq, sch);

	if (likely(!again && !this_cpu_read(scx_gate_cpu.pick)))
		this_cpu_inc(scx_gate_cpu.ones);
	else if (!again || (!gate_one_more(rq) && !gate_first(rq)))
		gate_count(rq, sch, 0, again);
}

/*
 * Before anything is dispatched: the outermost loop reached a limit, and the pick
 * was started over. It would not dispatch if the global DSQ had yielded a task.
 */
static __always_inline void gate_before(void)
{
	if (unlikely(this_cpu_read(scx_gate_cpu.unsure)))
		scx_hit_settle(true);
}

/* The flush of a child's loop, with the parameters @a and @b. */
static noinline notrace void gate_flush_child(void *a, void *b, const void *rq,
					      const void *sch)
{
	u32 level;

	gate_before();
	static_call(scx_gate_original)(a, b);
	level = scx_layout_u32(sch, scx_layout.sch_level);
	gate_count(rq, sch, min_t(u32, level, SCX_GATE_LEVELS - 1),
		   gate_again(rq, sch));
}

/* The same of anybody else than the outermost loop. */
static noinline notrace void gate_flush_other(void *a, void *b, const void *rq,
					      const void *sch,
					      unsigned long ret_addr)
{
	if (ret_addr != scx_layout.nested_site) {
		if (unlikely(!gate_passes(ret_addr)))
			gate_other_caller();
		static_call(scx_gate_original)(a, b);
		return;
	}
	gate_flush_child(a, b, rq, sch);
}

static __always_inline void gate_flush(void *a, void *b, const void *rq,
				       const void *sch, unsigned long ret_addr)
{
	if (unlikely(ret_addr != scx_layout.root_site)) {
		gate_flush_other(a, b, rq, sch, ret_addr);
		return;
	}
	gate_before();
	static_call(scx_gate_original)(a, b);
	gate_round(rq, sch);
}

/* One replacement for each shape of the flush, see enum scx_flush_args. */

notrace void scx_gate_flush_rq(void *rq)
{
	gate_flush(rq, NULL, rq, NULL, _RET_IP_);
}

notrace void scx_gate_flush_sch_rq(void *sch, void *rq)
{
	gate_flush(sch, rq, rq, sch, _RET_IP_);
}

notrace void scx_gate_flush_rq_rf(void *rq, void *rf)
{
	gate_flush(rq, rf, rq, NULL, _RET_IP_);
}

/**
 * scx_gate_sub_dispatch - the replacement for scx_bpf_sub_dispatch()
 * @a: first parameter, whatever it is
 * @b: second parameter
 * @c: third parameter
 * @d: fourth parameter
 * @e: fifth parameter
 * @f: sixth parameter
 *
 * The kernel's function runs the loop of a child. A
 * pick that has used up its rounds gets no more: the parent is told that its
 * child has nothing to run. It is the parent's next round that knows who asked.
 *
 * That the child had something to run after its loop reached a limit means that
 * the global DSQ yielded it.
 *
 * Context: rq lock held, IRQs off.
 * Return: what the kernel's function does, of which the lowest byte counts: whether
 * the child dispatched something to run.
 */
notrace unsigned long scx_gate_sub_dispatch(unsigned long a, unsigned long b,
					    unsigned long c, unsigned long d,
					    unsigned long e, unsigned long f)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);
	unsigned long ret;
	bool cut;

	gate_before();
	if (unlikely(gc->cut || gc->pick >= scx_gate_pick_bound()) &&
	    !gate_switched(gc)) {
		gc->refused = true;
		return false;
	}
	do {
		ret = static_call(scx_gate_sub_original)(a, b, c, d, e, f);
		cut = scx_gate_was_cut_short();
	} while (unlikely(cut) && !(u8)ret);
	/* The child's loop is over all the same, and it is the last one that ran. */
	if (unlikely(cut))
		gate_close(gc, gc->deepest);
	if (unlikely(gc->unsure))
		scx_hit_settle(!(u8)ret);
	return ret;
}

/**
 * scx_gate_pick_is_over - file what is open on this CPU
 *
 * A pick that never came to its outermost loop, or that ended where the gate cannot
 * see it, leaves its count behind.
 *
 * Context: IRQs off, and not inside of a dispatch loop.
 */
notrace void scx_gate_pick_is_over(void)
{
	struct scx_gate_cpu *gc = this_cpu_ptr(&scx_gate_cpu);

	if (gc->pick)
		gate_end_old_pick(gc);
}

/**
 * scx_gate_set_original - tell how to reach the functions that are replaced
 * @flush: first instruction of the flush behind the one that ftrace patches
 * @sub_dispatch: the same of scx_bpf_sub_dispatch(), or 0 where there is none
 *
 * Entering them there is what keeps the call from being redirected again. The
 * BPF trampoline calls the function it is attached to in the same way.
 *
 * Context: process context, before the replacements are attached.
 */
void scx_gate_set_original(unsigned long flush, unsigned long sub_dispatch)
{
	static_call_update(scx_gate_original,
			   (typeof(gate_no_original) *)flush);
	if (sub_dispatch)
		static_call_update(scx_gate_sub_original,
				   (typeof(gate_no_sub_dispatch) *)sub_dispatch);
}

/**
 * scx_gate_flush - the replacement for the kernel's flush
 *
 * Context: any, after the layout has been resolved. The function returned runs
 * with the rq lock held and IRQs off.
 * Return: a function with the parameters of the kernel's flush_dispatch_buf()
 * or scx_flush_dispatch_buf().
 */
void *scx_gate_flush(void)
{
	switch (scx_layout.flush_args) {
	case SCX_FLUSH_SCH_RQ:
		return scx_gate_flush_sch_rq;
	case SCX_FLUSH_RQ_RF:
		return scx_gate_flush_rq_rf;
	default:
		return scx_gate_flush_rq;
	}
}
