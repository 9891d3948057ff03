/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Definitions that the scheduler (scx_loop.bpf.c) and its loader (scx_loop.c) share.
 *
 * Both must include the integer types first: the scheduler from vmlinux.h, the
 * loader from linux/types.h.
 */
#ifndef SCX_LOOP_H
#define SCX_LOOP_H

/* The task that useless rounds dispatch: kthreadd, which is nearly always asleep. */
#define LOOP_VICTIM_PID		2

/* Entries of one CPU's queue of runnable tasks; a power of two. */
#define LOOP_RING_SIZE		4096

/* Tasks that LOOP_MODE_FEED sends; a power of two. */
#define LOOP_FEEDERS		8

/* The user DSQ that is filled but never consumed (LOOP_MODE_USER). */
#define LOOP_SINK_DSQ		1

#define LOOP_REASON_LEN		64
#define LOOP_MSG_LEN		512

/* Where a useless dispatch sends its task. */
enum loop_mode {
	LOOP_MODE_LOCAL,	/* the victim, to this CPU's local DSQ */
	LOOP_MODE_REMOTE,	/* real tasks, to the local DSQ of another CPU */
	LOOP_MODE_USER,		/* real tasks, to LOOP_SINK_DSQ */
	LOOP_MODE_FEED,		/* tasks that wait on another CPU, to its local DSQ */
};

/* Options that the loader sets before it attaches the scheduler. */
struct loop_opts {
	__u64 burst;		/* useless rounds of a burst, 0: no bursts */
	__u64 nr_bursts;	/* bursts over all CPUs, 0: no limit */
	__u64 slice;		/* of each task, in nanoseconds */
	__u64 loop_after;	/* dispatches before the scheduler begins to loop */
	__u32 mode;		/* enum loop_mode */
	__u32 loop;		/* loop for ever? */
	__s32 loop_cpu;		/* on this CPU only, -1: on all CPUs */
	__u32 spare;		/* run the tasks while looping? */
	__u32 kernel_cap;	/* rounds after which the loop may be run again */
	__u32 global;		/* useful rounds through the global DSQ? */
	__u32 refill;		/* a useless round when the previous task is kept? */
	__u32 count;		/* count as struct loop_count says? */
	__u32 kick_wait;	/* with LOOP_MODE_FEED, also kick that CPU and wait? */
	__s32 feed_cpu;		/* the CPU of LOOP_MODE_FEED */
	__u32 feeders[LOOP_FEEDERS];	/* PIDs of its tasks */
};

/*
 * State and counters of one CPU, an element of the map "cpus". Only written with
 * this CPU's rq locked, so no field needs atomic operations.
 */
struct loop_cpu {
	__u64 head;		/* next ring entry to take */
	__u64 tail;		/* next ring entry to fill */

	__u64 done;		/* useless rounds of the current burst */
	__u64 loop_id;		/* the dispatch loop that it began in, see this_loop() */

	__u64 dispatches;	/* calls of ops.dispatch() */
	__u64 useless;		/* rounds that brought this CPU no task */
	__u64 bursts;		/* bursts completed within one loop */
	__u64 broken;		/* bursts whose loop ended before they did */
	__u64 overflow;		/* tasks enqueued while the ring was full */
	__u64 feeder;		/* to try first in LOOP_MODE_FEED */
	__u64 fed;		/* useless rounds that sent one */
	__u64 queued_anew;	/* tasks that a higher class kept from running */

	__s32 other;		/* target of LOOP_MODE_REMOTE */
	__u32 pad;
};

/*
 * What the CPU that runs ops.dispatch() has seen, also of runqueues of other CPUs. Under core
 * scheduling that is not always the CPU that the loop is for.
 */
struct loop_count {
	__u64 schedules;	/* calls of __schedule() */
	__u64 picks;		/* picks by the class, 0 where the kernel does not loop in them */
	__u64 loop_id;		/* of the last round: picks, or else schedules */
	__u64 selection;	/* schedules in the last round */
	__u64 rounds;		/* of the last loop */
	__u64 selection_rounds;	/* of all loops in the last __schedule() */

	__u64 loops;
	__u64 sibling_rounds;	/* in loops for another CPU */
	__u64 switches;		/* nr_switches of cpu in the second round of the last loop */
	__u64 switched_rounds;	/* rounds after the second in which it differed from that */
	__u64 max_loop;		/* most rounds of a loop */
	__u64 max_selection;	/* most rounds in a __schedule() */
	__u64 waits;		/* times that this CPU waited for one that it had kicked */
	__u64 lost_waits;	/* times that it should have waited for another CPU */

	__s32 cpu;		/* that the last loop was for */
	__u32 pad;
};

/* Written by ops.exit(); kind comes last, so that the rest is valid with it. */
struct loop_exit {
	__u64 ns;		/* CLOCK_MONOTONIC */
	char reason[LOOP_REASON_LEN];
	char msg[LOOP_MSG_LEN];
	__u32 kind;		/* enum scx_exit_kind, 0 while loaded */
};

#endif /* SCX_LOOP_H */
