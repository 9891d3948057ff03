/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/kernel/scx_loop_cap/stats: the counters. */
#ifndef _SLC_STATS_FILES_H
#define _SLC_STATS_FILES_H

struct kobject;

int slc_stats_files_create(struct kobject *parent);
void slc_stats_files_remove(void);
void slc_stats_files_notify(void);

#endif /* _SLC_STATS_FILES_H */
