// SPDX-License-Identifier: GPL-2.0
/*
 * The model of the kernel, see sim.h. It was written from the kernel's documentation, from
 * docs/design.md and from what the kernel was seen to do.
 *
 * An input is a sequence of bytes. The first ones say what kind of kernel it is. From then on
 * each decision that the model has to make takes a byte: which CPU schedules, what an
 * ops.dispatch() does, what happens while a lock is dropped. Where the input ends all further
 * bytes are 0, with which nothing is dispatched any more and all loops end.
 *
 * Only one CPU acts at a time. While one of them has dropped the lock in the flush, other CPUs
 * may act, up to whole scheduling decisions with loops of their own.
 *
 * What is known to differ from the ideal, and allowed for:
 *
 * - If the gate does not see the end of an outermost loop (the global DSQ had a task), and the
 *   CPU neither switches nor is kicked before it dispatches for the same run queue again, the
 *   gate takes the next loop for the same one. It happens under core scheduling, if the CPU goes
 *   on with its own task and the host is not replaced: "loops taken for one" in the statistics.
 *   Such a loop may be ended too early, never too late.
 * - A selection that is restarted can have one more round for each level: the pick limit is
 *   looked at in rounds that go again, so a restart behind a round that does not comes first.
 *   pick_more.
 * - A loop that ended as a sibling's task was kept is a hit if its limit was reached. On 6.12 so
 *   is one that ended as the previous task was kept that is not queued any more.
 * - Picks that have only loops of children, outside of the outermost one, are one until the CPU
 *   switches or is kicked: "picks ended early".
 *
 * Not modelled: several NUMA nodes, and anything that two CPUs do at the same moment, for which
 * there is threads.c.
 */
#include "adapter.h"
#include "machine.h"
#include "oracle.h"
#include "sim.h"
#include "truth.h"

#include "../../module/resolve/layout.h"

#define RETRY_TASK	((struct task *)-1UL)
#define EXT_TASKS	6
#define RT_TASKS	2

/* An input may have so many rounds, and events in one dropped lock that nest so deep. */
#define MAX_ROUNDS	3000
#define MAX_ROUNDS_LONG	150000
#define MAX_NESTING	3
#define MAX_RESTARTS	40

#define NSEC_PER_SEC	1000000000ULL

struct sim_class sim_idle_class = { "idle" };
static struct sim_class rt_class = { "rt" }, ext_class = { "ext" };

struct sim_kernel sim_kernel;
DEFINE_PER_CPU_ALIGNED(struct rq, sim_runqueues);
struct sched sim_scheds[SIM_LEVELS];
struct dsp_ctx *sim_dsp_ctx_ptr, *sim_dsp_ctx_template;
struct sched *sim_root;
void *sim_sched_list;
struct pnode **sim_pnodes;
char sim_ops[128];
struct sim_stats sim_stats;

u32 limits_loop, limits_pick;

/* What a scheduler's ops.dispatch() does for a number of rounds. */
struct plan {
	u8	what;
	u8	left;
	u8	children;
};

/* A loop that is run, and what the gate is expected to do with the function around it. */
struct frame {
	struct rq *rq;
	u32	rounds;
	/* The gate takes it for the continuation of another one whose end it did not see. */
	bool	two_loops;
	/* What the flush of the last round left, before the gate acted. */
	u32	flushed;
	/*
	 * The lowest limit since the loop began, and the highest that may apply: the gate looks
	 * at the limit in each 32nd round at least.
	 */
	u32	lowest;
	u32	limit;
	u32	runs;
	bool	run_again;
};

static struct cpu {
	bool		in_pick;
	struct task	ext[EXT_TASKS], rt[RT_TASKS], idle;
	struct plan	plans[SIM_LEVELS];
	struct frame	frames[SIM_LEVELS];
	struct rq	*dispatch_rq;
	/* The original host runs inside of its replacement. */
	bool		host_replaced;
	bool		enq_last;
	/* The selection of the core was restarted. */
	bool		restarted;
	u32		host_rounds;
	/* What the current selection has used of the pick limit. */
	struct rq	*pick_rq;
	u32		pick_rounds;
	u32		pick_bound;
	u32		pick_lowest;
	u32		pick_more;
	/* Two of its loops were taken for one; its CPU is kicked, by the kernel or the gate. */
	bool		pick_two_loops;
	bool		pick_kicked;
	/* How often each CPU had been rescheduled by a kick when the pick began. */
	u64		pick_rescheds[MODEL_CPUS];
	u64		rescheds;
	/* The gate ended a loop that was for this CPU. */
	bool		must_resched;
	/* The highest limit since the host was called. */
	u32		host_limit;
	/* What reached the run queue in the last flush. */
	u8		flush_what;
} cpus[MODEL_CPUS];

/* The host is replaced, as control/limit.c has it. */
static bool host_is_replaced;
static u32 rounds_left, nesting;
static bool resched_seen;
static u64 next_dir_id;
static const u8 *in, *in_end;

bool sim_class_is_higher(const struct task *task)
{
	return task->class == &rt_class;
}

static u8 byte(void)
{
	return in < in_end ? *in++ : 0;
}

static u8 choose(u8 n)
{
	return byte() % n;
}

