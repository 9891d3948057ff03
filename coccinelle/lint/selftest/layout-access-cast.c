// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: a cast with an offset
#include "../../../module/resolve/layout.h"

u32 planted(const void *rq, u32 off)
{
	return *(const u32 *)((const char *)rq + off);	/* planted */
}
