// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: a typed pointer at an offset that is read later
#include "../../../module/resolve/layout.h"

u32 planted(struct slc_gate_cpu *gc, u32 off)
{
	u32 *nr = (u32 *)((char *)gc->rq + off);	/* planted */
	u64 *addr = (u64 *)slc_layout.dspc;	/* planted */

	return *nr + *this_cpu_ptr((u32 __percpu *)slc_layout.dspc) + *addr;	/* planted */
}
