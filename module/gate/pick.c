// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine of a pick: counts the rounds of each loop and ends the loop at
 * its limit.
 *
 * A pick is one run of the outermost dispatch loop with all loops nested in it. It
 * begins with the first round at any level, usually a child's, and is over when
 * the outermost loop ends. The kernel's loop, at each level, is
 *
 *	do {
 *		nr_tasks = 0;
 *		ops.dispatch();			<- runs the loops of children
 *		flush();			<- replaced by hook.c
 *		leave if @prev keeps running, or the local DSQ has a task,
 *			or the global DSQ yields one
 *		leave and kick the CPU after SCX_DSP_MAX_LOOPS rounds
 *	} while (nr_tasks);
 *
 * in scx_dispatch_sched(), up to 7.0 in balance_one(). Setting nr_tasks to 0 after
 * the flush ends it: the loop takes its last round for one without progress.
 *
 * A CPU is in one of three states, told by struct slc_gate_cpu:
 *
 *	IDLE	no pick has begun			pick_rounds == 0
 *	OPEN	a pick has begun			pick_rounds > 0, !pick_ended
 *	ENDED	the pick limit was reached in a child	pick_rounds > 0, pick_ended
 *
 * In each of them a hit may be pending (hit_pending): a limit ended a loop, and it is
 * not known yet whether the global DSQ had a task for it.
 *
 * "Again" is a round after which the kernel's loop goes round again, unless the global
 * DSQ has a task. "Closed" is a loop that is over: it is counted in the histogram, and
 * if it is the outermost one the pick is over, too, and the state is IDLE.
 *
 * Rounds that take a fast path, all of the outermost loop:
 *
 * state     | round                                   | next | counted
 * ----------+-----------------------------------------+------+-------------------------
 * slc_pick_round():
 * IDLE      | not again                               | IDLE | one_round_loops
 * slc_pick_first_round():
 * IDLE      | again, neither the limit nor the        | OPEN | rounds, loops; clock read
 *           |   kernel's cap is 1                     |      |
 * OPEN      | the same in a new pick (another rq, or  | OPEN | the same; the pick before
 *           |   nr_switches changed); the pick before |      |   in histogram[0]
 *           |   had one round, of the outermost loop  |      |
 * slc_pick_middle_round():
 * OPEN      | again, the only loop of its pick, below | OPEN | rounds
 *           |   the limit, not one in which the       |      |
 *           |   kernel's cap fires, not a 32nd round  |      |
 *
 * All other rounds, of any level: slc_pick_count(). It counts rounds, loops if this is
 * the first round of its loop, and maxima. A round of an outer level closes the loops
 * inside of it. In a new pick, what is open of the pick before is closed first. Counting
 * the round makes an IDLE CPU OPEN. Then the first row that fits applies; "state" is the
 * state after counting.
 *
 * state     | round                                   | next   | effect
 * ----------+-----------------------------------------+--------+-----------------------
 * any       | a child was refused before it           | ENDED  | pick hit if OPEN; hit if
 *           |                                         |        |   again and the limit is
 *           |                                         |        |   reached; ended; closed
 * any       | again, limit reached                    | same   | hit; if the pick is full,
 *           |                                         |        |   as in the next row;
 *           |                                         |        |   ended; closed
 * any       | again, pick is full: pick limit reached | ENDED  | pick hit if OPEN; ended;
 *           |   by more than one loop                 |        |   closed
 * ENDED     | again                                   | ENDED  | ended; closed
 * OPEN      | again, kernel's cap fires, rerun armed  | OPEN   | kernel_cap_fired
 * OPEN      | again, kernel's cap fires               | OPEN   | closed
 * OPEN      | again                                   | OPEN   | none
 * any       | not again                               | same   | closed
 *
 * The clock is read in the first and every 32nd round of a loop that goes on, in the last
 * round of a loop that has several or of a pick of more than 8 rounds, and in each round
 * that reaches a limit or in which the kernel's cap fires.
 *
 * "Ended" is nr_tasks = 0 if the round is one that goes again. If the kernel's own cap
 * fires in it, the kernel ends the loop itself. A hit queues the kick, which reschedules
 * the CPU unless the kernel's cap does.
 *
 * Events outside of a round:
 *
 * state     | event                                   | next   | effect
 * ----------+-----------------------------------------+--------+-----------------------
 * any       | flush or child's loop begins, hit       | same   | it was a hit
 *           |   pending: slc_pick_settle_pending()    |        |
 * OPEN,     | child asked for, pick limit used up, no | same   | child_refused, the child
 * ENDED     |   task switch since the pick began:     |        |   is not run
 *           |   slc_pick_refuses_child()              |        |
 * any       | child's loop returns, hit pending:      | same   | it was a hit if the child
 *           |   slc_pick_settle()                     |        |   has no task; otherwise
 *           |                                         |        |   a pick hit leaves ENDED
 *           |                                         |        |   for OPEN
 * OPEN      | child's loop returns a task after the   | OPEN   | its loop is closed
 *           |   kernel's cap: slc_pick_close_deepest()|        |
 * OPEN      | host returns a task after the kernel's  | IDLE   | all loops are closed
 *           |   cap: slc_pick_finish()                |        |
 * any       | the kick runs: slc_pick_kicked()        | IDLE   | a pending hit is one
 *           |                                         |        |   unless a task of the
 *           |                                         |        |   global DSQ runs; all
 *           |                                         |        |   loops are closed
 *
 * This is the hot path. Nothing here may allocate, sleep or print, and no data that
 * CPUs share is written.
 */
