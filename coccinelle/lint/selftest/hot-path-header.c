// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: forbidden calls in inline functions of the headers
#include "../../../module/gate/pick.h"

static __always_inline u32 slc_pick_middle(void)
{
	u32 limit = READ_ONCE(slc_gate_pick_bound);

	pr_info_once("limit %u\n", limit);	/* planted */
	return limit ? max(limit, atomic_read(&planted)) : U32_MAX;	/* planted */
}

static __always_inline void slc_pick_round(const void *rq, const void *sch)
{
	if (likely(!slc_pick_goes_again(rq, sch)))
		this_cpu_inc(slc_gate_cpu.one_round_loops);
	else
		slc_pick_count(rq, sch, 0, slc_pick_middle());
}
