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
 *	since 7.1: look at the DSQ of children in bypass mode
 *
 * in scx_dispatch_sched(), up to 7.0 in balance_one(). Setting nr_tasks to 0 after
 * the flush ends it: the loop takes its last round for one without progress.
 *
 * A pick belongs to the CPU that makes it. Under core scheduling that CPU runs the
 * loops of its siblings as well, each a pick of its own; what the sibling does meanwhile
 * does not count. If a dispatch dropped the rq lock, 7.2 and later begin the selection of
 * the core again, with interrupts off. Then the rounds up to there belong to the pick
 * (RESTARTED), until interrupts are on.
 *
 * A CPU is in one of three states, told by struct slc_gate_cpu:
 *
 *	IDLE	no pick has begun			pick_rounds == 0
 *	OPEN	a pick has begun			pick_rounds > 0, not ENDED
 *	ENDED	the pick limit was reached		pick_rounds > 0, flag ENDED
 *
 * In each of them a hit may be pending (HIT_PENDING): a limit ended a loop while the
 * global DSQ had a task, and it is not known yet whether the CPU got it.
 *
 * "Again" is a round after which the kernel's loop goes round again, unless the global
 * DSQ has a task for the CPU, or a sibling's @prev keeps running. "Closed" is a loop that
 * is over: it is counted in the histogram. If it is the outermost one the pick is over as
 * well, and the state is IDLE, or the same after a restart.
 *
 * Rounds that take a fast path:
 *
 * state     | round                                   | next | counted
 * ----------+-----------------------------------------+------+-------------------------
 * slc_pick_round():
 * IDLE      | outermost, not again                    | IDLE | one_round_loops
 * slc_pick_child_round():
 * IDLE,     | child's, not again; no flag is set; a   | OPEN | one_round_loops
 * OPEN      |   short pick                            |      |
 * slc_pick_outer_round():
 * OPEN      | outermost, not again; no flag is set; a | IDLE | one_round_loops, maximum
 *           |   short pick                            |      |   of the pick
 * slc_pick_first_round():
 * IDLE      | outermost, again, both the limit and    | OPEN | rounds, loops
 *           |   the kernel's cap are above 2          |      |
 * OPEN      | the same in a new pick (another rq, or  | OPEN | the same; the pick before
 *           |   nr_switches changed); the pick before |      |   in histogram[0]
 *           |   had one round, of the outermost loop  |      |
 * slc_pick_middle_round():
 * OPEN      | outermost, again, the only loop of its  | OPEN | rounds
 *           |   pick; middle_left > 0: the limit is   |      |
 *           |   not reached, the kernel's cap does    |      |
 *           |   not fire, and it is not a 32nd round  |      |
 * slc_pick_last_round():
 * OPEN      | outermost, not again, the only loop of  | IDLE | rounds, maxima; histogram;
 *           |   its pick                              |      |   clock read
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
 * any       | pick is full: pick limit reached by     | ENDED  | pick hit if OPEN; ended;
 *           |   more than one loop; again, or after   |        |   closed
 *           |   a restart                             |        |
 * ENDED     | again                                   | ENDED  | ended; closed
 * OPEN      | again, kernel's cap fires, rerun armed  | OPEN   | CAP_FIRED
 * OPEN      | again, kernel's cap fires               | OPEN   | closed
 * OPEN      | again                                   | OPEN   | none
 * any       | not again                               | same   | closed
 *
 * The clock is read in the first round of a child's loop that goes on and in every 32nd
 * round, in the last round of a loop that has several or of a pick of more than 8
 * rounds, and in each round that reaches a limit or in which the kernel's cap fires.
 *
 * "Ended" is nr_tasks = 0 if the round is one that goes again. If the kernel's own cap
 * fires in it, the kernel ends the loop itself, and kicks the CPU. Under core scheduling
 * that is not certain: two loops may have been taken for one. So there the gate does both.
 * A hit is counted at once if the global DSQ is empty, and pending otherwise. It queues the
 * kick, which reschedules the CPU unless the kernel's cap does.
 *
 * Events outside of a round:
 *
 * state     | event                                   | next   | effect
 * ----------+-----------------------------------------+--------+-----------------------
 * any       | flush or child's loop begins, hit       | same   | it was a hit unless the
 *           |   pending: slc_pick_settle_by_queue()   |        |   runqueue got a task, or
 *           |                                         |        |   runs a higher class
 * OPEN,     | child asked for, pick limit used up, no | same   | REFUSED, the child is not
 * ENDED     |   task switch since the pick began:     |        |   run
 *           |   slc_pick_refuses_child()              |        |
 * any       | child's loop returns:                   | same   | what is open of it is
 *           |   slc_pick_child_over()                 |        |   closed; a pending hit
 *           |                                         |        |   was one if the child
 *           |                                         |        |   has no task, otherwise
 *           |                                         |        |   a pick hit leaves ENDED
 *           |                                         |        |   for OPEN
 * OPEN,     | host returns, with the limit above the  | IDLE   | all loops are closed; after
 * ENDED     |   kernel's cap, or where selections     |        |   a restart the state stays
 *           |   restart: slc_pick_finish()            |        |
 * any       | selection restarted after rounds:       | OPEN,  | RESTARTED; its rounds so
 *           |   slc_pick_restarted()                  | ENDED  |   far are those of the
 *           |                                         |        |   pick
 * ENDED     | host to be run after a restart, and no  | ENDED  | it is not run; kick
 *           |   task there: slc_pick_refuses_host()   |        |
 * any       | the kick runs: slc_pick_kicked()        | IDLE   | a pending hit is one
 *           |                                         |        |   as above; all loops are
 *           |                                         |        |   closed
 *
 * This is the hot path. Nothing here may allocate, sleep or print, and no data that
 * CPUs share is written.
 */
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include "../kick.h"
#include "hit.h"
#include "pick.h"

