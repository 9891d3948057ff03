// SPDX-License-Identifier: GPL-2.0
// Makes from the 6.12 source what sched_ext's dispatch loop looks like in kernels
// of which there is no package with the source: the signatures of the functions
// around it, and where the dispatch context is.
//
//	-D balance_scx	vendors, 2023: the loop is in the callback of the class
//	-D balance_one	vendors, 2024: a function of its own, with a flag
//	-D by_sched	between 6.12 and 7.1: a kick is in the name of a scheduler
//
// For tests/backport.sh; and the first two, which therefore use what their
// functions get, with -D boot also for kernels to boot. The last is not meant to be
// built.

virtual balance_scx
virtual balance_one
virtual by_sched
virtual boot

// Before it was merged: the flags of the rq lock are passed on, ...
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

// ... and the context is a variable for each CPU, not allocated. What spatch cannot
// write is what DEFINE_PER_CPU() stands for.
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

// Nobody kicks but BPF: neither a declaration nor anything it was for.
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
