/* SPDX-License-Identifier: GPL-2.0 */
/* The deferred kick of a CPU whose dispatch loop was ended. */
#ifndef _SCX_LOOP_CAP_KICK_H
#define _SCX_LOOP_CAP_KICK_H

#include <linux/types.h>

int scx_kick_init(char *why);
bool scx_kick_queue(u32 cpu, bool resched);
void scx_kick_flush(void);

#endif /* _SCX_LOOP_CAP_KICK_H */