DEFINE_PER_CPU_ALIGNED(struct slc_gate_cpu, slc_gate_cpu);
DEFINE_PER_CPU_ALIGNED(struct slc_loop_cpu, slc_loop_cpu);

unsigned int slc_gate_limit __read_mostly;
unsigned int slc_gate_pick_bound __read_mostly = U32_MAX;

/* What slc_pick_middle() returns after a first round; 0 if no middle round may follow it. */
static u32 slc_pick_middle_first __read_mostly;

/* Count a loop that is over in the histogram; @rounds is not 0. */
static __always_inline void slc_pick_count_ended(u32 rounds)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);
	u64 *bucket = &lc->histogram[ilog2(rounds) % SLC_GATE_BUCKETS];

	WRITE_ONCE(*bucket, *bucket + 1);
}

/* The open loop at @level is over. */
static __always_inline void slc_pick_close_loop(struct slc_gate_cpu *gc, u32 level)
{
	if (!gc->open_rounds[level])
		return;
	slc_pick_count_ended(gc->open_rounds[level]);
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

/* The pick is over; if the selection was restarted it goes on with the next loop. */
static __always_inline void slc_pick_end(struct slc_gate_cpu *gc)
{
	u8 flags = SLC_PICK_LOOPED | SLC_PICK_REFUSED;

	slc_pick_close_inner(gc, 0);
	slc_pick_close_loop(gc, 0);
	gc->middle_left = 0;
	if (!(gc->flags & SLC_PICK_RESTARTED)) {
		flags |= SLC_PICK_ENDED;
		gc->pick_rounds = 0;
		if (slc_layout.restarts && (gc->flags & SLC_PICK_ENDED))
			gc->flags |= SLC_PICK_WAS_ENDED;
	}
	gc->flags &= ~flags;
}

static __always_inline void slc_pick_note_max(u32 rounds, u32 pick)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);

	if (rounds > lc->max_rounds)
		WRITE_ONCE(lc->max_rounds, rounds);
	if (pick > lc->max_pick_rounds)
		WRITE_ONCE(lc->max_pick_rounds, pick);
}

/* A virtual machine may set its clock back. */
static __always_inline u64 slc_pick_since(u64 begin, u64 now)
{
	return now > begin ? now - begin : 0;
}

/*
 * Time a round of a loop or of a pick that has more than one. Return how long the pick
 * has taken so far, in cycles.
 */
static __always_inline u64 slc_pick_time(u32 level, u32 rounds)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);
	u64 now = slc_arch_cycles(), took;

	if (level && rounds == 1) {
		lc->loop_begin[level] = now;
	} else if (rounds > 1) {
		took = slc_pick_since(level ? lc->loop_begin[level] : lc->pick_begin, now);
		if (took > lc->max_loop_cycles)
			WRITE_ONCE(lc->max_loop_cycles, took);
	}
	took = slc_pick_since(lc->pick_begin, now);
	if (took > lc->max_pick_cycles)
		WRITE_ONCE(lc->max_pick_cycles, took);
	return took;
}

/*
 * Has the pick used up its rounds? If one loop is all of the pick, its own limit
 * applies and not the pick's.
 */
