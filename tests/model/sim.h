/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of the part of the kernel's scheduler that is around the gate: CPUs with run queues,
 * tasks, sched_ext schedulers and their dispatch loops.
 *
 * The bytes of an input decide all that happens: what ops.dispatch() of each scheduler does,
 * whether the flush drops the lock of the run queue, and what other CPUs do meanwhile.
 */
#ifndef _MODEL_SIM_H
#define _MODEL_SIM_H

#include "shim.h"

#define CHECK(what)							\
do {									\
	if (!(what))							\
		sim_fail(__FILE__, __LINE__, #what);			\
} while (0)

void __noreturn sim_fail(const char *file, int line, const char *what);

/* The clock of a run queue is up to date. */
#define SIM_CLOCK_UPDATED	0x4

/* SCX_TASK_QUEUED */
#define SIM_QUEUED	0x4

struct sim_class {
	const char	*name;
};

extern struct sim_class sim_idle_class;

struct task {
	const void	*class;
	u32		flags;
	u64		slice;
};

struct dsq {
	u32		pad;
	u32		nr;
};

/* What a scheduler has for each NUMA node; there is one. */
struct pnode {
	void		*pad;
	struct dsq	global_dsq;
};

struct rq {
	u32		cpu;
	struct task	*curr;
	u64		nr_switches;
	u32		local_nr;
	u32		core_enabled;
	u32		lock_drop_seq;
	void		*balance_callback;
	u32		clock_flags;

	/* What the gate does not see. */
	bool		in_dispatch;
	/* Tasks of a higher class that are ready. */
	u32		rt_ready;
	bool		kick_sync_pending;
	struct task	*sub_dispatch_prev;
	/* Something but the loop of the last hit has changed local_nr or curr. */
	bool		disturbed;
};

/* A directory in sysfs. */
struct node {
	void		*parent;
	u64		id;
};

struct sched {
	bool		loaded;
	u32		level;
	u64		cgroup;
	struct node	*node;
	/* Per-CPU, begins with struct dsp_ctx. */
	void		*pcpu;
	char		name[128];
	void		*next_in_list;
	struct pnode	**pnodes;
	struct pnode	*pnode;
	struct pnode	node_0;
	u32		bypass_nr[MODEL_CPUS];
	struct node	dir;
};

struct dsp_ctx {
	struct rq	*rq;
	u32		cursor;
	u32		nr_tasks;
};

/**
 * struct sim_kernel - what kind of kernel it is
 * @flush_args: parameters of the flush, as SLC_FLUSH_...
 * @dspc_at: as SLC_DSPC_...
 * @levels: of nested schedulers; 1 where they cannot be nested
 * @cap: the kernel's own cap, 0 for none
 * @cap_unknown: the gate cannot tell whether there is one
 * @global_at: as SLC_GLOBAL_...
 * @host_rq: which parameter of the host is the run queue, from 0
 * @core_sched: core scheduling is on
 * @picks_restart: a dispatch that drops the lock restarts a core-wide selection
 * @own_then_siblings: the host runs the loops of its own CPU and of the siblings
 * @name_in_ops: the scheduler's name is in a global structure
 * @prev_captured: the loop looks whether the previous task is queued before it begins
 * @instances: schedulers are told apart by their directory
 * @list_unknown: the list of schedulers is not known
 * @root_unknown: nor is the outermost one
 */
struct sim_kernel {
	u32	flush_args;
	u32	dspc_at;
	u32	levels;
	u32	cap;
	u32	global_at;
	u32	host_rq;
	bool	cap_unknown;
	bool	core_sched;
	bool	picks_restart;
	bool	own_then_siblings;
	bool	name_in_ops;
	bool	prev_captured;
	bool	instances;
	bool	list_unknown;
	bool	root_unknown;
};

#define SIM_LEVELS	4

/* The kernel's cap, if the gate knows of it. */
#define sim_known_cap()	(sim_kernel.cap_unknown ? 0 : sim_kernel.cap)

extern struct sim_kernel sim_kernel;
DECLARE_PER_CPU_ALIGNED(struct rq, sim_runqueues);
#define sim_rq(cpu)	per_cpu_ptr(&sim_runqueues, cpu)
extern struct sched sim_scheds[SIM_LEVELS];

/* Where the flush is called from. */
#define SIM_SITE_ROOT		0x1000UL
#define SIM_SITE_ROOT_2		0x1100UL
#define SIM_SITE_NESTED		0x2000UL
#define SIM_SITE_NESTED_2	0x2100UL
#define SIM_SITE_PASS		0x3000UL
#define SIM_SITE_PASS_2		0x3100UL
#define SIM_SITE_UNKNOWN	0x4000UL

/* Is it a task of a class above sched_ext? */
bool sim_class_is_higher(const struct task *task);

/* Rounds allowed per loop; per pick, 0 for any number. */
extern u32 limits_loop;
extern u32 limits_pick;

/* Rounds allowed per pick as it takes effect. */
static inline u32 limits_bound(void)
{
	return limits_pick ? max(limits_pick, limits_loop) : U32_MAX;
}

/* The functions that the gate replaces; the flush has the prototype by which the gate calls it. */
void sim_flush_rq(void *rq, void *unused);
void sim_flush_sch_rq(void *sch, void *rq);
unsigned long sim_sub_dispatch(unsigned long a, unsigned long b, unsigned long c,
			       unsigned long d, unsigned long e, unsigned long f);
unsigned long sim_host(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		       unsigned long e, unsigned long f);

/* What each look at the clock, and each round, takes. */
#define SIM_TICK_NS	1000

/* How often the tracepoint fired with a kind of hit, and how long the input takes already. */
u64 sim_traced(u32 kind);
u64 sim_elapsed_ns(void);

/* A pick hit was dropped on model_cpu, so the pick may go on. */
void sim_pick_goes_on(void);

/* Run the events that the bytes stand for, and compare. */
void sim_run(const u8 *data, size_t size);

/* What the gate has to know of this kernel: pointers that are global variables. */
extern struct dsp_ctx *sim_dsp_ctx_ptr;
extern struct dsp_ctx *sim_dsp_ctx_template;
extern struct sched *sim_root;
extern void *sim_sched_list;
extern struct pnode **sim_pnodes;
extern char sim_ops[128];

/* Counted over all inputs, for the drivers to print. */
extern struct sim_stats {
	u64	inputs;
	u64	rounds;
	u64	hits;
	u64	pick_hits;
	u64	dropped;
	u64	merged;
	u64	settled_otherwise;
	u64	kept;
	u64	too_early;
	u64	picks_merged;
	u64	reruns;
	u64	restarts;
	u64	refused;
	u64	refused_hosts;
} sim_stats;

#endif /* _MODEL_SIM_H */
