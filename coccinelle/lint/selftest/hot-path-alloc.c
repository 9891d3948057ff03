// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: allocates memory
#include "../../../module/gate/hook.h"

static noinline notrace void slc_hook_flush_rq(u32 cpu)
{
	struct slc_hit *hit = kmalloc(sizeof(*hit), GFP_ATOMIC);	/* planted */

	hit->cpu = cpu;
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
