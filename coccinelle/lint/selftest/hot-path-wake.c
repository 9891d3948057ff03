// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: wakes a task, hidden in a macro
#include "../../../module/gate/hook.h"

#define slc_pick_finish() wake_up_process(slc_log_task)	/* planted */
#define TELL wake_up_process(slc_log_task)	/* planted */

static noinline notrace void slc_hook_flush_rq(u32 cpu)
{
	slc_pick_finish();
	TELL;
}

void *slc_hook_for_flush(void)
{
	return slc_hook_flush_rq;
}
