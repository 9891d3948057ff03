// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: calls through a pointer, or a function with no name to know it by
#include "../../../module/gate.h"

static void helper(struct scx_hit *hit)	/* planted */
{
	hit->rounds = 1;
}

static noinline notrace void gate_hit(struct scx_hit_ops *ops)
{
	helper(&ops->hit);	/* planted */
	ops->hit_fn(1);	/* planted */
	static_call(scx_lookup_name)("rq");	/* planted */
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
