// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: prints
#include "../../../module/gate.h"

static noinline notrace void gate_hit(u32 cpu)
{
	pr_warn("hit on %u\n", cpu);	/* planted */
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
