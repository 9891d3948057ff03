// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: wakes somebody, and hides it in a macro
#include "../../../module/gate.h"

#define gate_tell() wake_up_process(reporter)	/* planted */
#define TELL wake_up_process(reporter)	/* planted */

static noinline notrace void gate_hit(u32 cpu)
{
	gate_tell();
	TELL;
}

void *scx_gate_flush(void)
{
	return gate_hit;
}
