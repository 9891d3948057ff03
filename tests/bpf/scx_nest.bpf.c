// SPDX-License-Identifier: GPL-2.0
/*
 * scx_nest: one level of a chain of nested sched_ext schedulers
 *
 * The loader opens this object once for each level. All levels share the maps
 * "shared" and "cpus", because a pick goes through all levels and is counted as
 * one. Everything else, including the arena, exists once per level.
 *
 * A level has a FIFO for each CPU, a user DSQ. A task stays on the CPU that it
 * woke up on: this scheduler does not look for an idle CPU, as not every kernel
 * lets it call scx_bpf_kick_cid().
 *
 * A level that loops dispatches a sleeping task of its own on every
 * ops.dispatch(). The kernel drops it, but counts the round as progress, so the
 * dispatch loop goes round again until it is ended by a limit. The limit applies
 * to one level: each round of the outer loop runs a whole inner loop.
 */
#define BPF_NO_KFUNC_PROTOTYPES
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "scx_kfuncs.bpf.h"
#include "scx_nest.h"

char _license[] SEC("license") = "GPL";

#define __arena		__attribute__((address_space(1)))

/* Kfuncs that only kernels with nested schedulers have; see scx_kfuncs.bpf.h. */
s32 scx_bpf_task_cid(const struct task_struct *p) __ksym __weak;
bool scx_bpf_dsq_move_to_local(u64 dsq_id) __ksym __weak;
bool scx_bpf_sub_dispatch(u64 cgroup_id) __ksym __weak;
bool scx_bpf_dsq_move(struct bpf_iter_scx_dsq *it__iter, struct task_struct *p,
		      u64 dsq_id, u64 enq_flags) __ksym __weak;
int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, u64 dsq_id,
			 u64 flags) __ksym __weak;
struct task_struct *bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it) __ksym __weak;
void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it) __ksym __weak;
/* v7.3: a child may use only the CPUs its parent grants it */
s32 scx_bpf_sub_grant(u64 cgroup_id, u64 caps,
		      const struct scx_cmask __arena *cmask__arena,
		      struct scx_cmask __arena *denied_out__arena__nullable) __ksym __weak;

/* v7.3 */
enum scx_cap_flags___nest {
	SCX_CAP_ENQ_IMMED___nest,
	SCX_CAP_ENQ___nest,
};

/* v6.19 and later; incremented by every pick in v7.2 and v7.3 */
struct scx_rq___kick_sync {
	unsigned long kick_sync;
} __attribute__((preserve_access_index));

/* Not constant: a pinned scheduler is attached again with other options. */
struct nest_opts opts;

/* Written by ops.exit(). */
struct nest_exit exit_info;

/*
 * The kernel needs exactly one arena, in which it allocates memory itself. It
 * finds the arena because a program refers to it: nest_sub_attach() does.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 256);	/* pages */
} arena SEC(".maps");

struct nest_mask __arena granted;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct nest_shared);
} shared SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct nest_cpu);
} cpus SEC(".maps");

/*
 * A number that is the same within a pick of a CPU and differs between picks: the
 * sum of values that only increase. The rq's clock is read once a __schedule(),
 * but may be coarse if the TSC is not trusted. kick_sync differs between the
 * picks of one __schedule().
 */
static __always_inline u64 this_pick(void)
{
	const struct rq *rq = bpf_this_cpu_ptr(&runqueues);
	const struct scx_rq___kick_sync *ks = (const void *)&rq->scx;
	u64 id = rq->clock + rq->nr_switches;

	if (bpf_core_field_exists(ks->kick_sync))
		id += ks->kick_sync;
	return id;
}

static __always_inline void count_call(struct nest_cpu *nc, u32 level)
{
	u64 now = bpf_ktime_get_ns();
	u64 pick = this_pick();

	if (pick != nc->pick) {
		nc->pick = pick;
		nc->pick_calls = 0;
		nc->pick_ns = now;
	}
	nc->dispatches[level]++;
	if (++nc->pick_calls > nc->max_calls)
		nc->max_calls = nc->pick_calls;
	if (now - nc->pick_ns > nc->max_ns)
		nc->max_ns = now - nc->pick_ns;
}

/* Count a dispatch; true if the scheduler loops from now on. */
static __always_inline bool armed(void)
{
	struct nest_shared *sh;
	u32 key = 0;

	sh = bpf_map_lookup_elem(&shared, &key);
	if (!sh || !sh->go)
		return false;
	if (sh->armed_ns)
		return true;
	if (__sync_fetch_and_add(&sh->calls, 1) < opts.loop_after)
		return false;
	sh->armed_ns = bpf_ktime_get_ns();
	return true;
}

static __always_inline bool loops_now(void)
{
	struct nest_shared *sh;
	u32 key = 0;

	sh = bpf_map_lookup_elem(&shared, &key);
	return sh && sh->armed_ns;
}

