// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: passes a pointer into unknown memory to a function with a typed parameter
#include "../../../module/resolve/layout.h"

static u32 planted_nr(const u32 *nr)
{
	return *nr;
}

u32 planted(const void *rq, u32 off)
{
	u32 nr = planted_nr(rq + off);	/* planted */

	nr += atomic_read(slc_layout_ptr(rq, 8) + off);	/* planted */
	nr += planted_sum(nr, rq + off, 1);	/* planted */
	return nr + slc_layout_u32(rq + 8, off);
}
