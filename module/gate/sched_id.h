/* SPDX-License-Identifier: GPL-2.0 */
/* Identifies a scheduler, loaded or gone. */
#ifndef _SLC_SCHED_ID_H
#define _SLC_SCHED_ID_H

#include <linux/types.h>

#include "../../include/scx_loop_cap.h"

/**
 * struct slc_sched_id - identifies a scheduler, also when it is gone
 * @sch: its struct scx_sched, up to 6.15 its struct kobject; only for comparison
 * @instance: id of its directory in sysfs; 0 where that is not known
 * @cgroup: id of the cgroup that it schedules; 1, the root, for the outermost
 * @level: 0 for the outermost, one more for each parent
 * @ops: its name
 */
struct slc_sched_id {
	const void	*sch;
	u64		instance;
	u64		cgroup;
	u32		level;
	char		ops[SCX_LOOP_CAP_OPS_LEN];
};

void slc_sched_identify(struct slc_sched_id *id, const void *sch, u32 level);
bool slc_sched_same_name(const struct slc_sched_id *a,
			 const struct slc_sched_id *b);
bool slc_sched_same_load(const struct slc_sched_id *old,
			 const struct slc_sched_id *now);
bool slc_sched_is_loaded(const struct slc_sched_id *id);

#endif /* _SLC_SCHED_ID_H */
