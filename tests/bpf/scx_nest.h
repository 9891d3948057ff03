/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Definitions that the scheduler (scx_nest.bpf.c) and its loader (scx_nest.c) share.
 *
 * Both must include the integer types first: the scheduler from vmlinux.h, the
 * loader from linux/types.h.
 */
#ifndef SCX_NEST_H
#define SCX_NEST_H

/* More than any kernel allows, so that the kernel's refusal can be tested. */
#define NEST_MAX_LEVELS		8

/* The number of CPUs in struct nest_mask. */
#define NEST_MAX_CPUS		4096

#define NEST_REASON_LEN		64
#define NEST_MSG_LEN		512

/* How a level brings a task of its own to the CPU. */
enum nest_take {
	NEST_TAKE_TO_LOCAL,	/* scx_bpf_dsq_move_to_local() */
	NEST_TAKE_MOVE_LOCAL,	/* scx_bpf_dsq_move(), which does not flush */
	NEST_TAKE_MOVE_GLOBAL,	/* the same, through the global DSQ */
};

/* Options that the loader sets before it attaches a level. */
struct nest_opts {
	__u64 child;		/* cgroup of the next level, 0: there is none */
	__u64 loop_after;	/* dispatches before the scheduler begins to loop */
	__u32 level;		/* 0: the root */
	__u32 sub_calls;	/* scx_bpf_sub_dispatch() per ops.dispatch() */
	__u32 loop;		/* does any level loop? */
	__u32 bad;		/* does this level loop? */
	__u32 spare;		/* run the tasks while looping? */
	__u32 nr_cpus;		/* number of possible CPUs */
	__s32 victim;		/* PID of a task of this level that always sleeps */
	__u32 take;		/* enum nest_take */
	__u32 greedy;		/* call the child again after it brought a task? */
};

/* The element of the map "shared", which all levels use. */
struct nest_shared {
	__u64 go;		/* set when every level is attached */
	__u64 calls;		/* dispatches of all levels and CPUs before the loop */
	__u64 armed_ns;		/* when the loop began, CLOCK_MONOTONIC; 0: not yet */
};

/*
 * Counters of one CPU, an element of the map "cpus", which all levels use. Only
 * written with this CPU's rq locked, so no field needs atomic operations.
 */
struct nest_cpu {
	__u64 pick;		/* identifies the current pick, see this_pick() */
	__u64 pick_calls;	/* calls of ops.dispatch() in it */
	__u64 pick_ns;		/* time of its first call */

	__u64 max_calls;	/* most calls in a pick */
	__u64 max_ns;		/* longest pick, from its first call to its last */

	__u64 sub_true;		/* calls of scx_bpf_sub_dispatch() that returned true */
	__u64 sub_false;	/* and false */
	__u64 refused;		/* dispatches of the root in which a child was not run */
	__u64 dispatches[NEST_MAX_LEVELS];
	__u8 child_first[NEST_MAX_LEVELS];	/* does the child come first next time? */
};

/* The layout of the kernel's struct scx_cmask, followed by its words. */
struct nest_mask {
	__u32 base;
	__u32 nr_cids;
	__u32 alloc_words;
	__u64 bits[NEST_MAX_CPUS / 64 + 1];
};

/* Written by ops.exit(); kind comes last, so that the rest is valid with it. */
struct nest_exit {
	__u64 ns;		/* CLOCK_MONOTONIC */
	char reason[NEST_REASON_LEN];
	char msg[NEST_MSG_LEN];
	__u32 kind;		/* enum scx_exit_kind, 0 while loaded */
};

#endif /* SCX_NEST_H */
