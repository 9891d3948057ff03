// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: calls through a pointer, and a function whose name does not tell the file
#include "../../../module/gate/hook.h"

static void helper(struct slc_hit *hit)	/* planted */
{
	hit->rounds = 1;
}

static noinline notrace void slc_hook_flush_rq(struct slc_hit_ops *ops)
{
	helper(&ops->hit);	/* planted */
	ops->hit_fn(1);	/* planted */
	static_call(slc_ksym_lookup_name)("rq");	/* planted */
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
