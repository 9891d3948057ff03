/* SPDX-License-Identifier: GPL-2.0 */
/* The module's livepatch: its state, switching it off, and the tasks it waits for. */
#ifndef _SCX_LOOP_CAP_LIVEPATCH_H
#define _SCX_LOOP_CAP_LIVEPATCH_H

#include <stdbool.h>
#include <stddef.h>

bool livepatch_exists(void);
bool livepatch_is_disabled(void);
int livepatch_disable(void);
void livepatch_pending_tasks(char *buf, size_t room);
const char *livepatch_starved_hint(void);

#endif /* _SCX_LOOP_CAP_LIVEPATCH_H */
