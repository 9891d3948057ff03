// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: forbidden calls in the file that identifies schedulers; the kernel also has sched_*()
#include "../../../module/resolve/layout.h"
#include "../../../module/gate/sched_id.h"

static u64 slc_sched_instance(const void *sch)
{
	schedule();	/* planted */
	return slc_layout_u64(sch, slc_layout.sch_node);
}

void slc_sched_identify(struct slc_sched_id *id, const void *sch, u32 level)
{
	size_t len = min_t(size_t, slc_layout.ops_name_len, SCX_LOOP_CAP_OPS_LEN);

	id->instance = slc_sched_instance(sch);
	id->cgroup = sched_clock();	/* planted */
	rcu_read_lock();	/* planted */
	memcpy(id->ops, slc_layout_str(sch, slc_layout.ops_name), len);
	rcu_read_unlock();	/* planted */
}

bool slc_sched_same_name(const struct slc_sched_id *a,
			 const struct slc_sched_id *b)
{
	return !strcmp(a->ops, b->ops) && slc_sched_in_list(a);	/* planted */
}

bool slc_sched_same_load(const struct slc_sched_id *old,
			 const struct slc_sched_id *now)
{
	lockdep_assert_held(&sched_mutex);	/* planted */
	return old->instance == now->instance;
}

static bool slc_sched_in_list(const struct slc_sched_id *id)
{
	const void *node = slc_layout_ptr((const void *)slc_layout.sched_all, 0);

	return slc_layout_container(node, slc_layout.sch_all) == id->sch;
}

bool slc_sched_is_loaded(const struct slc_sched_id *id)
{
	bool loaded;

	might_sleep();
	rcu_read_lock();
	loaded = slc_sched_in_list(id);
	rcu_read_unlock();
	return loaded;
}
