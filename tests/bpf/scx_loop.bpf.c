// SPDX-License-Identifier: GPL-2.0
/*
 * scx_loop: a sched_ext scheduler that keeps the kernel's dispatch loop busy
 *
 * Every CPU has a FIFO, which ops.enqueue() fills with the tasks of its rq and
 * ops.dispatch() empties, one task a round. Depending on the options (see
 * scx_loop.c), ops.dispatch() also makes useless rounds: for ever, or an exact
 * number before each task.
 *
 * The number of rounds must be exact. Therefore:
 *
 * - The queue of a CPU is only accessed with that CPU's rq locked: tasks enter it
 *   in ops.enqueue() of their own rq and leave it in ops.dispatch() for the same
 *   rq. No task migrates in ops.dispatch(), so the kernel does not drop the rq
 *   lock in a loop, and no dispatch fails because of a race. A round that takes
 *   a task from the queue always brings it to the local DSQ and ends the loop.
 *   The modes "remote" and "feed" drop the lock on purpose.
 *
 * - The queue holds references, not PIDs, because an exiting task loses its
 *   PID before it runs for the last time.
 *
 * - An entry becomes stale when its task is dequeued, for example for a new
 *   affinity or nice value. It is checked in task_struct: with the rq locked,
 *   "queued by BPF, on this CPU" cannot change. Stale entries are dropped without
 *   a round.
 *
 * - The victim, the task of useless rounds, is never put into a queue: any CPU
 *   could then dispatch it successfully, and the round would be useful.
 *
 * - A burst starts only while a task waits. That task is still queued in the
 *   round after the burst, so a loop never ends with an empty round, which the
 *   kernel's own cap would also count.
 */
#define BPF_NO_KFUNC_PROTOTYPES
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "scx_kfuncs.bpf.h"
#include "scx_loop.h"

char _license[] SEC("license") = "GPL";

/* v6.19 and later; incremented by every pick in v7.2 and v7.3 */
struct scx_rq___kick_sync {
	unsigned long kick_sync;
} __attribute__((preserve_access_index));

/* Not constant: a pinned scheduler is attached again with other options. */
struct loop_opts opts;

/* Read by the loader. */
__u64 armed_ns;			/* when the loop began; 0: not yet */
__u32 can_kick;			/* may BPF programs call scx_bpf_kick_cpu()? */
struct loop_exit exit_info;

/* Not static, so that the loader can reset them. */
__u64 calls;			/* dispatches of all CPUs before the loop */
__u64 bursts_begun;		/* bursts completed or in progress, with nr_bursts */

struct ring_slot {
	struct task_struct __kptr *task;
};

/* max_entries is for one CPU; the loader multiplies it by the number of CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LOOP_RING_SIZE);
	__type(key, u32);
	__type(value, struct ring_slot);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct loop_cpu);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct loop_count);
} counts SEC(".maps");

static __always_inline void dsq_insert(struct task_struct *p, u64 dsq_id,
				       u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_insert))
		scx_bpf_dsq_insert(p, dsq_id, opts.slice, enq_flags);
	else
		scx_bpf_dispatch(p, dsq_id, opts.slice, enq_flags);
}

static __always_inline struct loop_cpu *cpu_state(s32 cpu)
{
	u32 key = cpu;

	return bpf_map_lookup_elem(&cpus, &key);
}

static __always_inline struct ring_slot *ring_slot(s32 cpu, u64 pos)
{
	u32 key = (u32)cpu * LOOP_RING_SIZE + (pos & (LOOP_RING_SIZE - 1));

	return bpf_map_lookup_elem(&ring, &key);
}

static __always_inline bool ring_push(s32 cpu, struct loop_cpu *lc,
				      struct task_struct *p)
{
	struct task_struct *ref, *old;
	struct ring_slot *slot;

	if (lc->tail - lc->head >= LOOP_RING_SIZE)
		return false;
	slot = ring_slot(cpu, lc->tail);
	if (!slot)
		return false;
	ref = bpf_task_acquire(p);
	if (!ref)
		return false;
	old = bpf_kptr_xchg(&slot->task, ref);
	if (old)
		bpf_task_release(old);
	lc->tail++;
	return true;
}

/* Take the entry at the head, stale or not; the caller owns the reference. */
static __always_inline struct task_struct *ring_pop(s32 cpu, struct loop_cpu *lc)
{
	struct ring_slot *slot = ring_slot(cpu, lc->head);

	if (!slot)
		return NULL;
	lc->head++;
	return bpf_kptr_xchg(&slot->task, NULL);
}

/*
 * Would the dispatch of @p to @cpu's local DSQ succeed, without another rq's lock?
 * The mask is SCX_OPSS_STATE_MASK, which is a macro and thus not in BTF.
 */
