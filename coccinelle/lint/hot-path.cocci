// SPDX-License-Identifier: GPL-2.0
// Forbids to call anything from the hot path that is not listed here.
//
// module/gate.c runs in place of the kernel's flush, in every pick that
// dispatches, with the rq lock held and IRQs off. What sleeps, allocates,
// prints, wakes somebody or takes a lock can deadlock there. Rather than name
// all that is bad, this names what is known to be good, so that a new call is
// a decision: add it below if it may be used under the rq lock.
//
// The hot path is all of gate.c, host.c, hit.c and sched.c, except for the
// functions listed under "cold"; and what these call elsewhere, listed under
// "hot". So a new function in one of these files is hot until it is listed. The
// files are recognised by a function that each of them has.
//
// Reports the lines marked in the diff that spatch prints.

@hot_file@
identifier f = {scx_gate_flush, scx_host, scx_hit_note, scx_sched_identify};
@@
f(...) { ... }

@gate_c@
@@
scx_gate_flush(...) { ... }

@hit_c@
@@
scx_hit_note(...) { ... }

// A function of these files is checked itself if its name says where it belongs.
@depends on hot_file@
identifier f !~ "^\(scx_\)?\(gate\|host\|hit\|sched\)";
@@
* f(...)
{ ... }

@inside_gate depends on gate_c@
identifier f =~ "^gate_";
position p;
@@
f(@p...)

@inside_hit depends on hit_c@
identifier f =~ "^hit_";
position p;
@@
f(@p...)

@safe@
identifier f = {
	READ_ONCE, WRITE_ONCE, likely, unlikely, min_t, max, ilog2,
	this_cpu_ptr, per_cpu_ptr, smp_processor_id, xchg,
	this_cpu_read, this_cpu_write, this_cpu_inc,
	memcpy, memset, strcmp,
	ktime_get_boot_fast_ns, ktime_get_mono_fast_ns,
	raw_write_seqcount_begin, raw_write_seqcount_end,
	irq_work_queue, cpu_online, trace_scx_loop_cap_hit,
	scx_layout_u32, scx_layout_u64, scx_layout_ptr, scx_layout_str,
	scx_layout_container, scx_layout_set_u32,
	scx_gate_pick_bound, scx_gate_pick_is_over,
	scx_gate_host_enter, scx_gate_was_cut_short, scx_gate_host_leave,
	scx_hit_note, scx_hit_settle,
	scx_sched_identify, scx_sched_same_name, scx_sched_same_load,
	sched_instance,
	scx_kick_queue
};
position p;
@@
f(@p...)

@direct@
identifier key = {scx_gate_original, scx_gate_sub_original, scx_host_original,
		  scx_irq_work_queue_on};
position p;
@@
static_call(key)(@p...)

@direct_key@
identifier key = {scx_gate_original, scx_gate_sub_original, scx_host_original,
		  scx_irq_work_queue_on};
position p;
@@
static_call(@p key)(...)

// Not hot, though in the files: they run while the module is loaded or unloaded,
// or for a reader of the counters.
@cold depends on hot_file@
identifier f = {
	scx_gate_set_original, scx_gate_flush,
	scx_host_possible, scx_host_attach, scx_host_detach, scx_host_release,
	scx_hit_read, scx_hit_init, scx_hit_exit,
	sched_in_list, scx_sched_is_loaded
};
expression e;
position p;
@@
f(...) { <... e(@p...) ...> }

@depends on hot_file@
expression e;
position p != {inside_gate.p, inside_hit.p, safe.p, direct.p, direct_key.p, cold.p};
@@
* e(@p...)

// Elsewhere, called from there.
@@
identifier hot = {
	scx_kick_queue, scx_gate_pick_bound,
	scx_gate_host_enter, scx_gate_was_cut_short, scx_gate_host_leave,
	scx_layout_u32, scx_layout_u64, scx_layout_ptr, scx_layout_str,
	scx_layout_container, scx_layout_set_u32
};
expression e;
position p != {safe.p, direct.p, direct_key.p};
@@
hot(...) {
<...
* e(@p...)
...>
}

// Walking all CPUs takes too long.
@walk depends on hot_file@
identifier f = {
	scx_gate_set_original, scx_gate_flush,
	scx_host_possible, scx_host_attach, scx_host_detach, scx_host_release,
	scx_hit_read, scx_hit_init, scx_hit_exit,
	sched_in_list, scx_sched_is_loaded
};
iterator i;
statement s;
position p;
@@
f(...) { <... i@p(...) s ...> }

@depends on hot_file@
iterator i;
statement s;
position p != walk.p;
@@
* i@p(...) s
