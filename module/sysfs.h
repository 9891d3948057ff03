/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/kernel/scx_loop_cap: the knob and the counters. */
#ifndef _SCX_LOOP_CAP_SYSFS_H
#define _SCX_LOOP_CAP_SYSFS_H

int scx_sysfs_create(void);
void scx_sysfs_remove(void);
void scx_sysfs_notify_hits(void);

#endif /* _SCX_LOOP_CAP_SYSFS_H */
