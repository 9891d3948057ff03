// SPDX-License-Identifier: GPL-2.0
// Changes the dispatch loop of the 6.12 source to that of kernels whose source is not
// packaged: the signatures of the host and the flush, and the place of the dispatch context.
//
//	-D balance_scx	vendors' kernels of 2023: the host is the class's callback
//	-D balance_one	vendors' kernels of 2024: the host is a separate function
//	-D by_sched	between 6.12 and 7.1: the kick has a parameter for the scheduler
//
// All three are for tests/backport.sh. With -D boot, the first two are also for kernels
// to boot, so they use the parameters that they add. The third is never compiled.

virtual balance_scx
virtual balance_one
virtual by_sched
virtual boot

// Before sched_ext was merged, the flags of the rq lock were passed to the flush ...
@depends on !by_sched@
identifier rq, dspc;
@@
flush_dispatch_buf(struct rq *rq
+	, struct rq_flags *rf
	)
{
	struct scx_dsp_ctx *dspc = ...;
	...
+	WARN_ON_ONCE(rf != dspc->rf);
	dspc->cursor = 0;
}

@depends on !by_sched@
identifier dspc;
@@
flush_dispatch_buf(dspc->rq
+	, dspc->rf
	)

@depends on !by_sched@
identifier rq;
@@
flush_dispatch_buf(rq
+	, rf
	)

@depends on !by_sched@
symbol dspc, rq;
@@
	dspc->rq = rq;
+	dspc->rf = rf;

@depends on !by_sched@
@@
struct scx_dsp_ctx {
	struct rq *rq;
+	struct rq_flags *rf;
	...
-	struct scx_dsp_buf_ent buf[];
+	struct scx_dsp_buf_ent buf[64];
};

// ... and the dispatch context was a static per-CPU variable. spatch cannot write
// DEFINE_PER_CPU(), so this writes its expansion.
@depends on !by_sched@
attribute name __percpu;
@@
-static struct scx_dsp_ctx __percpu *scx_dsp_ctx;
+static __attribute__((section(".data..percpu"))) struct scx_dsp_ctx scx_dsp_ctx;

@depends on !by_sched@
@@
this_cpu_ptr(
+	&
	scx_dsp_ctx)

@depends on !by_sched@
@@
-scx_dsp_ctx->cursor
+scx_dsp_ctx.cursor

@depends on !by_sched@
@@
-WARN_ON_ONCE(scx_dsp_ctx);

@depends on !by_sched@
@@
-scx_dsp_ctx = __alloc_percpu(...);
-if (!scx_dsp_ctx) { ... }

@depends on !by_sched@
@@
-free_percpu(scx_dsp_ctx);
-scx_dsp_ctx = NULL;

// --- balance_scx --------------------------------------------------------------

@depends on balance_scx@
@@
-static int balance_scx(...)
-{ ... }

@depends on balance_scx@
@@
-balance_one
+balance_scx
	(struct rq *rq, struct task_struct *prev
+	, struct rq_flags *rf
	)
{
+	struct scx_rq *scx_rq = &rq->scx;
	...
	lockdep_assert_rq_held(rq);
+	rq_unpin_lock(rq, rf);
	...
}

@depends on balance_scx@
@@
balance_scx(...)
{
	<...
+	rq_repin_lock(rq, rf);
	return ...;
	...>
}

@depends on balance_scx@
@@
balance_scx(...)
{
	<...
-	rq->scx.local_dsq.nr
+	scx_rq->local_dsq.nr
	...>
}

// Only BPF programs kick: remove the declaration and the kernel's own kick.
@depends on balance_scx && !boot@
@@
-static void scx_bpf_kick_cpu(s32 cpu, u64 flags);

@depends on balance_scx && !boot@
@@
pick_task_scx(...)
{
	<...
-	if (kick_idle)
-		scx_bpf_kick_cpu(...);
	...>
}

// --- balance_one --------------------------------------------------------------

@depends on balance_one@
@@
balance_one(struct rq *rq, struct task_struct *prev
+	, struct rq_flags *rf, bool local
	)
{
	...
	lockdep_assert_rq_held(rq);
+	WARN_ON_ONCE(local != (rq == this_rq()));
	...
}

@depends on balance_one@
@@
balance_one(rq, prev
+	, rf, true
	)

@depends on balance_one@
@@
balance_one(srq, sprev
+	, rf, false
	)

// --- by_sched -----------------------------------------------------------------

@depends on by_sched@
@@
balance_one(...)
{
+	struct scx_sched *sch = scx_root;
	...
}

@depends on by_sched@
expression cpu, flags;
@@
-scx_bpf_kick_cpu(cpu, flags)
+scx_kick_cpu(sch, cpu, flags)

@depends on by_sched@
@@
-static void scx_bpf_kick_cpu(s32 cpu, u64 flags);
+static void scx_kick_cpu(struct scx_sched *sch, s32 cpu, u64 flags);

@depends on by_sched@
@@
-void scx_bpf_kick_cpu(s32 cpu, u64 flags)
+static void scx_kick_cpu(struct scx_sched *sch, s32 cpu, u64 flags)
{ ... }
