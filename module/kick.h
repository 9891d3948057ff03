/* SPDX-License-Identifier: GPL-2.0 */
/* The deferred kick of a CPU whose dispatch loop was ended. */
#ifndef _SLC_KICK_H
#define _SLC_KICK_H

#include <linux/types.h>

struct slc_why;

int slc_kick_init(void (*kicked)(void), struct slc_why *why);
bool slc_kick_queue(u32 cpu, bool resched);
void slc_kick_flush(void);

#endif /* _SLC_KICK_H */
