/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the gate must have counted, from what the model of the kernel did.
 *
 * It is written from the terms of docs/design.md, without fast paths. Where the gate cannot
 * know what the kernel does, it follows the rule that design.md gives for that. What the kernel
 * did is in truth.c, and that no limit is exceeded is checked in sim.c. All functions are about
 * the CPU model_cpu.
 */
#ifndef _MODEL_ORACLE_H
#define _MODEL_ORACLE_H

#include "sim.h"

/* Forget all. */
void oracle_reset(void);

/* A flush of a loop begins, or a child's loop: the pending hit is settled. */
void oracle_settle(void);

/*
 * A round is over: the flush has returned with @nr_tasks, and the gate acts. Return true if it
 * must end the loop.
 */
bool oracle_round(struct rq *rq, struct sched *sch, u32 level, u32 nr_tasks);

/* A loop is over, with or without a task; for the check of how its hit is settled. */
void oracle_loop_ended(struct rq *rq, u32 level, bool task);

/* Has the pick used up its rounds, so that a child is not run? */
bool oracle_refuses_child(void);

/*
 * A run of a child's loop has returned whether there is a task. Return true if it must be run
 * again, because only the kernel's own cap ended it. Otherwise the loop is over.
 */
bool oracle_child_ran(u32 level, bool task);

/* Has the selection of the core used up its rounds, so that the host is not run? */
bool oracle_refuses_host(struct rq *rq);

/* Otherwise: its replacement begins, and the kernel's host is about to run. */
void oracle_host_begins(void);

/* The kernel's host has returned. Return true if it must be run again. */
bool oracle_host_ran(struct rq *rq, bool task);

/* The replacement of the host ends; the kernel may restart the selection. */
void oracle_host_ends(struct rq *rq, bool restarts);

/* Is the kick of this CPU queued? */
bool oracle_kick_pending(void);

/* It is queued, but is not to reschedule. */
void oracle_queue_callback(void);

/* The kick of this CPU is about to run. Return true if it must reschedule. */
bool oracle_kicked(void);

/* Are there hits that were not reported to the last such call? */
bool oracle_unreported(void);

/* The flush was called from an unknown place. */
void oracle_unknown(void);

/* That is longer ago than the state "degraded" lasts. */
void oracle_time_passes(void);

/* Rounds of the loop of the last round, as the gate has to count them. */
u32 oracle_last_rounds(void);

/* Rounds of the pick up to the last round, likewise. */
u32 oracle_pick_rounds(void);

/* The limits that the last round reached, a mask of SLC_HIT_...; and is its hit pending? */
u8 oracle_noted(void);
bool oracle_hit_is_pending(void);

/* The limit that applied to the last round. */
u32 oracle_limit(void);

/* Fail unless all counters of the gate are as they must be. Nothing may be open. */
void oracle_compare(void);

#endif /* _MODEL_ORACLE_H */
