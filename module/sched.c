// SPDX-License-Identifier: GPL-2.0
/*
 * Which scheduler it is, among those loaded now and before.
 *
 * A scheduler that is ejected and loaded again has the same name and may even
 * get the same address. The node of its directory in sysfs is another one.
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

/* The number of a scheduler's directory in sysfs; 0 once it is removed. */
static u64 sched_instance(const void *sch)
{
	const void *node = NULL;

	if (scx_layout.node_id && sch)
		node = scx_layout_ptr(sch, scx_layout.sch_node);
	return node ? scx_layout_u64(node, scx_layout.node_id) : 0;
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
	if (!sch && scx_layout.root)
		id->sch = scx_layout_ptr((const void *)scx_layout.root, 0);
	id->instance = sched_instance(id->sch);
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
 * Context: any.
 * Return: true if it is the same.
 */
bool scx_sched_same_load(const struct scx_sched_id *old,
			 const struct scx_sched_id *now)
{
	return old->sch == now->sch && old->instance == now->instance;
}

/* Look into the kernel's list of schedulers. */
static bool sched_in_list(const struct scx_sched_id *id)
{
	const void *head = (const void *)scx_layout.sched_all, *node;
	bool found = false;
	u32 i;

	node = scx_layout_ptr(head, 0);
	for (i = 0; node && node != head && i < SCHED_LIST_MAX; i++) {
		const void *sch = scx_layout_container(node, scx_layout.sch_all);

		if (sch == id->sch) {
			found = sched_instance(sch) == id->instance;
			break;
		}
		node = scx_layout_ptr(node, 0);
	}
	return found;
}

/**
 * scx_sched_is_loaded - has a scheduler not gone away yet?
 * @id: one that was seen
 *
 * Context: process context.
 * Return: false once it is unloaded, ejected, or loaded again; true also where
 * the kernel does not tell.
 */
bool scx_sched_is_loaded(const struct scx_sched_id *id)
{
	const void *root = (const void *)scx_layout.root;
	bool loaded = true;

	/* A struct scx_sched and its directory are freed through RCU. */
	rcu_read_lock();
	if (scx_layout.sched_all) {
		loaded = sched_in_list(id);
	} else if (root && !id->level) {
		loaded = scx_layout_ptr(root, 0) == id->sch;
		/* What there is up to 6.15 is not, so it is not looked into. */
		if (loaded && !scx_layout.ops)
			loaded = sched_instance(id->sch) == id->instance;
	}
	rcu_read_unlock();
	return loaded;
}
