// SPDX-License-Identifier: GPL-2.0
// Forbids calls from the hot path that are not listed here.
//
// module/gate/ runs in place of the kernel's flush, in every pick that dispatches,
// with the rq lock held and IRQs off. Code that sleeps, allocates, prints, wakes a
// task or takes a lock can deadlock there. This rule lists what is known to be safe,
// not what is known to be unsafe, so that each new call is a decision: add it to
// "safe" if it may run under the rq lock.
//
// The hot path is all of hook.c, pick.c, pick.h, rerun.c, hit.c and sched_id.c but the
// functions listed under "cold", and the functions listed under "hot" in other files. A
// new function in one of these files is hot until it is listed. The rule recognises
// each file by a function that it defines.
//
// Reports the lines that are marked in the diff that spatch prints.

@hot_file@
identifier f = {slc_hook_for_flush, slc_pick_count, slc_pick_round, slc_rerun_host,
		slc_hit_note, slc_sched_identify};
@@
f(...) { ... }

// A function whose name does not tell the file would escape the list of calls.
@depends on hot_file@
identifier f !~ "^slc_\(hook\|pick\|rerun\|hit\|sched\)_";
@@
* f(...)
{ ... }

@safe@
identifier f = {
	READ_ONCE, WRITE_ONCE, likely, unlikely, min_t, min, max, ilog2,
	this_cpu_ptr, per_cpu_ptr, smp_processor_id, xchg,
	raw_cpu_read, this_cpu_read, this_cpu_write, this_cpu_inc, numa_node_id,
	memcpy, memset, strcmp,
	slc_arch_bool, ktime_get_boot_fast_ns, slc_arch_cycles, slc_arch_cycles_to_ns,
	raw_write_seqcount_begin, raw_write_seqcount_end,
	irq_work_queue, cpu_online, trace_scx_loop_cap_hit,
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
	slc_layout_container, slc_layout_set_u32,
	slc_layout_own_u32, slc_layout_own_u64, slc_layout_own_ptr,
	slc_hook_role, slc_hook_unknown_caller, slc_hook_flush_root,
	slc_hook_flush_root_rq, slc_hook_flush_root_sch, slc_hook_flush_root_pcpu,
	slc_hook_flush_child, slc_hook_flush_unknown,
	slc_hook_flush_rq_other, slc_hook_flush_sch_other, slc_hook_sub_dispatch_bounded,
	slc_pick_nr_tasks, slc_pick_switches, slc_pick_keeps, slc_pick_has_task,
	slc_pick_goes_again, slc_pick_is_other, slc_pick_is_core_wide,
	slc_pick_kernel_cap_fires,
	slc_pick_middle_round, slc_pick_outer_round, slc_pick_child_round,
	slc_pick_round, slc_pick_inner_round, slc_pick_hit_is_pending,
	slc_pick_has_looped,
	slc_pick_settle_pending, slc_pick_is_plain, slc_pick_refuses_child,
	slc_pick_refuses_host, slc_pick_rounds_so_far, slc_pick_host_begins,
	slc_pick_arm_rerun, slc_pick_kernel_cap_fired, slc_pick_is_for,
	slc_pick_disarm_rerun,
	slc_pick_count_ended, slc_pick_close_loop, slc_pick_close_inner, slc_pick_end,
	slc_pick_since, slc_pick_middle, slc_pick_global_is_empty,
	slc_pick_note_max, slc_pick_time, slc_pick_is_full, slc_pick_is_long,
	slc_pick_end_loop, slc_pick_limit_reached, slc_pick_end_stale,
	slc_pick_begin, slc_pick_count, slc_pick_first_round, slc_pick_last_round,
	slc_pick_settle, slc_pick_settle_by_queue, slc_pick_note_parent, slc_pick_child_over,
	slc_pick_finish, slc_pick_restarted,
	slc_rerun_rq, slc_rerun_above, slc_rerun_restarts, slc_rerun_around,
	slc_hit_entry, slc_hit_trace, slc_hit_confirm, slc_hit_kick, slc_hit_note,
	slc_hit_pending_kinds, slc_hit_was_hit, slc_hit_take_unreported,
	slc_sched_identify, slc_sched_same_name, slc_sched_same_load,
	slc_sched_instance,
	slc_kick_queue
};
position p;
@@
f(@p...)

@direct@
identifier key = {slc_hook_orig_flush, slc_hook_orig_sub_dispatch, slc_rerun_orig_host,
		  slc_irq_work_queue_on};
position p;
@@
static_call(key)(@p...)

@direct_key@
identifier key = {slc_hook_orig_flush, slc_hook_orig_sub_dispatch, slc_rerun_orig_host,
		  slc_irq_work_queue_on};
position p;
@@
static_call(@p key)(...)

// In these files, but not hot: they run while the module is loaded or unloaded, or for
// a reader of the counters.
@cold depends on hot_file@
identifier f = {
	slc_hook_set_originals, slc_hook_for_flush, slc_rerun_set_original,
	slc_pick_set_limits, slc_pick_init,
	slc_hit_read, slc_hit_init, slc_hit_exit,
	slc_sched_in_list, slc_sched_is_loaded
};
expression e;
position p;
@@
f(...) { <... e(@p...) ...> }

@depends on hot_file@
expression e;
position p != {safe.p, direct.p, direct_key.p, cold.p};
@@
* e(@p...)

// In other files, called from the hot path.
@@
identifier hot = {
	slc_kick_queue,
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
	slc_layout_container, slc_layout_set_u32,
	slc_layout_own_u32, slc_layout_own_u64, slc_layout_own_ptr
};
expression e;
position p != {safe.p, direct.p, direct_key.p};
@@
hot(...) {
<...
* e(@p...)
...>
}

// A walk over all CPUs takes too long.
@walk depends on hot_file@
identifier f = {
	slc_hook_set_originals, slc_hook_for_flush, slc_rerun_set_original,
	slc_pick_set_limits, slc_pick_init,
	slc_hit_read, slc_hit_init, slc_hit_exit,
	slc_sched_in_list, slc_sched_is_loaded
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
