// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: what the rule allows
#include "../../../module/gate.h"
#include "../../../module/hit.h"
#include "../../../module/layout.h"

DEFINE_STATIC_CALL(scx_gate_original, gate_no_original);

static noinline notrace void gate_limit(void *dspc, const void *rq, u32 rounds)
{
	struct scx_loop_cpu *lc = this_cpu_ptr(&scx_loop_cpu);
	struct scx_hit_round round = { .rq = rq, .rounds = rounds };
	u32 i, bucket = ilog2(max(rounds, scx_gate_pick_bound()));

	for (i = 0; i < bucket; i++)
		WRITE_ONCE(lc->histogram[i], lc->histogram[i] + 1);
	scx_layout_set_u32(dspc, scx_layout.dspc_nr_tasks, 0);
	scx_hit_note(&round);
}

static noinline notrace void gate_flush_rq(void *rq)
{
	if (unlikely(this_cpu_read(scx_gate_cpu.unsure)))
		scx_hit_settle(true);
	static_call(scx_gate_original)(rq, NULL);
	if (unlikely(READ_ONCE(scx_gate_limit)))
		gate_limit(rq, rq, 1);
	else
		this_cpu_inc(scx_gate_cpu.ones);
}

void scx_gate_set_original(unsigned long flush, unsigned long sub_dispatch)
{
	if (sub_dispatch)
		static_call_update(scx_gate_original,
				   (typeof(gate_no_original) *)flush);
}

void *scx_gate_flush(void)
{
	return gate_flush_rq;
}