#include <linux/compiler.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/timekeeping.h>

#include "hit.h"
#include "pick.h"

DEFINE_PER_CPU_ALIGNED(struct slc_gate_cpu, slc_gate_cpu);
DEFINE_PER_CPU_ALIGNED(struct slc_loop_cpu, slc_loop_cpu);

unsigned int slc_gate_limit __read_mostly;
unsigned int slc_gate_pick_limit __read_mostly;

/* The open loop at @level is over: count it in the histogram. */
static __always_inline void slc_pick_close_loop(struct slc_gate_cpu *gc, u32 level)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);
	u64 *bucket;

	if (!gc->open_rounds[level])
		return;
	bucket = &lc->histogram[ilog2(gc->open_rounds[level])];
	WRITE_ONCE(*bucket, *bucket + 1);
	gc->open_rounds[level] = 0;
}

/*
 * A round of an outer level ends all loops inside of it. Close those whose last
 * round did not show that it was the last.
 */
static __always_inline void slc_pick_close_inner(struct slc_gate_cpu *gc, u32 level)
{
	while (gc->deepest > level)
		slc_pick_close_loop(gc, gc->deepest--);
}

static __always_inline void slc_pick_end(struct slc_gate_cpu *gc)
{
	slc_pick_close_inner(gc, 0);
	slc_pick_close_loop(gc, 0);
	gc->pick_rounds = 0;
	gc->pick_ended = false;
	gc->child_refused = false;
	gc->pick_timed = false;
}

/* ktime_get_mono_fast_ns() may step back a little. */
static __always_inline u64 slc_pick_since(u64 begin, u64 now)
{
	return now > begin ? now - begin : 0;
}

static __always_inline void slc_pick_note_max(u32 rounds, u32 pick)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);

	if (rounds > lc->max_rounds)
		WRITE_ONCE(lc->max_rounds, rounds);
	if (pick > lc->max_pick_rounds)
		WRITE_ONCE(lc->max_pick_rounds, pick);
}

/*
 * Time a round of a loop or of a pick that has more than one, from the end of the
 * first such round. Return how long the pick has taken so far, in nanoseconds.
 */
static noinline notrace u64 slc_pick_time(struct slc_gate_cpu *gc, u32 level,
					  u32 rounds)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);
	u64 now = ktime_get_mono_fast_ns(), took;

	if (rounds == 1) {
		lc->loop_begin[level] = now;
	} else {
		took = slc_pick_since(lc->loop_begin[level], now);
		if (took > lc->max_loop_ns)
			WRITE_ONCE(lc->max_loop_ns, took);
	}
	if (!gc->pick_timed) {
		gc->pick_timed = true;
		lc->pick_begin = now;
		return 0;
	}
	took = slc_pick_since(lc->pick_begin, now);
	if (took > lc->max_pick_ns)
		WRITE_ONCE(lc->max_pick_ns, took);
	return took;
}

/*
 * Has the pick used up its rounds? If one loop is all of the pick, its own limit
 * applies and not the pick's.
 */
