// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: takes a lock, in two ways
#include "../../../module/gate/hook.h"

static noinline notrace void slc_hook_flush_rq(u32 cpu)
{
	raw_spin_lock(&gate_lock);	/* planted */
	if (READ_ONCE(slc_gate_limit) < mutex_is_locked(&gate_mutex))	/* planted */
		guard(raw_spinlock)(&gate_lock);	/* planted */
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
