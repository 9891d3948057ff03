// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: walks all CPUs, and calls a function that is only for the init function
#include "../../../module/gate/hook.h"

static noinline notrace void slc_hook_flush_rq(u32 cpu)
{
	for_each_possible_cpu(cpu)	/* planted */
		WRITE_ONCE(per_cpu(slc_gate_cpu, cpu).rounds, 0);	/* planted */
	static_call_update(slc_hook_orig_flush, gate_other);	/* planted */
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