static __always_inline bool slc_pick_is_full(const struct slc_gate_cpu *gc,
					     u32 rounds, u32 bound)
{
	return gc->pick_rounds > rounds && gc->pick_rounds >= bound;
}

/* One round per level is cheap. Only time the pick beyond that. */
static __always_inline bool slc_pick_is_long(const struct slc_gate_cpu *gc)
{
	return gc->pick_rounds > SLC_GATE_LEVELS;
}

/* The loop at @level is over. */
static __always_inline void slc_pick_end_loop(struct slc_gate_cpu *gc, u32 level)
{
	if (level)
		slc_pick_close_loop(gc, level);
	else
		slc_pick_end(gc);
}

/* A round in which a limit is reached, or the kernel's own cap. */
static noinline notrace void slc_pick_limit_reached(struct slc_gate_cpu *gc,
						    const void *rq, const void *sch,
						    u32 level, bool again)
{
	u32 limit = READ_ONCE(slc_gate_limit), bound = slc_pick_bound();
	u32 rounds = gc->open_rounds[level];
	bool cap_fires = slc_pick_kernel_cap_fires(rounds);
	u64 pick_ns = 0;
	u8 kinds = 0;

	if (again || rounds > 1 || slc_pick_is_long(gc))
		pick_ns = slc_pick_time(gc, level, rounds);
	if (again && rounds >= limit)
		kinds |= SLC_HIT_LOOP;
	if ((again && slc_pick_is_full(gc, rounds, bound)) || gc->child_refused) {
		/* Counts once a pick, though all its loops end. */
		if (!gc->pick_ended)
			kinds |= SLC_HIT_PICK;
		gc->pick_ended = true;
		gc->child_refused = false;
	}
	if (kinds) {
		struct slc_hit_round round = {
			.rq		= rq,
			.sch		= sch,
			.level		= level,
			.rounds		= rounds,
			.limit		= limit,
			.pick_rounds	= gc->pick_rounds,
			.pick_limit	= bound,
			.pick_ns	= pick_ns,
			.kinds		= kinds,
			.again		= again,
			.kernel_ends_it	= cap_fires,
		};

		gc->hit_pending = slc_hit_note(&round);
	}
	if (again && !kinds && !gc->pick_ended) {
		/* If the kernel's cap ends it below the limit, it is run again. */
		gc->kernel_cap_fired = cap_fires && gc->rerun_armed;
		if (!cap_fires || gc->kernel_cap_fired)
			return;
	}
	/* Where the kernel's own cap fires, it ends the loop itself. */
	if (again && !cap_fires)
		slc_layout_set_u32(slc_pick_dsp_ctx(sch), slc_layout.dspc_nr_tasks, 0);
	slc_pick_end_loop(gc, level);
}

/* Close a pick whose end the gate did not see. Its maxima were not updated yet. */
static __always_inline void slc_pick_end_stale(struct slc_gate_cpu *gc)
{
	slc_pick_note_max(gc->open_rounds[0], gc->pick_rounds);
	slc_pick_end(gc);
}

/* Begin a pick, in its first round. */
static noinline notrace void slc_pick_begin(struct slc_gate_cpu *gc, const void *rq)
{
	if (gc->pick_rounds)
		slc_pick_end_stale(gc);
	gc->rq = rq;
	gc->switches = slc_layout_u64(rq, slc_layout.rq_nr_switches);
}

/**
 * slc_pick_count - count a round that no fast path took
 * @rq: runqueue that was dispatched for
 * @sch: the scheduler, NULL up to 6.15
 * @level: its level, 0 for the outermost, less than %SLC_GATE_LEVELS
 * @again: the kernel's loop goes round again, unless the global DSQ has a task
 *
 * Such a round is part of a pick that has more than one, or may come to have: a
 * loop goes round again or did so before, or schedulers are nested. If a limit is
 * reached the kernel's loop is ended and the CPU kicked.
 *
 * Context: after the flush; rq lock held, IRQs off.
 */
