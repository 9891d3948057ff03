// SPDX-License-Identifier: GPL-2.0
/*
 * Identifies a scheduler, loaded or gone.
 *
 * A scheduler that is ejected and loaded again has the same name and may get the
 * same address. Its directory in sysfs is another one.
 */
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "../resolve/layout.h"
#include "sched_id.h"

/* More than there can be; a longer list is broken. */
#define SLC_SCHED_LIST_MAX	65536

/* The root of the cgroup hierarchy has this id. */
#define SLC_SCHED_ROOT_CGROUP	1

/* The id of a scheduler's directory in sysfs; 0 once it is removed. */
static u64 slc_sched_instance(const void *sch)
{
	const void *node = NULL;

	if (slc_layout.node_id && sch)
		node = slc_layout_ptr(sch, slc_layout.sch_node);
	return node ? slc_layout_u64(node, slc_layout.node_id) : 0;
}

/**
 * slc_sched_identify - record which scheduler it is
 * @id: filled in
 * @sch: the kernel's struct scx_sched, NULL up to 6.15
 * @level: its level, 0 for the outermost
 *
 * Context: rq lock held, in one of the scheduler's operations, which keeps it
 * from going away.
 */
void slc_sched_identify(struct slc_sched_id *id, const void *sch, u32 level)
{
	const void *ops = slc_layout.ops ? (const void *)slc_layout.ops : sch;
	size_t len = min_t(size_t, slc_layout.ops_name_len, SCX_LOOP_CAP_OPS_LEN);

	id->sch = sch;
	if (!sch && slc_layout.root)
		id->sch = slc_layout_ptr((const void *)slc_layout.root, 0);
	id->instance = slc_sched_instance(id->sch);
	id->cgroup = SLC_SCHED_ROOT_CGROUP;
	if (level)
		id->cgroup = slc_layout_u64(sch, slc_layout.sch_cgroup);
	id->level = level;
	memcpy(id->ops, slc_layout_str(ops, slc_layout.ops_name), len);
	id->ops[len - 1] = '\0';
}

/**
 * slc_sched_same_name - have two schedulers the same name and cgroup?
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: true if so, also if the scheduler was loaded again in between.
 */
bool slc_sched_same_name(const struct slc_sched_id *a,
			 const struct slc_sched_id *b)
{
	return a->cgroup == b->cgroup && !strcmp(a->ops, b->ops);
}

/**
 * slc_sched_same_load - is it the same scheduler, not loaded again in between?
 * @old: one that was recorded before
 * @now: one of the same name
 *
 * Context: any.
 * Return: true if so.
 */
bool slc_sched_same_load(const struct slc_sched_id *old,
			 const struct slc_sched_id *now)
{
	return old->sch == now->sch && old->instance == now->instance;
}

/* Look into the kernel's list of schedulers. */
static bool slc_sched_in_list(const struct slc_sched_id *id)
{
	const void *head = (const void *)slc_layout.sched_all, *node;
	bool found = false;
	u32 i;

	node = slc_layout_ptr(head, 0);
	for (i = 0; node && node != head && i < SLC_SCHED_LIST_MAX; i++) {
		const void *sch = slc_layout_container(node, slc_layout.sch_all);

		if (sch == id->sch) {
			found = slc_sched_instance(sch) == id->instance;
			break;
		}
		node = slc_layout_ptr(node, 0);
	}
	return found;
}

/**
 * slc_sched_is_loaded - is a scheduler still loaded?
 * @id: one that was recorded
 *
 * Context: process context.
 * Return: false once it is unloaded, ejected, or loaded again. Where the kernel
 * does not tell: true.
 */
bool slc_sched_is_loaded(const struct slc_sched_id *id)
{
	const void *root = (const void *)slc_layout.root;
	bool loaded = true;

	/* The kernel frees a struct scx_sched and its directory through RCU. */
	rcu_read_lock();
	if (slc_layout.sched_all) {
		loaded = slc_sched_in_list(id);
	} else if (root && !id->level) {
		loaded = slc_layout_ptr(root, 0) == id->sch;
		/* A struct kobject, up to 6.15, is not: do not read from it. */
		if (loaded && !slc_layout.ops)
			loaded = slc_sched_instance(id->sch) == id->instance;
	}
	rcu_read_unlock();
	return loaded;
}
