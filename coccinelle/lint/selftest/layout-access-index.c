// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: access as an array and as a structure
#include "../../../module/resolve/layout.h"

u32 planted(void *rq, unsigned long addr)
{
	u32 n = ((u32 *)rq)[4];	/* planted */

	return n + ((struct scx_rq_head *)rq)->nr +	/* planted */
		((const u64 *)addr)[1];	/* planted */
}
