// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: a cast within READ_ONCE() and WRITE_ONCE()
#include "../../../module/resolve/layout.h"

void planted(void *rq, u32 off)
{
	u64 n = READ_ONCE(*(u64 *)(rq + off));	/* planted */

	WRITE_ONCE(*(u64 *)((char *)rq + 8), n);	/* planted */
}