void __noreturn sim_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	fprintf(stderr, "CPU %u, limit %u, pick limit %u; flush %u, levels %u, cap %u,%s%s%s%s\n",
		model_cpu, limits_loop, limits_pick, sim_kernel.flush_args, sim_kernel.levels,
		sim_kernel.cap, sim_kernel.cap_unknown ? " not known," : "",
		sim_kernel.core_sched ? " core scheduling," : "",
		sim_kernel.picks_restart ? " picks restart," : "",
		sim_kernel.own_then_siblings ? " own loop, then siblings" : "");
	abort();
}

/* SIM_SAY=1 in the environment: print what happens. */
static bool saying;

#define SAY(fmt, args...)						\
do {									\
	if (saying)							\
		fprintf(stderr, "cpu%u: " fmt "\n", model_cpu, ##args);	\
} while (0)

/* --- what shim.c and the gate ask for ------------------------------------ */

void *model_current(void)
{
	return READ_ONCE(sim_rq(model_cpu)->curr);
}

void set_tsk_need_resched(struct task_struct *task)
{
	CHECK((void *)task == sim_rq(model_cpu)->curr);
	resched_seen = true;
}

/* Each look at the clock takes a microsecond, and so does each round. */
static u64 now;

u64 model_clock(void)
{
	now += SIM_TICK_NS;
	return now;
}

void model_irq_wait(void)
{
	unsigned int was = model_cpu;

	for (model_cpu = 0; model_cpu < MODEL_CPUS; model_cpu++)
		model_irq_run();
	model_cpu = was;
}

void model_rcu_read_lock(void)
{
}

void model_rcu_read_unlock(void)
{
}

static u64 traced[3], input_began;

void model_trace_scx_loop_cap_hit(u32 cpu, u32 rounds, u32 limit, u32 level, u64 cgroup, u32 kind,
				  const char *ops)
{
	CHECK(cpu < MODEL_CPUS && rounds && limit && level < SIM_LEVELS && cgroup);
	CHECK(kind == 1 || kind == 2);
	CHECK(ops[0]);
	traced[kind]++;
}

u64 sim_traced(u32 kind)
{
	return traced[kind];
}

u64 sim_elapsed_ns(void)
{
	return now - input_began;
}

void sim_pick_goes_on(void)
{
	cpus[model_cpu].pick_more += sim_kernel.levels;
}

/* --- limits -------------------------------------------------------------- */

static void set_limits(void)
{
	static const u32 loops[] = { 1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 64, 100, 3, 2, 4, 65535 };
	static const u32 picks[] = { 0, 1, 2, 3, 4, 5, 6, 7,
				     8, 10, 12, 20, 40, 100, 1024, 1048576 };
	u8 b = byte();
	bool above;
	int cpu;

	limits_loop = loops[b & 15];
	limits_pick = picks[b >> 4];
	if (sim_kernel.cap_unknown)
		limits_loop = min(limits_loop, sim_kernel.cap);
	above = sim_kernel.picks_restart || (sim_known_cap() && limits_loop > sim_known_cap());
	if (above)
		host_is_replaced = true;
	adapter_set_limits(limits_loop, limits_pick);
	/* A child that is called while a higher limit applies may run. */
	for (cpu = 0; cpu < MODEL_CPUS; cpu++)
		cpus[cpu].pick_bound = max(cpus[cpu].pick_bound, limits_bound());
	/* It may take time to put the host back. */
	if (!above && byte() % 4)
		host_is_replaced = false;
	SAY("limit %u, pick limit %u, host %sreplaced", limits_loop, limits_pick,
	    host_is_replaced ? "" : "not ");
}

/* --- schedulers ---------------------------------------------------------- */

static void list_scheds(void)
{
	void **at = &sim_sched_list;
	u32 i;

	for (i = 0; i < sim_kernel.levels; i++) {
		if (!sim_scheds[i].loaded)
			continue;
		*at = &sim_scheds[i].next_in_list;
		at = &sim_scheds[i].next_in_list;
	}
	*at = &sim_sched_list;
}

/* Load a scheduler, with a name of its own and a new directory. */
static void load_sched(u32 level, u8 name)
{
	struct sched *sch = &sim_scheds[level];

	if (!level)
		sim_root = sch;
	sch->loaded = true;
	sch->level = level;
	sch->cgroup = level ? 100 + name % 7 : 1;
	sch->dir.id = ++next_dir_id;
	sch->node = &sch->dir;
	snprintf(sch->name, sizeof(sch->name), "sched%u", name % 24);
	if (!level)
		memcpy(sim_ops, sch->name, sizeof(sim_ops));
	list_scheds();
	SAY("scheduler %s loaded at level %u", sch->name, level);
}

/* The directory goes away before the scheduler does. */
static void remove_sched_dir(u32 level)
{
	sim_scheds[level].node = NULL;
}

/* Something else is the outermost one for a moment; a child leaves the list of schedulers. */
static void unload_sched(u32 level)
{
	static struct sched other;

	if (level)
		sim_scheds[level].loaded = false;
	else
		sim_root = &other;
	list_scheds();
}

/* --- locks, and what others do while one is dropped ---------------------- */

static void schedule_on(unsigned int cpu);
static void irqs_on(void);

static bool can_act(unsigned int cpu)
{
	return !cpus[cpu].in_pick && (model_online >> cpu & 1);
}

static struct task *other_task(unsigned int cpu, u8 which)
{
	struct cpu *c = &cpus[cpu];
	struct task *curr = sim_rq(cpu)->curr, *next;

	switch (which % 4) {
	case 0:
		next = &c->idle;
		break;
	case 1:
		next = &c->rt[which / 4 % RT_TASKS];
		break;
	default:
		next = &c->ext[which / 4 % EXT_TASKS];
		next->flags = SIM_QUEUED;
		next->slice = which & 64 ? 1 : 0;
	}
	return next == curr ? &c->ext[curr == &c->ext[0]] : next;
}

static void switch_to(struct rq *rq, struct task *next)
{
	if (next == rq->curr)
		return;
	rq->curr = next;
	rq->nr_switches++;
	rq->disturbed = true;
}

/* The kick and other interrupts of a CPU that has them on. */
static void interrupts_on(unsigned int cpu)
{
	unsigned int was = model_cpu;

	model_cpu = cpu;
	irqs_on();
	model_cpu = was;
}

/* Something that other CPUs do. @rq is the run queue whose lock is dropped, if one is. */
static void event(struct rq *rq)
{
	unsigned int cpu = choose(MODEL_CPUS);
	struct sched *sch = &sim_scheds[choose((u8)sim_kernel.levels)];
	struct rq *other = sim_rq(cpu);

	if (!rq)
		rq = other;
	switch (choose(15)) {
	case 0:
		if (can_act(cpu) && nesting < MAX_NESTING)
			schedule_on(cpu);
		break;
	case 1:
		sch->node_0.global_dsq.nr++;
		break;
	case 2:
		sch->node_0.global_dsq.nr -= !!sch->node_0.global_dsq.nr;
		break;
	case 3:
		rq->local_nr++;
		rq->disturbed = true;
		break;
	case 4:
		rq->local_nr -= !!rq->local_nr;
		rq->disturbed = true;
		break;
	case 5:
		rq->rt_ready = 1;
		break;
	case 6:
	case 7:
		/* Also a sibling, whose run queue another CPU dispatches for. */
		if (can_act(cpu)) {
			other->local_nr -= !!other->local_nr;
			switch_to(other, other_task(cpu, byte()));
			other->disturbed = true;
		}
		break;
	case 8:
		set_limits();
		break;
	case 9:
		/* A task that is about to be switched from is not woken before that is done. */
		if (rq->curr->class == &ext_class) {
			if (!cpus[rq->cpu].in_pick)
				rq->curr->flags ^= SIM_QUEUED;
			else if (byte() & 1)
				rq->curr->flags = 0;
			rq->curr->slice = byte() & 1;
		}
		break;
	case 10:
		if (can_act(cpu))
			interrupts_on(cpu);
		break;
	case 11:
		/* CPU 0 stays. */
		if (cpu && cpu != model_cpu && !cpus[cpu].in_pick)
			WRITE_ONCE(model_online, model_online ^ 1UL << cpu);
		break;
	case 12:
		sch->bypass_nr[rq->cpu]++;
		break;
	case 13:
		rq->kick_sync_pending = true;
		break;
	case 14:
		/* Locked by another CPU, which had no use for the clock. */
		rq->clock_flags = 0;
		break;
	}
}

static void drop_lock(struct rq *rq)
{
	u8 n = choose(3) + 1;

	if (rq->core_enabled)
		rq->lock_drop_seq++;
	nesting++;
	while (n--)
		event(rq);
	nesting--;
}

/* --- the flush ----------------------------------------------------------- */

static struct dsp_ctx *dsp_ctx_of(struct sched *sch)
{
	if (sim_kernel.dspc_at == SLC_DSPC_SCHED)
		return this_cpu_ptr((struct dsp_ctx *)sch->pcpu);
	return this_cpu_ptr(sim_dsp_ctx_template);
}

enum what {
	NOTHING,
	WASTED,
	LOCAL,
	GLOBAL,
	WASTED_UNLOCKED,
	LOCAL_STOLEN,
	KFUNC_FLUSH,
	KFUNC_LOCAL,
	UNKNOWN_FLUSH,
	PREV_GOES_ON,
	PREV_EXPIRES,
	GLOBAL_UNLOCKED,
	BYPASS,
	RT_READY,
	LIMITS,
	EVENTS,
};

/* Move what was dispatched to the queues. */
static void do_flush(struct sched *sch, struct rq *rq)
{
	struct dsp_ctx *ctx = dsp_ctx_of(sch);
	struct cpu *c = &cpus[model_cpu];
	u8 what = c->flush_what;

	c->flush_what = NOTHING;
	if (ctx->cursor) {
		switch (what) {
		case LOCAL:
			rq->local_nr++;
			break;
		case GLOBAL:
			sch->node_0.global_dsq.nr++;
			break;
		case LOCAL_STOLEN:
			rq->local_nr++;
			drop_lock(rq);
			rq->local_nr -= !!rq->local_nr;
			break;
		case GLOBAL_UNLOCKED:
			sch->node_0.global_dsq.nr++;
			drop_lock(rq);
			break;
		case WASTED_UNLOCKED:
		case EVENTS:
			drop_lock(rq);
			break;
		case RT_READY:
			rq->rt_ready = 1;
			drop_lock(rq);
			break;
		}
	}
	ctx->nr_tasks += ctx->cursor;
	ctx->cursor = 0;
}

void sim_flush_sch_rq(void *sch, void *rq)
{
	do_flush(sch, rq);
}

void sim_flush_rq(void *rq, void *unused)
{
	(void)unused;
	do_flush(&sim_scheds[0], rq);
}

/* The flush of a loop: the gate counts a round. */
static void flush_round(struct sched *sch, struct rq *rq, u32 level)
{
	struct cpu *c = &cpus[model_cpu];
	struct frame *f = &c->frames[level];
	struct dsp_ctx *ctx = dsp_ctx_of(sch);
	u32 nr_tasks, flushed = ctx->nr_tasks + ctx->cursor;
	bool ends;

	oracle_settle();
	/* The compiler may have duplicated the loop. */
	if (level)
		adapter_flush(sch, rq, f->rounds % 2 ? SIM_SITE_NESTED_2 : SIM_SITE_NESTED);
	else
		adapter_flush(sch, rq, f->rounds % 2 ? SIM_SITE_ROOT_2 : SIM_SITE_ROOT);
	nr_tasks = ctx->nr_tasks;
	ends = oracle_round(rq, sch, level, flushed);
	SAY("round %u of level %u for rq%u, %u of the pick: nr_tasks %u, local %u, global %u%s",
	    f->rounds + 1, level, rq->cpu, c->pick_rounds + 1, flushed, rq->local_nr,
	    sch->node_0.global_dsq.nr, ends ? ", ended" : "");
	CHECK(nr_tasks == (ends ? 0 : flushed));
	f->rounds++;
	/* The loop before was on the same run queue, and its end was not seen. */
	if (f->rounds == 1) {
		f->two_loops = oracle_last_rounds() > 1;
		if (f->two_loops) {
			CHECK(sim_kernel.core_sched && !sim_kernel.picks_restart);
			truth_two_loops();
		}
		f->lowest = U32_MAX;
	}
	f->flushed = flushed;
	f->lowest = min(f->lowest, limits_loop);
	f->limit = f->rounds == 1 || f->rounds % 32 == 0 ? limits_loop :
							     max(f->limit, limits_loop);
	/* The gate counts other rounds. */
	if (f->two_loops)
		f->limit = max(f->limit, oracle_limit());
	now += SIM_TICK_NS;
	c->host_rounds++;
	c->pick_rq = rq;
	c->pick_rounds++;
	c->pick_bound = max(c->pick_bound, max(limits_bound(), oracle_limit()));
	c->pick_lowest = min(c->pick_lowest, limits_bound());
	c->pick_two_loops |= f->two_loops;
	c->host_limit = max(c->host_limit, limits_loop);
	CHECK(c->pick_rounds <= 0ULL + c->pick_bound + sim_kernel.levels - 1 + c->pick_more);
	rounds_left -= !!rounds_left;
}

/* --- ops.dispatch() ------------------------------------------------------ */

static bool call_child(u32 level);

static void kfunc_flush(struct sched *sch, struct rq *rq, unsigned long site)
{
	adapter_flush(sch, rq, site);
	if (site == SIM_SITE_UNKNOWN)
		oracle_unknown();
}

static void run_op(struct sched *sch, struct rq *rq, u32 level)
{
	struct cpu *c = &cpus[model_cpu];
	struct plan *plan = &c->plans[level];
	struct dsp_ctx *ctx = dsp_ctx_of(sch);
	struct task *curr = rq->curr;
	u32 i;

	if (plan->left) {
		plan->left--;
	} else {
		u8 b = byte();

		plan->what = b & 15;
		plan->left = b & 0x40 ? byte() & 0x7f : 0;
		plan->children = b & 0x20 ? 1 + (b & 0x80 ? byte() & 15 : 0) : 0;
	}
	if (!rounds_left) {
		ctx->cursor = 0;
		return;
	}
	for (i = 0; level + 1 < sim_kernel.levels && i < plan->children; i++)
		call_child(level + 1);
	ctx = dsp_ctx_of(sch);
	ctx->cursor = plan->what != NOTHING;
	c->flush_what = plan->what;
	switch (plan->what) {
	case KFUNC_FLUSH:
		c->flush_what = WASTED;
		kfunc_flush(sch, rq, SIM_SITE_PASS);
		break;
	case KFUNC_LOCAL:
		kfunc_flush(sch, rq, SIM_SITE_PASS_2);
		rq->local_nr++;
		break;
	case UNKNOWN_FLUSH:
		kfunc_flush(sch, rq, SIM_SITE_UNKNOWN);
		break;
	case PREV_GOES_ON:
	case PREV_EXPIRES:
		if (curr->class == &ext_class && rq->cpu == model_cpu)
			curr->slice = plan->what == PREV_GOES_ON;
		break;
	case BYPASS:
		sch->bypass_nr[rq->cpu]++;
		break;
	case LIMITS:
		set_limits();
		break;
	}
}

/* --- the dispatch loop --------------------------------------------------- */

static bool consume(u32 *nr, struct rq *rq)
{
	if (!*nr)
		return false;
	--*nr;
	rq->local_nr++;
	return true;
}

/* The gate ended a loop that may have gone on. It must not do so before a limit. */
static void ended_by_gate(const struct frame *f)
{
	struct cpu *c = &cpus[model_cpu];
	unsigned int cpu = f->rq->cpu;

	if (f->rounds < f->lowest && c->pick_rounds < c->pick_lowest) {
		CHECK(oracle_pick_rounds() > c->pick_rounds);
		sim_stats.picks_merged++;
	}
	/* A pick is kicked once, and a sibling may have been rescheduled already. */
	if (!(model_online >> cpu & 1))
		cpu = model_cpu;
	if (!c->pick_kicked && !c->pick_two_loops && cpus[cpu].rescheds == c->pick_rescheds[cpu])
		cpus[cpu].must_resched = true;
	c->pick_kicked = true;
}

/* The kernel's loop, with what is before and behind it. */
static enum verdict dispatch_loop(struct sched *sch, struct rq *rq, struct task *prev, u32 level)
{
	struct cpu *c = &cpus[model_cpu];
	struct frame *f = &c->frames[level];
	bool prev_was_queued = prev->flags & SIM_QUEUED, again;
	struct dsp_ctx *ctx;
	u32 in_this_run = 0;
	enum verdict verdict = NONE;

	if (consume(&sch->node_0.global_dsq.nr, rq))
		return LOCAL_TASK;
	ctx = dsp_ctx_of(sch);
	ctx->rq = rq;
	/* Not the same loop once more, but another one. */
	if (!f->run_again || f->rq != rq) {
		f->rounds = 0;
	} else {
		CHECK(f->rounds < f->limit);
		truth_loop_goes_on(f->rounds);
	}
	f->rq = rq;
	f->run_again = false;
	do {
		bool kept;

		ctx->nr_tasks = 0;
		if (!level)
			rq->sub_dispatch_prev = prev;
		c->dispatch_rq = rq;
		run_op(sch, rq, level);
		c->dispatch_rq = rq;
		flush_round(sch, rq, level);
		in_this_run++;

		kept = (sim_kernel.prev_captured ? prev_was_queued : prev->flags & SIM_QUEUED) &&
		       prev->slice;
		if (kept)
			verdict = KEEP_PREV;
		else if (rq->local_nr || consume(&sch->node_0.global_dsq.nr, rq))
			verdict = LOCAL_TASK;
		truth_round(&(struct truth_round) {
			.rq = rq,
			.loop_rounds = f->rounds,
			.limit = f->limit,
			.lowest = f->lowest,
			.flushed = f->flushed,
			.verdict = verdict,
			.two_loops = f->two_loops,
		});
		if (f->flushed && !ctx->nr_tasks)
			ended_by_gate(f);
		if (verdict != NONE)
			break;
		if (sim_kernel.cap && in_this_run == sim_kernel.cap) {
			c->pick_kicked = true;
			break;
		}
		again = ctx->nr_tasks;
		if (again)
			CHECK(f->rounds < f->limit);
	} while (again);
	truth_loop_over(f->rounds);
	/* The gate does not see that the previous task was kept if it could not go on later. */
	if (verdict != KEEP_PREV)
		oracle_loop_ended(rq, level, verdict == LOCAL_TASK);
	if (verdict == NONE && consume(&sch->bypass_nr[rq->cpu], rq)) {
		verdict = LOCAL_TASK;
		rq->disturbed = true;
	}
	SAY("loop of level %u for rq%u over after %u rounds: %s", level, rq->cpu, f->rounds,
	    verdict == NONE ? "no task" : verdict == KEEP_PREV ? "previous task" : "local task");
	return verdict;
}

/* scx_bpf_sub_dispatch() */
unsigned long sim_sub_dispatch(unsigned long a, unsigned long b, unsigned long c_, unsigned long d,
			       unsigned long e, unsigned long f_)
{
	struct cpu *c = &cpus[model_cpu];
	struct frame *f = &c->frames[a];
	struct rq *rq = c->dispatch_rq;
	enum verdict verdict;

	CHECK(a && a < sim_kernel.levels);
	CHECK(b == 2 && c_ == 3 && d == 4 && e == 5 && f_ == 6);
	CHECK(!f->runs++ || f->run_again);
	verdict = dispatch_loop(&sim_scheds[a], rq, rq->sub_dispatch_prev, (u32)a);
	f->run_again = oracle_child_ran((u32)a, verdict != NONE);
	/* Only the lowest byte of a bool is defined. */
	return 0xabcd00UL | (verdict != NONE);
}

static bool call_child(u32 level)
{
	struct cpu *c = &cpus[model_cpu];
	struct frame *f = &c->frames[level];
	struct rq *rq = c->dispatch_rq;
	bool refused, ret;

	oracle_settle();
	refused = oracle_refuses_child();
	f->runs = 0;
	f->run_again = false;
	ret = adapter_sub_dispatch(level);
	c->dispatch_rq = rq;
	CHECK(refused == !f->runs);
	CHECK(!f->run_again);
	CHECK(!refused || !ret);
	if (refused) {
		SAY("child of level %u refused", level);
		c->pick_lowest = min(c->pick_lowest, limits_bound());
		/* In the parent's next round. */
		c->pick_kicked = true;
	}
	return ret;
}

/* --- the host ------------------------------------------------------------ */

static void begin_pick(struct cpu *c)
{
	u32 cpu;

	for (cpu = 0; cpu < MODEL_CPUS; cpu++)
		c->pick_rescheds[cpu] = cpus[cpu].rescheds;
	c->pick_rounds = 0;
	c->pick_bound = 0;
	c->pick_lowest = U32_MAX;
	c->pick_more = 0;
	c->pick_two_loops = false;
	c->pick_kicked = false;
}

/* One run queue: is there a task to run? */
static enum verdict dispatch_for(struct rq *rq)
{
	struct cpu *c = &cpus[model_cpu];
	struct task *prev = rq->curr;
	enum verdict verdict;

	if (!c->restarted && (rq != c->pick_rq || !c->frames[0].run_again))
		begin_pick(c);
	/* Where it hands CPUs to a scheduler, that may run children outside of a loop. */
	if (sim_kernel.levels > 1 && byte() % 8 == 7) {
		struct sched *sch = &sim_scheds[0];

		c->dispatch_rq = rq;
		rq->sub_dispatch_prev = prev;
		dsp_ctx_of(sch)->rq = rq;
		call_child(1);
		dsp_ctx_of(sch)->cursor = 1;
		c->flush_what = byte() & 1 ? WASTED_UNLOCKED : WASTED;
		kfunc_flush(sch, rq, SIM_SITE_PASS);
	}
	if (prev->class == &ext_class && (prev->flags & SIM_QUEUED) && prev->slice)
		return KEEP_PREV;
	if (rq->local_nr)
		return LOCAL_TASK;
	verdict = dispatch_loop(&sim_scheds[0], rq, prev, 0);
	if (verdict == NONE && (prev->flags & SIM_QUEUED) && !c->enq_last)
		verdict = KEEP_PREV;
	return verdict;
}

static bool is_sibling(const struct rq *rq, unsigned int cpu)
{
	return rq->core_enabled && (rq->cpu ^ cpu) == 1;
}

/* The result of the host, in which the gate looks for a task. */
static unsigned long host_balance(struct rq *rq)
{
	unsigned int cpu;
	bool ret = dispatch_for(rq);

	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		if (is_sibling(rq, cpu))
			dispatch_for(sim_rq(cpu));
	}
	/* An int: the upper half of the register is undefined. */
	return ret | 0xdead00000000UL;
}

