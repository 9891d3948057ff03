// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: code that the rule allows
#include "../../../module/gate/hook.h"
#include "../../../module/gate/hit.h"
#include "../../../module/resolve/layout.h"

DEFINE_STATIC_CALL(slc_hook_orig_flush, slc_hook_no_flush);

static noinline notrace void slc_pick_limit_reached(void *dspc, const void *rq, u32 rounds)
{
	struct slc_loop_cpu *lc = this_cpu_ptr(&slc_loop_cpu);
	struct slc_hit_round round = { .rq = rq, .rounds = rounds };
	u32 i, bucket = ilog2(max(rounds, slc_pick_middle()));

	for (i = 0; i < bucket; i++)
		WRITE_ONCE(lc->histogram[i], lc->histogram[i] + 1);
	slc_layout_set_u32(dspc, slc_layout.dspc_nr_tasks, 0);
	slc_hit_note(&round);
}

static noinline notrace void slc_hook_flush_rq(void *rq)
{
	if (unlikely(this_cpu_read(slc_gate_cpu.flags)))
		slc_pick_settle(true);
	static_call(slc_hook_orig_flush)(rq, NULL);
	if (unlikely(READ_ONCE(slc_gate_limit)))
		slc_pick_limit_reached(rq, rq, 1);
	else
		this_cpu_inc(slc_gate_cpu.one_round_loops);
}

void slc_hook_set_originals(unsigned long flush, unsigned long sub_dispatch)
{
	if (sub_dispatch)
		static_call_update(slc_hook_orig_flush,
				   (typeof(slc_hook_no_flush) *)flush);
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