static __always_inline bool queued_on(struct task_struct *p, s32 cpu)
{
	u64 state = p->scx.ops_state.counter & ((1 << SCX_OPSS_QSEQ_SHIFT) - 1);

	return state == SCX_OPSS_QUEUED && scx_bpf_task_cpu(p) == cpu;
}

/* Drop stale entries up to the first valid one; false if there is none. */
static __always_inline bool ring_ready(s32 cpu, struct loop_cpu *lc)
{
	struct task_struct *p;
	struct ring_slot *slot;
	int i;

	bpf_for(i, 0, LOOP_RING_SIZE) {
		if (lc->head == lc->tail)
			return false;
		slot = ring_slot(cpu, lc->head);
		if (!slot)
			return false;
		p = slot->task;
		if (p && queued_on(p, cpu))
			return true;
		p = ring_pop(cpu, lc);
		if (p)
			bpf_task_release(p);
	}
	return false;
}

/*
 * A useful round: dispatch the next task, if any, to the local DSQ. Through the
 * global DSQ this also works, unless another CPU takes the task first.
 */
static __always_inline void real_round(s32 cpu, struct loop_cpu *lc)
{
	struct task_struct *p;

	if (!ring_ready(cpu, lc))
		return;
	p = ring_pop(cpu, lc);
	if (!p)
		return;
	/* Not SCX_DSQ_LOCAL, which is that of the CPU that runs the loop, in v6.12. */
	dsq_insert(p, opts.global ? SCX_DSQ_GLOBAL :
		   cpu == bpf_get_smp_processor_id() ? SCX_DSQ_LOCAL : SCX_DSQ_LOCAL_ON | cpu, 0);
	bpf_task_release(p);
}

/*
 * Dispatch a task that sleeps: the flush finds it not queued and drops it,
 * but the round counts as progress.
 */
static __always_inline void useless_round(struct loop_cpu *lc, u64 dsq_id)
{
	struct task_struct *victim = bpf_task_from_pid(LOOP_VICTIM_PID);

	lc->useless++;
	if (!victim)
		return;
	dsq_insert(victim, dsq_id, 0);
	bpf_task_release(victim);
}

/*
 * If no other task waits, make a useless round and refill the slice of the previous task,
 * so that the kernel keeps it and ends the loop.
 */
static __always_inline bool refill_round(s32 cpu, struct loop_cpu *lc,
					 struct task_struct *prev)
{
	if (!prev || !(prev->scx.flags & SCX_TASK_QUEUED) || ring_ready(cpu, lc))
		return false;
	if (bpf_ksym_exists(scx_bpf_task_set_slice))
		scx_bpf_task_set_slice(prev, SCX_SLICE_DFL);
	else
		prev->scx.slice = SCX_SLICE_DFL;
	useless_round(lc, SCX_DSQ_LOCAL);
	return true;
}

/*
 * A number that is the same within a dispatch loop of a CPU and differs between
 * loops: the sum of values that only increase. The rq's clock is read once a
 * __schedule(), but may be coarse if the TSC is not trusted. kick_sync differs
 * between the picks of one __schedule() (both the dl_server and the class itself
 * may pick).
 *
 * If the limit is above the kernel's own cap, the module runs the loop again
 * each time that the cap has ended it, which may increment kick_sync.
 */
static __always_inline u64 this_loop(s32 cpu)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, cpu);
	const struct scx_rq___kick_sync *ks;
	u64 id;

	if (!rq)
		return 0;
	id = rq->clock + rq->nr_switches;
	ks = (const void *)&rq->scx;
	if (bpf_core_field_exists(ks->kick_sync))
		id += ks->kick_sync;
	return id;
}

static __always_inline bool other_loop(const struct loop_cpu *lc, u64 loop_id)
{
	u64 again = opts.kernel_cap ? lc->done / opts.kernel_cap : 0;

	return loop_id - lc->loop_id > again;
}

/*
 * Burst mode. lc->done counts from 0 to opts.burst and stays there until the
 * useful round: in the same loop, or in the next one if a limit ended the loop in
 * the last round of the burst. Returns true if the round was useless.
 */
static __always_inline bool burst_round(s32 cpu, struct loop_cpu *lc)
{
	u64 loop_id = this_loop(cpu);

	if (lc->done >= opts.burst) {
		lc->done = 0;
		return false;
	}

	if (!lc->done) {
		if (opts.nr_bursts && bursts_begun >= opts.nr_bursts)
			return false;
		if (!ring_ready(cpu, lc))
			return false;
		if (opts.nr_bursts &&
		    __sync_fetch_and_add(&bursts_begun, 1) >= opts.nr_bursts) {
			__sync_fetch_and_add(&bursts_begun, -1);
			return false;
		}
		lc->loop_id = loop_id;
	} else if (other_loop(lc, loop_id)) {
		/*
		 * The loop ended within the burst. Make a useful round now, else
		 * the CPU's tasks starve with a limit lower than the burst.
		 */
		lc->broken++;
		lc->done = 0;
		if (opts.nr_bursts)
			__sync_fetch_and_add(&bursts_begun, -1);
		return false;
	}

	useless_round(lc, SCX_DSQ_LOCAL);
	if (++lc->done == opts.burst)
		lc->bursts++;
	return true;
}