noinline notrace void slc_direct_only slc_pick_count(const void *rq, const void *sch,
					       u32 level, bool again)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	u32 rounds;

	gc->kernel_cap_fired = false;
	if (!gc->pick_rounds || gc->rq != rq || slc_pick_switched(gc))
		slc_pick_begin(gc, rq);
	gc->pick_rounds++;
	slc_pick_close_inner(gc, level);
	gc->deepest = level;

	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	rounds = ++gc->open_rounds[level];
	if (rounds == 1)
		WRITE_ONCE(gc->loops, gc->loops + 1);
	slc_pick_note_max(rounds, gc->pick_rounds);

	if (gc->child_refused ||
	    (again && (rounds >= READ_ONCE(slc_gate_limit) || gc->pick_ended ||
		       slc_pick_is_full(gc, rounds, slc_pick_bound()) ||
		       slc_pick_kernel_cap_fires(rounds)))) {
		slc_pick_limit_reached(gc, rq, sch, level, again);
		return;
	}
	if (again ? rounds == 1 || !(rounds % SLC_PICK_TIMED_ROUNDS) :
		    rounds > 1 || slc_pick_is_long(gc))
		slc_pick_time(gc, level, rounds);
	if (!again)
		slc_pick_end_loop(gc, level);
}

/**
 * slc_pick_first_round - a first round of the outermost level that may go on
 * @rq: runqueue that was dispatched for
 *
 * If the global DSQ has a task for this CPU the pick ends behind this round, and the
 * gate does not see it. So this also closes a pick before that ended in this way.
 *
 * Context: after the flush, with the loop about to go round again; rq lock held,
 * IRQs off.
 * Return: true if the round was counted; false if slc_pick_count() has to.
 */
noinline notrace bool slc_direct_only slc_pick_first_round(const void *rq)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);
	u64 switches = slc_layout_u64(rq, slc_layout.rq_nr_switches);

	if (READ_ONCE(slc_gate_limit) == 1 || slc_pick_kernel_cap_fires(1) ||
	    gc->child_refused || gc->pick_ended || gc->kernel_cap_fired)
		return false;
	if (gc->pick_rounds) {
		/* A round of a loop that goes on has the same count of switches. */
		if (gc->pick_rounds != 1 || gc->open_rounds[0] != 1 ||
		    (gc->rq == rq && gc->switches == switches))
			return false;
		WRITE_ONCE(lc->histogram[0], lc->histogram[0] + 1);
	}
	gc->rq = rq;
	gc->switches = switches;
	gc->pick_rounds = 1;
	gc->open_rounds[0] = 1;
	gc->deepest = 0;
	WRITE_ONCE(gc->rounds, gc->rounds + 1);
	WRITE_ONCE(gc->loops, gc->loops + 1);
	slc_pick_note_max(1, 1);
	gc->pick_timed = true;
	lc->pick_begin = ktime_get_mono_fast_ns();
	lc->loop_begin[0] = lc->pick_begin;
	return true;
}

/**
 * slc_pick_settle - confirm or drop the pending hit
 * @was_hit: false if the global DSQ had a task, so that the limit ended nothing
 *
 * Context: IRQs off, with a hit pending.
 */
notrace void slc_pick_settle(bool was_hit)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	gc->hit_pending = false;
	if (was_hit)
		slc_hit_confirm();
	/* If the pick goes on, its limit still has to end it. */
	else if (slc_hit_pending_kinds() & SLC_HIT_PICK)
		gc->pick_ended = false;
}

/**
 * slc_pick_close_deepest - close the innermost open loop
 *
 * Context: rq lock held, IRQs off; its last round was the last that ran here.
 */
notrace void slc_pick_close_deepest(void)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	slc_pick_close_loop(gc, gc->deepest);
}

/**
 * slc_pick_finish - close all loops that are open on this CPU
 *
 * Loops stay open if the pick never reached its outermost loop, or if it ended where
 * the gate cannot see it.
 *
 * Context: IRQs off, outside of a dispatch loop.
 */
notrace void slc_pick_finish(void)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	if (gc->pick_rounds)
		slc_pick_end_stale(gc);
}

/**
 * slc_pick_kicked - settle the pending hit and close the last pick of this CPU
 *
 * Context: hard interrupt, on the CPU that ran the loop, after its pick.
 * Return: true if there were hits on this CPU since the last call.
 */
bool slc_pick_kicked(void)
{
	if (this_cpu_read(slc_gate_cpu.hit_pending))
		slc_pick_settle(slc_hit_was_hit());
	slc_pick_finish();
	return slc_hit_take_unreported();
}
