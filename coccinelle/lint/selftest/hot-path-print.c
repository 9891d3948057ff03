// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: prints
#include "../../../module/gate/hook.h"

static noinline notrace void slc_hook_flush_rq(u32 cpu)
{
	pr_warn("hit on %u\n", cpu);	/* planted */
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
