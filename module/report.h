/* SPDX-License-Identifier: GPL-2.0 */
/* Tells people and pollers about hits, outside of the scheduler. */
#ifndef _SCX_LOOP_CAP_REPORT_H
#define _SCX_LOOP_CAP_REPORT_H

int scx_report_start(void);
void scx_report_stop(void);
void scx_report_wake(void);

#endif /* _SCX_LOOP_CAP_REPORT_H */
