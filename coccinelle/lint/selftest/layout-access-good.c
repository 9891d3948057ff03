// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: code that the rule allows
#include "../../../module/gate/pick.h"
#include "../../../module/resolve/layout.h"

static __always_inline const void *slc_layout_container(const void *member,
							u32 offset)
{
	return (const char *)member - offset;
}

struct good_work {
	struct irq_work work;
	bool		done;
};

static u32 good_bytes(const void *data, size_t len)
{
	const u8 *p = data;
	const char *strs;

	strs = (const char *)p + 24;
	return len > 4 ? p[0] | p[1] << 8 | (u32)strs[2] : 0;
}

static void good_run(struct irq_work *work)
{
	struct good_work *good = container_of(work, struct good_work, work);

	good->done = true;
}

u32 good(const void *rq, struct slc_layout *layout, size_t where, void *cookie)
{
	const void *prev = slc_layout_ptr(rq, layout->rq_curr);
	struct slc_gate_cpu *gc = this_cpu_ptr(&slc_gate_cpu);
	struct slc_hit *hit = cookie;
	u32 *field = NULL;

	static_call_update(good_call, (typeof(good_run) *)layout->flush);
	field = (u32 *)((char *)layout + where);
	gc->rq = rq;
	prev = slc_layout_container(prev, layout->sch_all);
	good_run(cookie);
	good_bytes((const char *)layout + where, (const u8 *)field - (u8 *)layout);
	if (gc->rq != (const void *)layout->dspc)
		return good_bytes((const void *)layout->dspc, 8) + hit->cpu;
	slc_layout_set_u32((char *)cookie + __my_cpu_offset, 4, *field);
	return slc_layout_u32(prev, layout->task_flags);
}