static struct task *host_pick(struct rq *rq)
{
	u32 seq = rq->lock_drop_seq;
	struct task *p = NULL;
	enum verdict verdict;

	if (rq->in_dispatch)
		return NULL;
	rq->in_dispatch = true;
	verdict = dispatch_for(rq);
	rq->in_dispatch = false;
	if (sim_kernel.picks_restart && rq->core_enabled && rq->lock_drop_seq != seq)
		return RETRY_TASK;
	if (rq->rt_ready)
		return RETRY_TASK;
	if (verdict == KEEP_PREV)
		p = rq->curr;
	else if (rq->local_nr)
		p = &cpus[rq->cpu].ext[rq->curr == &cpus[rq->cpu].ext[0]];
	if (rq->cpu == model_cpu && rq->kick_sync_pending) {
		rq->kick_sync_pending = false;
		rq->balance_callback = &rq->kick_sync_pending;
	}
	return p;
}

unsigned long sim_host(unsigned long a, unsigned long b, unsigned long c_, unsigned long d,
		       unsigned long e, unsigned long f_)
{
	struct cpu *c = &cpus[model_cpu];
	struct frame *f = &c->frames[0];
	struct rq *rq = (struct rq *)(sim_kernel.host_rq ? b : a);
	unsigned long ret;
	bool task;

	CHECK((sim_kernel.host_rq ? a == 1 : b == 2) && c_ == 3 && d == 4 && e == 5 && f_ == 6);
	CHECK(!f->runs++ || f->run_again);
	if (f->run_again)
		CHECK(!rq->balance_callback);
	c->host_limit = max(c->host_limit, limits_loop);
	CHECK(f->runs == 1 || f->runs <= c->host_limit / sim_kernel.cap + 1);
	/* The kernel warns if the clock is read that is out of date. */
	CHECK(rq->clock_flags == SIM_CLOCK_UPDATED);
	if (sim_kernel.own_then_siblings) {
		ret = host_balance(rq);
		task = (u32)ret;
	} else {
		ret = (unsigned long)host_pick(rq);
		task = ret;
	}
	f->run_again = c->host_replaced && oracle_host_ran(rq, task);
	return ret;
}

