// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: what the rule allows
#include "../../module/gate.h"
#include "../../module/kick.h"
#include "../../module/layout.h"

DEFINE_STATIC_CALL(scx_gate_original, gate_no_original);

static noinline notrace void gate_hit(void *dspc, const void *rq)
{
	struct scx_hit_cpu *hc = this_cpu_ptr(&scx_hit_cpu);

	scx_layout_set_u32(dspc, scx_layout.dspc_nr_tasks, 0);
	raw_write_seqcount_begin(&hc->seq);
	hc->last.boottime = ktime_get_boot_fast_ns();
	raw_write_seqcount_end(&hc->seq);
	if (scx_kick_queue(scx_layout_u32(rq, scx_layout.rq_cpu)))
		WRITE_ONCE(hc->kicks, hc->kicks + 1);
}

static noinline notrace void gate_flush_rq(void *rq)
{
	static_call(scx_gate_original)(rq, NULL);
	if (unlikely(READ_ONCE(scx_gate_limit)))
		gate_hit(rq, rq);
}

void scx_gate_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		seqcount_init(&per_cpu(scx_hit_cpu, cpu).seq);
}

void scx_gate_set_original(unsigned long addr)
{
	static_call_update(scx_gate_original,
			   (typeof(&gate_no_original))addr);
}

void *scx_gate_entry(void)
{
	return gate_flush_rq;
}
