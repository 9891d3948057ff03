/* SPDX-License-Identifier: GPL-2.0 */
/* Which scheduler it is, among those loaded now and before. */
#ifndef _SCX_LOOP_CAP_SCHED_H
#define _SCX_LOOP_CAP_SCHED_H

#include <linux/types.h>

/* Room for a scheduler's name; the kernel's SCX_OPS_NAME_LEN. */
#define SCX_SCHED_NAME_LEN	128

/**
 * struct scx_sched_id - identifies a scheduler, also when it is gone
 * @sch: its struct scx_sched, up to 6.15 its struct kobject; to be compared only
 * @instance: the number of its directory in sysfs; 0 where that is not known
 * @cgroup: id of the cgroup that it schedules; 1, the root, for the outermost
 * @level: how deep it is nested, 0 for the outermost
 * @ops: its name
 */
struct scx_sched_id {
	const void	*sch;
	u64		instance;
	u64		cgroup;
	u32		level;
	char		ops[SCX_SCHED_NAME_LEN];
};

void scx_sched_identify(struct scx_sched_id *id, const void *sch, u32 level);
bool scx_sched_same_name(const struct scx_sched_id *a,
			 const struct scx_sched_id *b);
bool scx_sched_same_load(const struct scx_sched_id *old,
			 const struct scx_sched_id *now);
bool scx_sched_is_loaded(const struct scx_sched_id *id);

#endif /* _SCX_LOOP_CAP_SCHED_H */