static unsigned long call_host(struct rq *rq)
{
	struct cpu *c = &cpus[model_cpu];
	struct frame *f = &c->frames[0];
	unsigned long a = sim_kernel.host_rq ? 1 : (unsigned long)rq;
	unsigned long b = sim_kernel.host_rq ? (unsigned long)rq : 2;
	u32 seq = rq->lock_drop_seq;
	bool refused = false, restarts;
	unsigned long ret;

	/* When the lock was dropped the kernel updates the clock before the next dispatch. */
	rq->clock_flags = SIM_CLOCK_UPDATED;
	c->host_rounds = 0;
	c->host_limit = 0;
	f->runs = 0;
	f->run_again = false;
	c->host_replaced = host_is_replaced;
	if (c->host_replaced) {
		refused = oracle_refuses_host(rq);
		if (!refused)
			oracle_host_begins();
		ret = adapter_host(a, b);
		restarts = rq->lock_drop_seq != seq && sim_kernel.picks_restart;
		if (!refused)
			oracle_host_ends(rq, restarts);
		if (restarts && c->host_rounds && !c->restarted) {
			c->restarted = true;
			/* See the top of this file. */
			c->pick_more += sim_kernel.levels;
		}
	} else {
		ret = sim_host(a, b, 3, 4, 5, 6);
	}
	CHECK(refused == !f->runs);
	CHECK(!refused || !ret);
	CHECK(!f->run_again);
	if (refused)
		cpus[model_online >> rq->cpu & 1 ? rq->cpu : model_cpu].must_resched = true;
	if (refused)
		SAY("host refused for rq%u", rq->cpu);
	return ret;
}

