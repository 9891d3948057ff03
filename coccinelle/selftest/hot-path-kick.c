// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: in what gate.c calls elsewhere
#include "../../module/kick.h"

bool scx_kick_queue(u32 cpu)
{
	mutex_lock(&kick_mutex);	/* planted */
	return irq_work_queue_on(&kick_work, (int)cpu);	/* planted */
}

bool scx_report_pending(void)
{
	return wait_event_interruptible(report_wait, report_done);	/* planted */
}
