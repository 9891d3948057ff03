/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the scheduler (scx_nest.bpf.c) and its loader (scx_nest.c) share.
 *
 * Both include their own idea of the integer types first: vmlinux.h there,
 * linux/types.h here.
 */
#ifndef SCX_NEST_H
#define SCX_NEST_H

/* More than any kernel takes, so that its refusal can be seen. */
#define NEST_MAX_LEVELS		8

/* The CPUs that nest_mask has room for. */
#define NEST_MAX_CPUS		4096

#define NEST_REASON_LEN		64
#define NEST_MSG_LEN		512

/* How a level brings a task of its own to the CPU. */
enum nest_take {
	NEST_TAKE_TO_LOCAL,	/* scx_bpf_dsq_move_to_local() */
	NEST_TAKE_MOVE_LOCAL,	/* scx_bpf_dsq_move(), which flushes nothing */
	NEST_TAKE_MOVE_GLOBAL,	/* by way of the global DSQ */
};

/* What the loader sets before it attaches a level. */
struct nest_opts {
	__u64 child;		/* cgroup of the next level, 0: there is none */
	__u64 loop_after;	/* dispatches before misbehaving for ever */
	__u32 level;		/* 0: the root */
	__u32 sub_calls;	/* scx_bpf_sub_dispatch() per ops.dispatch() */
	__u32 loop;		/* does any level misbehave for ever? */
	__u32 bad;		/* does this one? */
	__u32 spare;		/* run the tasks all the same? */
	__u32 nr_cpus;		/* possible ones */
	__s32 victim;		/* a task of this level that sleeps for ever */
	__u32 take;		/* enum nest_take */
	__u32 greedy;		/* call the child again though it brought a task? */
};

/* The element of the map "shared", of which there is one for all levels. */
struct nest_shared {
	__u64 go;		/* every level is attached */
	__u64 calls;		/* dispatches of all levels and CPUs until armed */
	__u64 armed_ns;		/* when misbehaving began, CLOCK_MONOTONIC */
};

/*
 * Counters of one CPU, the element of the map "cpus", shared by all levels.
 * Only written with this CPU's rq locked, so nothing in it is atomic.
 */
struct nest_cpu {
	__u64 pick;		/* the pick at hand, see this_pick() */
	__u64 pick_calls;	/* calls of ops.dispatch() in it */
	__u64 pick_ns;		/* when the first of them was */

	__u64 max_calls;	/* the worst pick so far */
	__u64 max_ns;		/* the longest, from its first call to its last */

	__u64 sub_true;		/* what scx_bpf_sub_dispatch() returned */
	__u64 sub_false;
	__u64 refused;		/* dispatches of the root in which a child was not run */
	__u64 dispatches[NEST_MAX_LEVELS];
	__u8 child_first[NEST_MAX_LEVELS];	/* whose turn it is */
};

/* Laid out like the kernel's struct scx_cmask, with its words. */
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