static __always_inline bool slc_pick_is_full(const struct slc_gate_cpu *gc,
					     u32 rounds, u32 bound)
{
	return gc->pick_rounds >= bound && gc->pick_rounds > rounds;
}

/* One round per level is cheap. Only time the pick beyond that. */
static __always_inline bool slc_pick_is_long(const struct slc_gate_cpu *gc)
{
	return gc->pick_rounds > SLC_GATE_LEVELS;
}

/* The loop at @level is over. If it is the outermost one, so is the pick. */
static __always_inline void slc_pick_end_loop(struct slc_gate_cpu *gc, u32 level)
{
	if (level)
		slc_pick_close_loop(gc, level);
	else
		slc_pick_end(gc);
}

/*
 * The outermost loop goes on after @rounds rounds, the only loop of its pick. Return for
 * how many rounds there is nothing to do but to count. Then the limit is reached, the
 * kernel's cap fires, or the clock has to be read. A limit that is set meanwhile applies
 * from there on.
 */
static __always_inline u32 slc_pick_middle(u32 rounds)
{
	u32 cap = slc_layout.kernel_limit;
	u32 timed = (rounds | (SLC_PICK_TIMED_ROUNDS - 1)) + 1;
	u32 next = min(READ_ONCE(slc_gate_limit), timed);

	if (cap && cap != SLC_PICK_TIMED_ROUNDS)
		next = min(next, rounds - rounds % cap + cap);
	return next > rounds ? next - rounds - 1 : 0;
}

/* Is there no task in the global DSQ that the kernel looks at next? */
static __always_inline bool slc_pick_global_is_empty(const void *sch)
{
	const void *dsq, *nodes = NULL;

	switch (slc_layout.global_at) {
	case SLC_GLOBAL_PNODE:
	case SLC_GLOBAL_SCHED:
		nodes = slc_layout_ptr(sch, slc_layout.sch_global);
		break;
	case SLC_GLOBAL_SYMBOL:
		nodes = slc_layout_ptr((const void *)slc_layout.global, 0);
		break;
	case SLC_GLOBAL_NONE:
		break;
	}
	if (!nodes)
		return false;
	dsq = slc_layout_ptr(nodes, numa_node_id() * sizeof(void *));
	return dsq && !slc_layout_u32(dsq, slc_layout.pnode_global + slc_layout.dsq_nr);
}

/*
 * A round in which a limit is reached, or the kernel's own cap.
 *
 * After the round the kernel looks at the global DSQ. If that is empty the limit ended
 * the loop, whatever the kernel finds later: since 7.1 it looks at the DSQ of a child
 * that is in bypass mode, and if it drops the lock other CPUs may queue tasks.
 */
