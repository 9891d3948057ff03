// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: takes a lock, in two ways
#include "../../../module/gate.h"

static noinline notrace void gate_hit(u32 cpu)
{
	raw_spin_lock(&gate_lock);	/* planted */
	if (READ_ONCE(scx_gate_limit) < mutex_is_locked(&gate_mutex))	/* planted */
		guard(raw_spinlock)(&gate_lock);	/* planted */
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
