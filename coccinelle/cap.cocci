// SPDX-License-Identifier: GPL-2.0
// Adds the cap on dispatch rounds to the sched_ext source of a kernel that does not
// have it, for users who build their own kernel.
//
// To apply it, in the kernel's tree:
//
//	spatch --very-quiet --no-includes --in-place --sp-file cap.cocci \
//		$(find kernel/sched -path '*/ext*' -name '*.[ch]')
//
// It prints the changes; without --in-place it only prints them. Name all files in
// one command, as in newer kernels the loop, the constant and the kick are in
// different files. A tree that has a cap is not changed. If nothing is printed for a
// tree without SCX_DSP_MAX_LOOPS, the loop was not recognised. Tested with spatch 1.3.
//
// The dispatch loop calls ops.dispatch() until a task can run on this CPU, or until
// none is dispatched. It is in
//
//	balance_scx(rq, prev, rf)		vendors' kernels of 2023
//	balance_one(rq, prev[, rf][, local])	kernels with core scheduling
//	scx_dispatch_sched(sch, rq, prev, ...)	kernels with nested schedulers
//
// and is recognised by its statements, not by these names. With the cap it ends after
// SCX_DSP_MAX_LOOPS rounds, and the CPU kicks itself to pick again.

// A loop that counts anything is taken for one with a cap.
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
+		 * Tasks that cannot run on this CPU count as progress. A
+		 * scheduler that always dispatches such tasks would loop here
+		 * for ever, with interrupts off, and the watchdog could not
+		 * eject it. End the loop and kick this CPU, which then picks
+		 * again. Setting need_resched here has no effect, as it would be
+		 * set on the task that is being switched away from.
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

// --- the kick -----------------------------------------------------------------

// If scx_kick_cpu() has a parameter for the scheduler, scx_bpf_kick_cpu() is a kfunc
// that the kernel itself does not call.
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

// Use the variable "cpu" if the function has one.
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

// --- a declaration of the kick, which is defined further down ------------------

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