static noinline notrace void slc_pick_limit_reached(struct slc_gate_cpu *gc,
						    const void *rq, const void *sch,
						    u32 level, bool again)
{
	u32 limit = READ_ONCE(slc_gate_limit), bound = READ_ONCE(slc_gate_pick_bound);
	u32 rounds = gc->open_rounds[level];
	bool cap_fires = slc_pick_kernel_cap_fires(rounds), full, kernel_ends_it;
	u64 cycles = 0;
	u8 kinds = 0;

	/* If the gate has taken two loops for one, the kernel has counted fewer rounds. */
	kernel_ends_it = again && cap_fires &&
			 !(slc_layout.rq_core_enabled && slc_pick_is_core_wide(rq));
	if (again || rounds > 1 || slc_pick_is_long(gc))
		cycles = slc_pick_time(level, rounds);
	if (again && rounds >= limit)
		kinds |= SLC_HIT_LOOP;
	full = slc_pick_is_full(gc, rounds, bound) &&
	       (again || (gc->flags & SLC_PICK_RESTARTED));
	if (full || (gc->flags & SLC_PICK_REFUSED)) {
		/* Counts once a pick, though all its loops end. */
		if (!(gc->flags & SLC_PICK_ENDED))
			kinds |= SLC_HIT_PICK;
		gc->flags |= SLC_PICK_ENDED;
		gc->flags &= ~SLC_PICK_REFUSED;
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
			.pick_ns	= slc_arch_cycles_to_ns(cycles),
			.kinds		= kinds,
			.certain	= !again || slc_pick_global_is_empty(sch),
			.kernel_ends_it	= kernel_ends_it,
		};

		if (!slc_hit_note(&round))
			gc->flags |= SLC_PICK_HIT_PENDING;
	}
	if (again && !kinds && !(gc->flags & SLC_PICK_ENDED)) {
		/* Below the limit only the kernel's cap ends it, and it is run again. */
		if (!cap_fires)
			return;
		if (gc->flags & SLC_PICK_RERUN) {
			gc->flags |= SLC_PICK_CAP_FIRED;
			return;
		}
	} else if (again && !kernel_ends_it) {
		slc_layout_set_u32(slc_pick_nr_tasks(sch, slc_layout.dspc_at), 0, 0);
	}
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
	u64 switches = slc_pick_switches();

	/* The kernel dispatches for each runqueue of the core. */
	if (gc->switches != switches)
		gc->flags &= ~SLC_PICK_RESTARTED;
	if (gc->pick_rounds)
		slc_pick_end_stale(gc);
	gc->flags &= ~SLC_PICK_WAS_ENDED;
	gc->rq = rq;
	gc->switches = switches;
	if (!(gc->flags & SLC_PICK_RESTARTED))
		this_cpu_write(slc_loop_cpu.pick_begin, slc_arch_cycles());
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

	gc->flags &= ~SLC_PICK_CAP_FIRED;
	gc->middle_left = 0;
	if (!gc->pick_rounds || slc_pick_is_other(gc, rq))
		slc_pick_begin(gc, rq);
	gc->pick_rounds++;
	slc_pick_close_inner(gc, level);
	gc->deepest = level;

	this_cpu_inc(slc_gate_cpu.rounds);
	rounds = ++gc->open_rounds[level];
	if (rounds == 1)
		this_cpu_inc(slc_gate_cpu.loops);
	slc_pick_note_max(rounds, gc->pick_rounds);
	if (again)
		gc->flags |= SLC_PICK_LOOPED;

	if ((gc->flags & SLC_PICK_REFUSED) ||
	    (slc_pick_is_full(gc, rounds, READ_ONCE(slc_gate_pick_bound)) &&
	     (again || (gc->flags & SLC_PICK_RESTARTED))) ||
	    (again && (rounds >= READ_ONCE(slc_gate_limit) ||
		       (gc->flags & SLC_PICK_ENDED) || slc_pick_kernel_cap_fires(rounds)))) {
		slc_pick_limit_reached(gc, rq, sch, level, again);
		return;
	}
	if (again ? (level && rounds == 1) || !(rounds % SLC_PICK_TIMED_ROUNDS) :
		    rounds > 1 || slc_pick_is_long(gc))
		slc_pick_time(level, rounds);
	if (!again)
		slc_pick_end_loop(gc, level);
	else if (gc->pick_rounds == gc->open_rounds[0])
		gc->middle_left = slc_pick_middle(rounds);
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
	u64 switches = slc_pick_switches();
	u32 middle = READ_ONCE(slc_pick_middle_first);

	if (!middle || (gc->flags & ~(SLC_PICK_LOOPED | SLC_PICK_RERUN)))
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
	gc->middle_left = middle;
	gc->flags |= SLC_PICK_LOOPED;
	this_cpu_inc(slc_gate_cpu.rounds);
	this_cpu_inc(slc_gate_cpu.loops);
	lc->pick_begin = slc_arch_cycles();
	return true;
}

/**
 * slc_pick_last_round - the last round of the only loop of its pick, after others
 * @rq: runqueue that was dispatched for
 *
 * Context: after the flush, with the loop about to end; rq lock held, IRQs off.
 * Return: true if the round was counted; false if slc_pick_count() has to.
 */
noinline notrace bool slc_direct_only slc_pick_last_round(const void *rq)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	u32 rounds = gc->open_rounds[0] + 1;

	/* That it is the only one shows in its rounds, and that it is open in the flag. */
	if ((gc->flags & ~SLC_PICK_RERUN) != SLC_PICK_LOOPED ||
	    gc->pick_rounds + 1 != rounds || slc_pick_is_other(gc, rq))
		return false;
	this_cpu_inc(slc_gate_cpu.rounds);
	slc_pick_note_max(rounds, rounds);
	slc_pick_count_ended(rounds);
	gc->open_rounds[0] = 0;
	gc->pick_rounds = 0;
	gc->middle_left = 0;
	gc->flags &= ~SLC_PICK_LOOPED;
	slc_pick_time(0, rounds);
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

	gc->flags &= ~SLC_PICK_HIT_PENDING;
	if (was_hit)
		slc_hit_confirm();
	/* If the pick goes on, its limit still has to end it. */
	else if (slc_hit_pending_kinds() & SLC_HIT_PICK)
		gc->flags &= ~SLC_PICK_ENDED;
}

