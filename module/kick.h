/* SPDX-License-Identifier: GPL-2.0 */
/* The deferred kick of a CPU whose dispatch loop was ended. */
#ifndef _SLC_KICK_H
#define _SLC_KICK_H

#include <linux/types.h>

void slc_kick_init(void (*kicked)(void), unsigned long queue_on);
bool slc_kick_queue(u32 cpu, bool resched);
void slc_kick_flush(void);

#endif /* _SLC_KICK_H */
