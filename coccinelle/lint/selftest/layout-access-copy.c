// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: copies from an offset
#include "../../../module/resolve/layout.h"

u32 planted(const void *rq, u32 off)
{
	u32 nr, cpu;

	memcpy(&nr, (const char *)rq + off, sizeof(nr));	/* planted */
	memcpy(&cpu, rq + off, sizeof(cpu));	/* planted */
	return nr + cpu;
}