/* --- a scheduling decision ----------------------------------------------- */

/* IRQs are on: the kick of this CPU runs if it is pending. */
static void irqs_on(void)
{
	bool resched, must = cpus[model_cpu].must_resched;

	cpus[model_cpu].must_resched = false;
	CHECK(oracle_kick_pending() == model_irq_pending(model_cpu));
	CHECK(!must || model_irq_pending(model_cpu));
	if (!model_irq_pending(model_cpu))
		return;
	SAY("is kicked");
	resched = oracle_kicked();
	resched_seen = false;
	model_irq_run();
	CHECK(resched_seen == resched && (resched || !must));
	cpus[model_cpu].rescheds += resched;
}

/* Called in each kick. */
static void kicked(void)
{
	bool unreported = adapter_kicked();

	CHECK(unreported == oracle_unreported());
}

static struct task *take_local(struct rq *rq)
{
	struct cpu *c = &cpus[rq->cpu];
	struct task *p = &c->ext[byte() % EXT_TASKS];

	rq->local_nr--;
	if (p == rq->curr)
		p = &c->ext[p == &c->ext[0]];
	p->flags = SIM_QUEUED;
	p->slice = 1;
	return p;
}

/* Pick for this CPU, and under core scheduling for its sibling. Return the next task. */
static struct task *pick_next(struct rq *rq)
{
	struct cpu *c = &cpus[rq->cpu];
	struct task *next, *p;
	u32 restarts = 0;
	unsigned int cpu;

restart:
	if (rq->rt_ready) {
		rq->rt_ready = 0;
		return &c->rt[rq->curr == &c->rt[0]];
	}
	if (sim_kernel.own_then_siblings) {
		bool keep = (u32)call_host(rq) && !rq->local_nr;

		if (rq->rt_ready)
			goto restart;
		if (keep && (rq->curr->flags & SIM_QUEUED))
			return rq->curr;
		return rq->local_nr ? take_local(rq) : &c->idle;
	}
	next = NULL;
	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		if (cpu != rq->cpu && !is_sibling(rq, cpu))
			continue;
		p = (struct task *)call_host(sim_rq(cpu));
		if (p == RETRY_TASK && (cpu == rq->cpu || sim_kernel.picks_restart) &&
		    restarts++ < MAX_RESTARTS) {
			sim_stats.restarts++;
			/* A task of a higher class that is ready on the sibling runs there. */
			if (cpu != rq->cpu)
				sim_rq(cpu)->rt_ready = 0;
			goto restart;
		}
		if (cpu == rq->cpu)
			next = p;
	}
	if (next == RETRY_TASK)
		next = NULL;
	if (next == rq->curr)
		return next;
	return rq->local_nr ? take_local(rq) : &c->idle;
}

