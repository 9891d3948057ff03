// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: touches all CPUs, and what only the init function may use
#include "../../../module/gate.h"

static noinline notrace void gate_hit(u32 cpu)
{
	for_each_possible_cpu(cpu)	/* planted */
		WRITE_ONCE(per_cpu(scx_gate_cpu, cpu).rounds, 0);	/* planted */
	static_call_update(scx_gate_original, gate_other);	/* planted */
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
