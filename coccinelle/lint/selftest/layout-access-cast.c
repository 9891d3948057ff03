// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: a cast of a pointer plus an offset
#include "../../../module/resolve/layout.h"

u32 planted(const void *rq, u32 off)
{
	return *(const u32 *)((const char *)rq + off);	/* planted */
}
