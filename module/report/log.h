/* SPDX-License-Identifier: GPL-2.0 */
/* Reports hits to the kernel's log and to pollers, outside of the scheduler. */
#ifndef _SLC_LOG_H
#define _SLC_LOG_H

int slc_log_start(void);
void slc_log_stop(void);
void slc_log_wake(void);

#endif /* _SLC_LOG_H */
