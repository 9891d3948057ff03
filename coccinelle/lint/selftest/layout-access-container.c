// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: container_of(), the same by subtraction, and a private definition of a kernel structure
#include "../../../module/resolve/layout.h"

struct scx_dispatch_q {	/* planted */
	unsigned int nr;
};

u32 planted(void *local_dsq, u32 off)
{
	struct planted_rq *rq = container_of(local_dsq, struct planted_rq, dsq);	/* planted */

	slc_layout_u32((const char *)local_dsq - off, 8);	/* planted */
	local_dsq = local_dsq - off;	/* planted */
	rq = container_of(slc_layout_container(local_dsq, off), struct planted_rq, dsq);	/* planted */
	rq = slc_layout_container(local_dsq, off);	/* planted */
	return rq->nr + container_of((struct scx_dispatch_q *)rq, struct planted_rq, dsq)->nr;	/* planted */
}