static void schedule_on(unsigned int cpu)
{
	unsigned int was = model_cpu;
	struct rq *rq = sim_rq(cpu);
	struct cpu *c = &cpus[cpu];
	struct task *next;
	u8 b = byte();

	model_cpu = cpu;
	c->in_pick = true;
	c->restarted = false;
	c->enq_last = b & 8;
	SAY("schedules");
	if (rq->curr->class == &ext_class) {
		rq->curr->flags = b % 4 == 1 ? 0 : SIM_QUEUED;
		rq->curr->slice = b % 4 == 2;
	}
	/* A task of a higher class stays until it blocks. */
	if (rq->curr->class == &rt_class && b % 4 == 3 && !rq->rt_ready)
		next = rq->curr;
	else
		next = pick_next(rq);
	if (next != rq->curr) {
		/* ops.cpu_release(): its scheduler queues the tasks of the local DSQ anew. */
		if (b & 0x10 && rq->curr->class == &ext_class && next->class == &rt_class)
			rq->local_nr = 0;
		rq->curr = next;
		rq->nr_switches++;
	}
	/* Another CPU may have a hit of this run queue that it has not settled. */
	rq->disturbed |= nesting;
	rq->balance_callback = NULL;
	c->in_pick = false;
	irqs_on();
	model_cpu = was;
}

