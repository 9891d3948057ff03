/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/kernel/scx_loop_cap: the directory, with the limits and the state. */
#ifndef _SLC_SYSFS_H
#define _SLC_SYSFS_H

int slc_sysfs_create(void);
void slc_sysfs_remove(void);

#endif /* _SLC_SYSFS_H */