static __always_inline struct loop_count *this_count(void)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&counts, &key);
}

/*
 * Count a round where it runs. The loops of a CPU are told apart by what only that CPU does:
 * no lock keeps others from switching tasks on @cpu, nor from updating its clock, while the
 * kernel has dropped the lock.
 */
static __always_inline void count_round(s32 cpu)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, cpu);
	struct loop_count *lc = this_count();
	u64 id;

	if (!lc || !rq)
		return;
	id = lc->picks ?: lc->schedules;
	if (id != lc->loop_id || cpu != lc->cpu) {
		lc->loop_id = id;
		lc->cpu = cpu;
		lc->rounds = 0;
		lc->loops++;
	}
	if (lc->schedules != lc->selection) {
		lc->selection = lc->schedules;
		lc->selection_rounds = 0;
	}
	if (cpu != bpf_get_smp_processor_id())
		lc->sibling_rounds++;
	/* The module counts a round after its flush, so it cannot notice a switch in the first. */
	if (lc->rounds < 2)
		lc->switches = rq->nr_switches;
	else if (rq->nr_switches != lc->switches)
		lc->switched_rounds++;
	if (++lc->rounds > lc->max_loop)
		lc->max_loop = lc->rounds;
	if (++lc->selection_rounds > lc->max_selection)
		lc->max_selection = lc->selection_rounds;
}

/* The loader attaches these to functions that the kernel calls in each __schedule() ... */
SEC("kprobe")
int count_schedule(struct pt_regs *ctx)
{
	struct loop_count *lc = this_count();

	if (lc)
		lc->schedules++;
	return 0;
}

/* ... in each pick by the class, since 7.2 with its own run of the dispatch loop ... */
SEC("kprobe")
int count_pick(struct pt_regs *ctx)
{
	struct loop_count *lc = this_count();

	if (lc)
		lc->picks++;
	return 0;
}

/* ... and to wait for a CPU that was kicked. Another CPU than that of the rq does not wait. */
SEC("kprobe")
int count_wait(struct pt_regs *ctx)
{
	struct loop_count *lc = this_count();

	if (!lc)
		return 0;
	if (PT_REGS_PARM1(ctx) == (unsigned long)bpf_this_cpu_ptr(&runqueues))
		lc->waits++;
	else
		lc->lost_waits++;
	return 0;
}

/* Count a dispatch; true if the scheduler loops from now on. */
static __always_inline bool armed(void)
{
	if (armed_ns)
		return true;
	if (__sync_fetch_and_add(&calls, 1) < opts.loop_after)
		return false;
	armed_ns = bpf_ktime_get_ns();
	return true;
}

/* May @p, queued and not running, be moved to @cpu? The kernel aborts if not. */
static __always_inline bool movable(struct task_struct *p, s32 cpu)
{
	return !p->migration_disabled && bpf_cpumask_test_cpu(cpu, p->cpus_ptr);
}

static __always_inline bool is_feeder(const struct task_struct *p)
{
	int i;

	bpf_for(i, 0, LOOP_FEEDERS)
		if (opts.feeders[i & (LOOP_FEEDERS - 1)] == p->pid)
			return true;
	return false;
}

/*
 * Send the next feeder that waits to the local DSQ of its CPU; false if none waits. They are in
 * no queue: a task that does not wait any more by the time of the flush is dropped there.
 */
static __always_inline bool feed(struct loop_cpu *lc)
{
	struct task_struct *p;
	bool sent = false;
	int i;

	bpf_for(i, 0, LOOP_FEEDERS) {
		p = bpf_task_from_pid(opts.feeders[(lc->feeder + i) & (LOOP_FEEDERS - 1)]);
		if (!p)
			continue;
		if (queued_on(p, opts.feed_cpu)) {
			dsq_insert(p, SCX_DSQ_LOCAL_ON | opts.feed_cpu, 0);
			sent = true;
		}
		bpf_task_release(p);
		if (sent) {
			lc->feeder++;
			break;
		}
	}
	return sent;
}

