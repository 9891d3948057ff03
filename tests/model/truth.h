/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the loops of the model's kernel did, by nothing but these loops. The oracle follows the
 * gate's rules; this tells where the rules are wrong, which may be only where the gate cannot
 * know better. All functions are about the CPU model_cpu.
 */
#ifndef _MODEL_TRUTH_H
#define _MODEL_TRUTH_H

#include "sim.h"

enum verdict {
	NONE,
	LOCAL_TASK,
	KEEP_PREV,
};

/**
 * struct truth_round - a round of a loop, seen by the kernel
 * @rq: the run queue
 * @loop_rounds: rounds of the loop, this one included
 * @limit: the limit that applied, the highest if it changed
 * @lowest: the lowest since the loop began
 * @flushed: nr_tasks after the flush, before the gate acted
 * @verdict: what the kernel found behind the flush
 * @two_loops: the gate took this loop and the one before it for one
 */
struct truth_round {
	const struct rq	*rq;
	u32		loop_rounds;
	u32		limit;
	u32		lowest;
	u32		flushed;
	enum verdict	verdict;
	bool		two_loops;
};

void truth_reset(void);

/* A round is over: the gate must have noted a hit if the limit ended the loop, and only then. */
void truth_round(const struct truth_round *round);

/* A loop is over after so many rounds, or that was no end: it is run again. */
void truth_loop_over(u32 rounds);
void truth_loop_goes_on(u32 rounds);

/* The gate took a loop and the one before it for one. */
void truth_two_loops(void);

/* Fail unless the gate has counted these loops. */
void truth_compare(void);

#endif /* _MODEL_TRUTH_H */
