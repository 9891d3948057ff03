/* SPDX-License-Identifier: GPL-2.0 */
/* The livepatch of the module, and waiting for its transition. */
#ifndef _SCX_LOOP_CAP_LIVEPATCH_H
#define _SCX_LOOP_CAP_LIVEPATCH_H

#include <stdbool.h>
#include <stddef.h>

bool livepatch_there(void);
bool livepatch_is_off(void);
int livepatch_disable(void);
void livepatch_holders(char *buf, size_t room);
const char *livepatch_starved(void);

/* Until when to wait. */
void deadline_set(unsigned long long seconds);
bool deadline_over(void);

#endif /* _SCX_LOOP_CAP_LIVEPATCH_H */
