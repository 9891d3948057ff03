// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: allocates
#include "../../../module/gate.h"

static noinline notrace void gate_hit(u32 cpu)
{
	struct scx_hit *hit = kmalloc(sizeof(*hit), GFP_ATOMIC);	/* planted */

	hit->cpu = cpu;
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