/* --- an input ------------------------------------------------------------ */

/* What kinds of kernels there are; the first byte chooses one. */
static const struct sim_kernel kernels[] = {
	/* 7.1 and later */
	{ .flush_args = SLC_FLUSH_SCH_RQ, .dspc_at = SLC_DSPC_SCHED, .levels = 4,
	  .global_at = SLC_GLOBAL_PNODE, .instances = true },
	{ .flush_args = SLC_FLUSH_SCH_RQ, .dspc_at = SLC_DSPC_SCHED, .levels = 2,
	  .global_at = SLC_GLOBAL_PNODE, .host_rq = 1, .instances = true },
	/* the same with core scheduling */
	{ .flush_args = SLC_FLUSH_SCH_RQ, .dspc_at = SLC_DSPC_SCHED, .levels = 3,
	  .global_at = SLC_GLOBAL_PNODE, .core_sched = true, .picks_restart = true,
	  .instances = true },
	/* 6.12 */
	{ .flush_args = SLC_FLUSH_RQ, .dspc_at = SLC_DSPC_POINTER, .levels = 1,
	  .global_at = SLC_GLOBAL_SYMBOL, .own_then_siblings = true, .name_in_ops = true,
	  .prev_captured = true, .instances = true },
	{ .flush_args = SLC_FLUSH_RQ, .dspc_at = SLC_DSPC_STRUCT, .levels = 1,
	  .global_at = SLC_GLOBAL_SYMBOL, .core_sched = true, .own_then_siblings = true,
	  .name_in_ops = true, .prev_captured = true, .instances = true },
	/* 6.16 to 7.0 */
	{ .flush_args = SLC_FLUSH_SCH_RQ, .dspc_at = SLC_DSPC_STRUCT, .levels = 1,
	  .global_at = SLC_GLOBAL_SCHED, .instances = true },
	{ .flush_args = SLC_FLUSH_SCH_RQ, .dspc_at = SLC_DSPC_STRUCT, .levels = 1,
	  .core_sched = true, .global_at = SLC_GLOBAL_NONE, .root_unknown = true },
	/* one that is known in part only */
	{ .flush_args = SLC_FLUSH_SCH_RQ, .dspc_at = SLC_DSPC_SCHED, .levels = 2,
	  .global_at = SLC_GLOBAL_NONE, .core_sched = true, .list_unknown = true },
	/* vendor trees of 2023 and 2024 */
	{ .flush_args = SLC_FLUSH_RQ_RF, .dspc_at = SLC_DSPC_POINTER, .levels = 1,
	  .own_then_siblings = true, .root_unknown = true, .name_in_ops = true, .instances = true },
};

