// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: prints if something is odd
#include "../../../module/gate.h"

static noinline notrace void gate_hit(u32 cpu)
{
	if (WARN_ON_ONCE(cpu > 8))	/* planted */
		return;
	BUG_ON(!cpu);	/* planted */
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
