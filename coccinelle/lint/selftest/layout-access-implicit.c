// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an implicit conversion to a typed pointer
#include "../../../module/resolve/layout.h"

struct planted_rq {
	unsigned int nr;
};

u32 planted(const void *base, void *rq)
{
	const u32 *words = base;	/* planted */
	struct planted_rq *prq;
	struct task_struct *p = slc_layout_ptr(rq, 8);	/* planted */

	prq = rq;	/* planted */
	words = slc_layout_ptr(rq, 16);	/* planted */
	return words[3] + prq->nr + p->on_rq;
}
