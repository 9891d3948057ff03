// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: in sched.c; the kernel has functions named sched_*, too
#include "../../../module/layout.h"
#include "../../../module/sched.h"

static u64 sched_instance(const void *sch)
{
	schedule();	/* planted */
	return scx_layout_u64(sch, scx_layout.sch_node);
}

void scx_sched_identify(struct scx_sched_id *id, const void *sch, u32 level)
{
	size_t len = min_t(size_t, scx_layout.ops_name_len, SCX_SCHED_NAME_LEN);

	id->instance = sched_instance(sch);
	id->cgroup = sched_clock();	/* planted */
	rcu_read_lock();	/* planted */
	memcpy(id->ops, scx_layout_str(sch, scx_layout.ops_name), len);
	rcu_read_unlock();	/* planted */
}

bool scx_sched_same_name(const struct scx_sched_id *a,
			 const struct scx_sched_id *b)
{
	return !strcmp(a->ops, b->ops) && sched_in_list(a);	/* planted */
}

bool scx_sched_same_load(const struct scx_sched_id *old,
			 const struct scx_sched_id *now)
{
	lockdep_assert_held(&sched_mutex);	/* planted */
	return old->instance == now->instance;
}

static bool sched_in_list(const struct scx_sched_id *id)
{
	const void *node = scx_layout_ptr((const void *)scx_layout.sched_all, 0);

	return scx_layout_container(node, scx_layout.sch_all) == id->sch;
}

bool scx_sched_is_loaded(const struct scx_sched_id *id)
{
	bool loaded;

	might_sleep();
	rcu_read_lock();
	loaded = sched_in_list(id);
	rcu_read_unlock();
	return loaded;
}
