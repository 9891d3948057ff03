/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of scx_loop_cap; part of the interface, see docs/abi.md. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM scx_loop_cap

#if !defined(_TRACE_SCX_LOOP_CAP_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_SCX_LOOP_CAP_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "../../scx_loop_cap.h"

/*
 * A limit ended a loop or a pick. Called with IRQs off when it is certain that this
 * was a hit: after the pick, or still in it.
 */
TRACE_EVENT(scx_loop_cap_hit,

	TP_PROTO(u32 cpu, u32 rounds, u32 limit, u32 level, u64 cgroup, u32 kind,
		 const char *ops),

	TP_ARGS(cpu, rounds, limit, level, cgroup, kind, ops),

	TP_STRUCT__entry(
		__field(u32, cpu)
		__field(u32, rounds)
		__field(u32, limit)
		__field(u32, level)
		__field(u64, cgroup)
		__field(u32, kind)
		__array(char, ops, SCX_LOOP_CAP_OPS_LEN)
	),

	TP_fast_assign(
		__entry->cpu = cpu;
		__entry->rounds = rounds;
		__entry->limit = limit;
		__entry->level = level;
		__entry->cgroup = cgroup;
		__entry->kind = kind;
		memcpy(__entry->ops, ops, SCX_LOOP_CAP_OPS_LEN);
	),

	TP_printk("cpu=%u rounds=%u limit=%u ops=%s level=%u cgroup=%llu kind=%s",
		  __entry->cpu, __entry->rounds, __entry->limit, __entry->ops,
		  __entry->level, __entry->cgroup,
		  __print_symbolic(__entry->kind, { SCX_LOOP_CAP_KIND_LOOP, "loop" },
				   { SCX_LOOP_CAP_KIND_PICK, "pick" }))
);

#endif /* _TRACE_SCX_LOOP_CAP_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE scx_loop_cap
#include <trace/define_trace.h>
