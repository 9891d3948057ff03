// SPDX-License-Identifier: GPL-2.0
/*
 * Which scheduler it is, among those loaded now and before.
 *
 * A scheduler that is ejected and loaded again has the same name and may even
 * get the same address. From 7.3 on the kernel numbers them; before that, the
 * number of schedulers loaded so far has to do.
 */
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "layout.h"
#include "sched.h"

/* Far more than there can be; a list that is longer is not one. */
#define SCHED_LIST_MAX	65536

/* The root of the cgroup hierarchy has this id. */
#define SCHED_ROOT_CGROUP	1

/*
 * Which of the schedulers loaded since boot this is. The kernel counts at the
 * end of enabling one, and by then it has dispatched already.
 */
static u64 sched_load(void)
{
	u64 seq;

	if (!scx_layout.enable_seq)
		return 0;
	seq = scx_layout_u64((const void *)scx_layout.enable_seq, 0);
	if (scx_layout.enable_state &&
	    scx_layout_u32((const void *)scx_layout.enable_state, 0) ==
	    scx_layout.enabling)
		seq++;
	return seq;
}

/**
 * scx_sched_identify - tell who a scheduler is
 * @id: filled in
 * @sch: the kernel's struct scx_sched, NULL up to 6.15
 * @level: how deep it is nested
 *
 * Context: rq lock held, in one of the scheduler's operations, which keeps it
 * from going away.
 */
void scx_sched_identify(struct scx_sched_id *id, const void *sch, u32 level)
{
	const void *ops = scx_layout.ops ? (const void *)scx_layout.ops : sch;
	size_t len = min_t(size_t, scx_layout.ops_name_len, SCX_SCHED_NAME_LEN);

	id->sch = sch;
	id->instance = 0;
	if (scx_layout.sch_id)
		id->instance = scx_layout_u64(sch, scx_layout.sch_id);
	id->load = sched_load();
	id->cgroup = SCHED_ROOT_CGROUP;
	if (level)
		id->cgroup = scx_layout_u64(sch, scx_layout.sch_cgroup);
	id->level = level;
	memcpy(id->ops, scx_layout_str(ops, scx_layout.ops_name), len);
	id->ops[len - 1] = '\0';
}

/**
 * scx_sched_same_name - do two have the same name, in the same cgroup?
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: true if so, also if it was loaded again in between.
 */
bool scx_sched_same_name(const struct scx_sched_id *a,
			 const struct scx_sched_id *b)
{
	return a->cgroup == b->cgroup && !strcmp(a->ops, b->ops);
}

/**
 * scx_sched_same_load - is it the same scheduler, not loaded again in between?
 * @old: one that was seen before
 * @now: one of the same name
 *
 * The count of loads may be one too low for a moment at the end of loading, but
 * it is never too high.
 *
 * Context: any.
 * Return: true if it is the same.
 */
bool scx_sched_same_load(const struct scx_sched_id *old,
			 const struct scx_sched_id *now)
{
	if (old->sch != now->sch || old->instance != now->instance)
		return false;
	return scx_layout.sch_id || now->load <= old->load;
}

/* Walk the kernel's list of schedulers. Its entries are freed through RCU. */
static bool sched_in_list(const struct scx_sched_id *id)
{
	const void *head = (const void *)scx_layout.sched_all, *node;
	struct scx_sched_id now;
	bool found = false;
	u32 i;

	rcu_read_lock();
	node = scx_layout_ptr(head, 0);
	for (i = 0; node && node != head && i < SCHED_LIST_MAX; i++) {
		const void *sch = scx_layout_container(node, scx_layout.sch_all);

		if (sch == id->sch) {
			scx_sched_identify(&now, sch, id->level);
			found = scx_sched_same_name(id, &now) &&
				scx_sched_same_load(id, &now);
			break;
		}
		node = scx_layout_ptr(node, 0);
	}
	rcu_read_unlock();
	return found;
}

/**
 * scx_sched_is_loaded - has a scheduler not gone away yet?
 * @id: one that was seen
 *
 * Context: process context.
 * Return: false once it is unloaded, ejected, or loaded again.
 */
bool scx_sched_is_loaded(const struct scx_sched_id *id)
{
	if (scx_layout.sched_all)
		return sched_in_list(id);
	/* Up to 7.0 there is only one at a time. */
	if (scx_layout.enable_state &&
	    scx_layout_u32((const void *)scx_layout.enable_state, 0) ==
	    scx_layout.disabled)
		return false;
	return sched_load() <= id->load;
}