/**
 * slc_pick_settle_by_queue - confirm the pending hit if its CPU got no task
 *
 * Context: IRQs off, with a hit pending, after its loop.
 */
notrace void slc_pick_settle_by_queue(void)
{
	slc_pick_settle(slc_hit_was_hit());
}

/**
 * slc_pick_note_parent - remember which loops are open
 * @parent: filled in
 *
 * Context: before a child's loop; rq lock held, IRQs off.
 */
notrace void slc_pick_note_parent(struct slc_pick_parent *parent)
{
	const struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	parent->rq = gc->rq;
	parent->switches = gc->switches;
	parent->rounds = gc->pick_rounds;
	parent->deepest = gc->deepest;
	/* That level's loop may be over. */
	while (parent->deepest && !gc->open_rounds[parent->deepest])
		parent->deepest--;
}

/**
 * slc_pick_child_over - a child's loop is over
 * @parent: the pick when it began, NULL if no loop was open
 * @has_task: the child dispatched a task that can run
 *
 * If a hit is pending and the child has a task, it is from the global DSQ, and the limit
 * did not end the loop. The loops of the child and of its children are closed, also those
 * whose last round did not show that it was the last.
 *
 * Context: rq lock held, IRQs off.
 */
notrace void slc_pick_child_over(const struct slc_pick_parent *parent, bool has_task)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	u32 deepest = 0;

	if (slc_pick_hit_is_pending())
		slc_pick_settle(!has_task);
	/* The pick that was open then may have been another one. */
	if (parent && parent->rounds && gc->rq == parent->rq &&
	    gc->switches == parent->switches)
		deepest = parent->deepest;
	slc_pick_close_inner(gc, deepest);
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
 * slc_pick_restarted - the kernel begins the selection of a core again
 * @rq: runqueue that was dispatched for
 * @rounds: rounds since the host was entered
 *
 * IRQs stay off until the selection is made, so all its rounds are one pick, up to the
 * kick that is queued here: it calls slc_pick_kicked().
 *
 * Context: behind the host; rq lock held, IRQs off.
 */
noinline notrace void slc_pick_restarted(const void *rq, u64 rounds)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	bool ended;

	if (gc->switches != slc_pick_switches())
		gc->flags &= ~SLC_PICK_RESTARTED;
	/* If it was restarted before, the pick goes on, but its loops are over. */
	slc_pick_finish();
	if (!rounds || (gc->flags & SLC_PICK_RESTARTED))
		return;
	ended = gc->flags & SLC_PICK_WAS_ENDED;
	slc_pick_begin(gc, rq);
	gc->pick_rounds = (u32)min_t(u64, rounds, U32_MAX / 2);
	gc->flags |= SLC_PICK_RESTARTED;
	if (ended)
		gc->flags |= SLC_PICK_ENDED;
	slc_kick_queue(smp_processor_id(), false);
}

/**
 * slc_pick_kicked - settle the pending hit and close the last pick of this CPU
 *
 * Context: hard interrupt, on the CPU that ran the loop, after its pick.
 * Return: true if there were hits on this CPU since the last call.
 */
bool slc_pick_kicked(void)
{
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);

	slc_pick_settle_pending();
	gc->flags &= ~SLC_PICK_RESTARTED;
	slc_pick_finish();
	gc->flags &= ~SLC_PICK_WAS_ENDED;
	return slc_hit_take_unreported();
}

/**
 * slc_pick_set_limits - set the limits that the gate enforces
 * @limit: rounds per loop
 * @pick_limit: rounds per pick, 0 for any number; the larger of the two takes effect
 *
 * Context: process context, not concurrent with itself. A loop that is running may go on
 * to its next multiple of 32 rounds.
 */
void slc_pick_set_limits(unsigned int limit, unsigned int pick_limit)
{
	WRITE_ONCE(slc_gate_limit, limit);
	WRITE_ONCE(slc_gate_pick_bound, pick_limit ? max(pick_limit, limit) : U32_MAX);
	WRITE_ONCE(slc_pick_middle_first, slc_pick_middle(1));
}

/**
 * slc_pick_init - prepare the gate
 *
 * Context: process context, with the layout resolved, before anything is attached.
 */
void slc_pick_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(slc_loop_cpu, cpu).own_switches =
			(const void *)(slc_layout.runqueues + per_cpu_offset(cpu) +
				       slc_layout.rq_nr_switches);
}
