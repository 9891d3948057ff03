// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: warns
#include "../../../module/gate/hook.h"

static noinline notrace void slc_hook_flush_rq(u32 cpu)
{
	if (WARN_ON_ONCE(cpu > 8))	/* planted */
		return;
	BUG_ON(!cpu);	/* planted */
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