/* A useless round: send a waiting task, or else the victim, as opts.mode says. */
static __always_inline void bad_round(s32 cpu, struct loop_cpu *lc)
{
	struct task_struct *p;
	u64 dsq_id;
	bool sent = false;

	if (opts.mode == LOOP_MODE_LOCAL) {
		useless_round(lc, SCX_DSQ_LOCAL);
		return;
	}

	if (opts.mode == LOOP_MODE_FEED) {
		if (opts.kick_wait && bpf_ksym_exists(scx_bpf_kick_cpu))
			scx_bpf_kick_cpu(opts.feed_cpu, SCX_KICK_WAIT);
		if (feed(lc)) {
			lc->useless++;
			lc->fed++;
		} else {
			useless_round(lc, SCX_DSQ_LOCAL);
		}
		return;
	}

	if (opts.mode == LOOP_MODE_USER)
		dsq_id = LOOP_SINK_DSQ;
	else
		dsq_id = SCX_DSQ_LOCAL_ON | lc->other;

	if ((opts.mode == LOOP_MODE_USER || lc->other != cpu) &&
	    ring_ready(cpu, lc)) {
		p = ring_pop(cpu, lc);
		if (p) {
			if (opts.mode == LOOP_MODE_USER || movable(p, lc->other)) {
				dsq_insert(p, dsq_id, 0);
				lc->useless++;
				sent = true;
			} else {
				/* there is room: it was just popped */
				ring_push(cpu, lc, p);
			}
			bpf_task_release(p);
		}
	}
	if (!sent)
		useless_round(lc, dsq_id);
}

SEC("struct_ops/loop_select_cpu")
s32 BPF_PROG(loop_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool is_idle = false;

	/* An idle CPU needs no kick: the wakeup that follows reschedules it. */
	return scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);
}

SEC("struct_ops/loop_enqueue")
void BPF_PROG(loop_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = scx_bpf_task_cpu(p);
	struct loop_cpu *lc = cpu_state(cpu);

	if (opts.mode == LOOP_MODE_FEED && is_feeder(p))
		return;
	if (lc && p->pid != LOOP_VICTIM_PID && !opts.spare) {
		if (ring_push(cpu, lc, p))
			return;
		lc->overflow++;
	}
	dsq_insert(p, SCX_DSQ_LOCAL, enq_flags);
}

SEC("struct_ops/loop_dispatch")
void BPF_PROG(loop_dispatch, s32 cpu, struct task_struct *prev)
{
	struct loop_cpu *lc = cpu_state(cpu);

	if (!lc)
		return;
	lc->dispatches++;
	if (opts.count)
		count_round(cpu);

	if (opts.mode == LOOP_MODE_FEED && cpu == opts.feed_cpu) {
		if (ring_ready(cpu, lc) || !feed(lc))
			real_round(cpu, lc);
		return;
	}
	if (opts.refill && refill_round(cpu, lc, prev))
		return;
	if (opts.burst && burst_round(cpu, lc))
		return;
	if (opts.loop && (opts.loop_cpu < 0 || opts.loop_cpu == cpu) && armed()) {
		bad_round(cpu, lc);
		return;
	}
	real_round(cpu, lc);
}

/* The CPU runs a task of a higher class. */
SEC("struct_ops/loop_cpu_release")
void BPF_PROG(loop_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	struct loop_cpu *lc = cpu_state(cpu);

	if (lc && bpf_ksym_exists(scx_bpf_reenqueue_local))
		lc->queued_anew += scx_bpf_reenqueue_local();
}

SEC("struct_ops.s/loop_init")
s32 BPF_PROG(loop_init)
{
	can_kick = bpf_ksym_exists(scx_bpf_kick_cpu);
	if (opts.mode == LOOP_MODE_USER)
		return scx_bpf_create_dsq(LOOP_SINK_DSQ, -1);
	return 0;
}

SEC("struct_ops/loop_exit")
void BPF_PROG(loop_exit, struct scx_exit_info *ei)
{
	exit_info.ns = bpf_ktime_get_ns();
	bpf_probe_read_kernel_str(exit_info.reason, sizeof(exit_info.reason),
				  ei->reason);
	bpf_probe_read_kernel_str(exit_info.msg, sizeof(exit_info.msg), ei->msg);
	__sync_fetch_and_add(&exit_info.kind, ei->kind);
}

/*
 * With these flags every task passes through ops.enqueue(). Without them, the kernel puts
 * exiting tasks and tasks with migration disabled on the local DSQ itself. The second flag
 * is newer than v6.12, so the Makefile sets LOOP_OPS_FLAGS to those that the kernel has.
 * The loader sets .timeout_ms, and without -X removes .cpu_release.
 */
SEC(".struct_ops.link")
struct sched_ext_ops loop_ops = {
	.select_cpu	= (void *)loop_select_cpu,
	.enqueue	= (void *)loop_enqueue,
	.dispatch	= (void *)loop_dispatch,
	.cpu_release	= (void *)loop_cpu_release,
	.init		= (void *)loop_init,
	.exit		= (void *)loop_exit,
	.flags		= LOOP_OPS_FLAGS,
	.name		= "loop",
};