static void init_kernel(void)
{
	static const u32 caps[] = { 0, 32, 2, 4, 0, 3, 8, 1 };
	u8 b = byte();

	sim_kernel = kernels[b % ARRAY_SIZE(kernels)];
	b = byte();
	sim_kernel.cap = caps[b % ARRAY_SIZE(caps)];
	sim_kernel.cap_unknown = sim_kernel.cap && (b & 8);
	/* Core scheduling can be off where the kernel has it. */
	if (b >> 4 == 15)
		sim_kernel.core_sched = false;
}

static void init_cpus(void)
{
	unsigned int cpu, i;

	memset(cpus, 0, sizeof(cpus));
	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		struct cpu *c = &cpus[cpu];

		c->idle.class = &sim_idle_class;
		for (i = 0; i < EXT_TASKS; i++)
			c->ext[i].class = &ext_class;
		for (i = 0; i < RT_TASKS; i++)
			c->rt[i].class = &rt_class;
		sim_rq(cpu)->cpu = cpu;
		sim_rq(cpu)->curr = &c->idle;
		sim_rq(cpu)->core_enabled = sim_kernel.core_sched;
	}
}

static void init_scheds(void)
{
	u32 i;

	memset(sim_scheds, 0, sizeof(sim_scheds));
	sim_dsp_ctx_template = alloc_percpu(struct dsp_ctx);
	sim_dsp_ctx_ptr = sim_dsp_ctx_template;
	sim_root = &sim_scheds[0];
	sim_pnodes = &sim_scheds[0].pnode;
	next_dir_id = 0;
	for (i = 0; i < SIM_LEVELS; i++) {
		sim_scheds[i].pcpu = alloc_percpu(struct dsp_ctx);
		sim_scheds[i].pnode = &sim_scheds[i].node_0;
		sim_scheds[i].pnodes = &sim_scheds[i].pnode;
		load_sched(i, (u8)i);
	}
}

/* All CPUs switch once more and are kicked, so that nothing is open. */
static void quiesce(void)
{
	for (model_cpu = 0; model_cpu < MODEL_CPUS; model_cpu++) {
		irqs_on();
		oracle_queue_callback();
		adapter_queue_callback();
		irqs_on();
	}
	model_cpu = 0;
	oracle_compare();
	truth_compare();
}

static void top_event(void)
{
	unsigned int cpu;
	u8 b = byte();

	switch (b & 15) {
	default:
		cpu = b >> 4 & (MODEL_CPUS - 1);
		if (can_act(cpu))
			schedule_on(cpu);
		break;
	case 10:
		load_sched((b >> 4) % sim_kernel.levels, byte());
		break;
	case 11:
		if (b >> 6 & 1)
			unload_sched((b >> 4) % sim_kernel.levels);
		else
			remove_sched_dir((b >> 4) % sim_kernel.levels);
		break;
	case 12:
		if (b >> 4 & 1) {
			now += 20 * NSEC_PER_SEC;
			oracle_time_passes();
		}
		quiesce();
		break;
	case 13:
		set_limits();
		break;
	case 14:
	case 15:
		event(NULL);
		break;
	}
}

void sim_run(const u8 *data, size_t size)
{
	u8 flags;

	in = data;
	in_end = data + size;
	saying = getenv("SIM_SAY");
	sim_stats.inputs++;
	model_percpu_reset();
	init_kernel();
	init_cpus();
	init_scheds();
	oracle_reset();
	truth_reset();
	host_is_replaced = false;
	nesting = 0;
	memset(traced, 0, sizeof(traced));
	input_began = now;
	flags = byte();
	rounds_left = flags == 255 ? MAX_ROUNDS_LONG : MAX_ROUNDS;
	adapter_load(kicked);
	set_limits();
	while (in < in_end && rounds_left)
		top_event();
	quiesce();
	adapter_unload();
}
