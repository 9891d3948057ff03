// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: forbidden calls in a hot function of another file
#include "../../../module/kick.h"

bool slc_kick_queue(u32 cpu, bool resched)
{
	wait_event(kick_wait, kick_done);	/* planted */
	mutex_lock(&kick_mutex);	/* planted */
	return irq_work_queue_on(&kick_work, (int)cpu);	/* planted */
}
