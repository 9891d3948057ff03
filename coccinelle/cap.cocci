// SPDX-License-Identifier: GPL-2.0
// Gives a kernel's sched_ext the cap on dispatch rounds that this module is about,
// in its source: for those who build their own kernel and have one without it.
//
// To apply it, in the kernel's tree:
//
//	spatch --very-quiet --no-includes --in-place --sp-file cap.cocci \
//		$(find kernel/sched -path '*/ext*' -name '*.[ch]')
//
// It prints what it changes, or would change without --in-place. All files have to
// be named at once, as the loop, the constant and the kick are in different files
// in newer kernels. A tree that has a cap is left as it is. But if nothing is
// printed for one that has no SCX_DSP_MAX_LOOPS, the loop was not recognised.
// Tried with spatch 1.3.
//
// The loop asks the scheduler for tasks until one can run on this CPU, or until
// none is dispatched. It has been in
//
//	balance_scx(rq, prev, rf)		vendors' kernels of 2023
//	balance_one(rq, prev[, rf][, local])	since there is core scheduling
//	scx_dispatch_sched(sch, rq, prev, ...)	since schedulers can be nested
//
// and is recognised by what it does, not by these names. It is left after
// SCX_DSP_MAX_LOOPS rounds, and the CPU kicks itself to be asked again.

// A loop that counts is one with a cap, whatever that looks like.
@capped@
identifier dspc;
local idexpression n;
position p;
@@
do@p {
	<+...
(
	--n
|
	n--
|
	++n
|
	n++
|
	n -= ...
|
	n += ...
)
	...+>
} while (dspc->nr_tasks);

@loop exists@
identifier f, rq, dspc;
position p != capped.p;
@@
f(..., struct rq *rq, ...)
{
	... when any
	struct scx_dsp_ctx *dspc = ...;
	... when any
	do@p {
		dspc->nr_tasks = 0;
		... when any
	} while (dspc->nr_tasks);
	... when any
}

@exists@
identifier loop.rq, loop.dspc;
position loop.p;
@@
	do@p {
		... when any
+
+		/*
+		 * Tasks that cannot run on this CPU count as progress, so a
+		 * scheduler that never runs out of them would keep us here
+		 * with interrupts off, and the watchdog could not step in.
+		 * Make do with what there is and have another go after this
+		 * pick. To ask for that right away would be in vain, as it marks
+		 * the task that is being switched away from; a kick comes later.
+		 */
+		if (unlikely(!--nr_loops)) {
+			scx_bpf_kick_cpu(cpu_of(rq), 0);
+			break;
+		}
	} while (dspc->nr_tasks);

@@
identifier loop.f, loop.dspc;
@@
f(...)
{
	...
	struct scx_dsp_ctx *dspc = ...;
+	int nr_loops = SCX_DSP_MAX_LOOPS;
	...
}

// --- how this kernel kicks ----------------------------------------------------

// Where a kick is in the name of a scheduler, scx_bpf_kick_cpu() is only for BPF.
@by_sched@
identifier sch;
@@
scx_kick_cpu(struct scx_sched *sch, ...)
{ ... }

@by_parameter depends on by_sched exists@
identifier loop.f, loop.rq, sch;
@@
f(..., struct scx_sched *sch, ...)
{
	<+...
-	scx_bpf_kick_cpu(cpu_of(rq), 0);
+	scx_kick_cpu(sch, cpu_of(rq), 0);
	break;
	...+>
}

@depends on by_sched && !by_parameter exists@
identifier loop.f, loop.rq, sch;
@@
f(...)
{
	... when any
	struct scx_sched *sch = ...;
	<+...
-	scx_bpf_kick_cpu(cpu_of(rq), 0);
+	scx_kick_cpu(sch, cpu_of(rq), 0);
	break;
	...+>
}

@kick exists@
identifier loop.f, loop.rq;
identifier k =~ "^scx_.*kick_cpu$";
@@
f(...)
{
	<+...
	k(..., cpu_of(rq), 0);
	break;
	...+>
}

// For looks: some have the number at hand.
@exists@
identifier loop.f, loop.rq, kick.k, cpu;
@@
f(...)
{
	... when any
	s32 cpu = cpu_of(rq);
	<+...
	k(...,
-	cpu_of(rq)
+	cpu
	, 0);
	break;
	...+>
}

// --- a declaration of it, as it is defined further down -----------------------

@declared@
identifier kick.k;
type T;
@@
T k(...);

@static_kick@
identifier kick.k;
type T;
parameter list ps;
@@
static T k(ps)
{ ... }

@depends on !declared@
identifier flush =~ "flush_dispatch_buf$";
identifier kick.k;
type static_kick.T;
parameter list static_kick.ps;
@@
flush(...)
{ ... }
+
+static T k(ps);

@extern_kick depends on !static_kick@
identifier kick.k;
type T;
parameter list ps;
@@
T k(ps)
{ ... }

@depends on !declared@
identifier flush =~ "flush_dispatch_buf$";
identifier kick.k;
type extern_kick.T;
parameter list extern_kick.ps;
@@
flush(...)
{ ... }
+
+T k(ps);

// --- the constant -------------------------------------------------------------

@constant@
identifier consts;
@@
enum consts { ..., SCX_DSP_MAX_LOOPS = ..., ... };

@depends on loop && !constant@
identifier consts;
@@
enum consts {
	...,
	SCX_DSP_DFL_MAX_BATCH = ...,
+	SCX_DSP_MAX_LOOPS = 32,
	...
};
