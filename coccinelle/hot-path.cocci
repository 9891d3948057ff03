// SPDX-License-Identifier: GPL-2.0
// Forbids to call anything from the hot path that is not listed here.
//
// module/gate.c runs in place of the kernel's flush, in every pick that
// dispatches, with the rq lock held and IRQs off. What sleeps, allocates,
// prints, wakes somebody or takes a lock can deadlock there. Rather than name
// all that is bad, this names what is known to be good, so that a new call is
// a decision: add it below if it may be used under the rq lock.
//
// The hot path is all of gate.c, what it calls in kick.c, and the accessors of
// layout.h. gate.c is recognised by scx_gate_entry().
//
// Reports the lines marked in the diff that spatch prints.

@gate_c@
@@
scx_gate_entry(...) { ... }

// A function of gate.c is checked itself if its name says where it belongs.
@depends on gate_c@
identifier f !~ "^\(scx_\)?gate_";
@@
* f(...)
{ ... }

@inside depends on gate_c@
identifier f =~ "^gate_";
position p;
@@
f(@p...)

@safe@
identifier f = {
	READ_ONCE, WRITE_ONCE, likely, unlikely, min_t,
	this_cpu_ptr, per_cpu_ptr, smp_processor_id,
	memcpy, ktime_get_boot_fast_ns, irq_work_queue,
	raw_write_seqcount_begin, raw_write_seqcount_end,
	scx_layout_u32, scx_layout_u64, scx_layout_ptr, scx_layout_str,
	scx_layout_set_u32,
	scx_kick_queue, cpu_online
};
position p;
@@
f(@p...)

@direct@
identifier key = {scx_gate_original, scx_irq_work_queue_on};
position p;
@@
static_call(key)(@p...)

@direct_key@
identifier key = {scx_gate_original, scx_irq_work_queue_on};
position p;
@@
static_call(@p key)(...)

// Not hot, though in the file: they run before the gate is attached.
@init@
identifier f = {per_cpu, seqcount_init};
position p;
@@
scx_gate_init(...) { <... f(@p...) ...> }

@update@
position p;
@@
scx_gate_set_original(...) { <... static_call_update(@p...) ...> }

@depends on gate_c@
expression e;
position p != {inside.p, safe.p, direct.p, direct_key.p, init.p, update.p};
@@
* e(@p...)

@@
identifier hot = {
	scx_kick_queue,
	scx_layout_u32, scx_layout_u64, scx_layout_ptr, scx_layout_str,
	scx_layout_set_u32
};
expression e;
position p != {safe.p, direct.p, direct_key.p};
@@
hot(...) {
<...
* e(@p...)
...>
}

// Walking all CPUs is for the init function only.
@walk@
iterator i;
statement s;
position p;
@@
scx_gate_init(...) { <... i@p(...) s ...> }

@depends on gate_c@
iterator i;
statement s;
position p != walk.p;
@@
* i@p(...) s