static __always_inline void useless_round(void)
{
	struct task_struct *victim = bpf_task_from_pid(opts.victim);

	if (!victim)
		return;
	scx_bpf_dsq_insert(victim, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	bpf_task_release(victim);
}

/* Run the child's dispatch; true if it brought a task. */
static __always_inline bool child_round(struct nest_cpu *nc, u32 level)
{
	bool brought = false, refused = false;
	u32 i, calls = opts.sub_calls;
	u64 before;

	if (!opts.child || level + 1 >= NEST_MAX_LEVELS)
		return false;
	/* Repeated calls multiply the rounds, so not before the last level is attached. */
	if (opts.loop && !loops_now())
		calls = 1;
	bpf_for(i, 0, calls) {
		before = nc->dispatches[level + 1];
		if (scx_bpf_sub_dispatch(opts.child)) {
			nc->sub_true++;
			brought = true;
			if (!opts.greedy)
				break;
		} else {
			nc->sub_false++;
			refused |= nc->dispatches[level + 1] == before;
		}
	}
	/* Before the schedulers loop, the child may not be attached yet. */
	if (refused && !level && loops_now())
		nc->refused++;
	return brought;
}

/* Take the first task of this CPU's FIFO; true if there was one. */
static __always_inline bool take_task(s32 cid)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	bool moved = false;

	if (opts.take == NEST_TAKE_TO_LOCAL)
		return scx_bpf_dsq_move_to_local(cid);
	if (!bpf_iter_scx_dsq_new(&it, cid, 0)) {
		p = bpf_iter_scx_dsq_next(&it);
		if (p)
			moved = scx_bpf_dsq_move(&it, p,
						 opts.take == NEST_TAKE_MOVE_GLOBAL ?
						 SCX_DSQ_GLOBAL : SCX_DSQ_LOCAL, 0);
	}
	bpf_iter_scx_dsq_destroy(&it);
	return moved;
}

/* A useful round: bring a task of this level or of the child, alternately. */
static __always_inline void real_round(struct nest_cpu *nc, u32 level, s32 cid)
{
	bool child_first = nc->child_first[level];

	nc->child_first[level] = !child_first;
	if (child_first && child_round(nc, level))
		return;
	if (!take_task(cid) && !child_first)
		child_round(nc, level);
}

SEC("struct_ops/nest_select_cid")
s32 BPF_PROG(nest_select_cid, struct task_struct *p, s32 prev_cid, u64 wake_flags)
{
	return prev_cid;
}

SEC("struct_ops/nest_enqueue")
void BPF_PROG(nest_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, scx_bpf_task_cid(p), SCX_SLICE_DFL, enq_flags);
}

SEC("struct_ops/nest_dispatch")
void BPF_PROG(nest_dispatch, s32 cid, struct task_struct *prev)
{
	u32 level = opts.level, key = 0;
	struct nest_cpu *nc;
	bool bad;

	nc = bpf_map_lookup_elem(&cpus, &key);
	if (!nc || level >= NEST_MAX_LEVELS)
		return;
	count_call(nc, level);

	bad = opts.loop && armed() && opts.bad;
	if (bad)
		useless_round();
	if (bad && !opts.spare)
		child_round(nc, level);
	else
		real_round(nc, level, cid);
}

SEC("struct_ops/nest_sub_attach")
s32 BPF_PROG(nest_sub_attach, struct scx_sub_attach_args *args)
{
	/* keep the reference to the arena on kernels where the rest is dead code */
	const struct nest_mask __arena *mask = &granted;
	u64 caps;

	barrier_var(mask);
	if (!bpf_ksym_exists(scx_bpf_sub_grant))
		return 0;
	caps = bpf_core_enum_value(enum scx_cap_flags___nest, SCX_CAP_ENQ_IMMED___nest) |
	       bpf_core_enum_value(enum scx_cap_flags___nest, SCX_CAP_ENQ___nest);
	return scx_bpf_sub_grant(opts.child, caps,
				 (const struct scx_cmask __arena *)mask, NULL);
}

SEC("struct_ops.s/nest_init")
s32 BPF_PROG(nest_init)
{
	s32 ret;
	u32 i;

	bpf_for(i, 0, opts.nr_cpus) {
		ret = scx_bpf_create_dsq(i, -1);
		if (ret)
			return ret;
	}
	return 0;
}

SEC("struct_ops/nest_exit")
void BPF_PROG(nest_exit, struct scx_exit_info *ei)
{
	exit_info.ns = bpf_ktime_get_ns();
	bpf_probe_read_kernel_str(exit_info.reason, sizeof(exit_info.reason),
				  ei->reason);
	bpf_probe_read_kernel_str(exit_info.msg, sizeof(exit_info.msg), ei->msg);
	__sync_fetch_and_add(&exit_info.kind, ei->kind);
}

/* The loader sets .name, .timeout_ms and .sub_cgroup_id. */
SEC(".struct_ops.link")
struct sched_ext_ops_cid nest_ops = {
	.select_cid	= (void *)nest_select_cid,
	.enqueue	= (void *)nest_enqueue,
	.dispatch	= (void *)nest_dispatch,
	.sub_attach	= (void *)nest_sub_attach,
	.init		= (void *)nest_init,
	.exit		= (void *)nest_exit,
	.name		= "nest",
};
