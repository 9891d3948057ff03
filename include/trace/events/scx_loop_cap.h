/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of scx_loop_cap; they are part of the interface, see docs/abi.md. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM scx_loop_cap

#if !defined(_TRACE_SCX_LOOP_CAP_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_SCX_LOOP_CAP_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "../../../module/hit.h"

TRACE_DEFINE_ENUM(SCX_HIT_LOOP);
TRACE_DEFINE_ENUM(SCX_HIT_PICK);

/*
 * A loop or a pick was ended by its limit. Called with IRQs off, after the pick
 * or still in it, when it is settled that it was a hit.
 */
TRACE_EVENT(scx_loop_cap_hit,

	TP_PROTO(const struct scx_hit *hit, enum scx_hit_kind kind),

	TP_ARGS(hit, kind),

	TP_STRUCT__entry(
		__field(u32, cpu)
		__field(u32, rounds)
		__field(u32, limit)
		__field(u32, level)
		__field(u64, cgroup)
		__field(u32, kind)
		__array(char, ops, SCX_SCHED_NAME_LEN)
	),

	TP_fast_assign(
		__entry->cpu = hit->cpu;
		__entry->rounds = kind == SCX_HIT_PICK ? hit->pick_rounds : hit->rounds;
		__entry->limit = kind == SCX_HIT_PICK ? hit->pick_limit : hit->limit;
		__entry->level = hit->sched.level;
		__entry->cgroup = hit->sched.cgroup;
		__entry->kind = kind;
		memcpy(__entry->ops, hit->sched.ops, SCX_SCHED_NAME_LEN);
	),

	TP_printk("cpu=%u rounds=%u limit=%u ops=%s level=%u cgroup=%llu kind=%s",
		  __entry->cpu, __entry->rounds, __entry->limit, __entry->ops,
		  __entry->level, __entry->cgroup,
		  __print_symbolic(__entry->kind, { SCX_HIT_LOOP, "loop" },
				   { SCX_HIT_PICK, "pick" }))
);

#endif /* _TRACE_SCX_LOOP_CAP_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE scx_loop_cap
#include <trace/define_trace.h>
