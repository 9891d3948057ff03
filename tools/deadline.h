/* SPDX-License-Identifier: GPL-2.0 */
/* The deadline of --timeout, shared by load and unload. */
#ifndef _SCX_LOOP_CAP_DEADLINE_H
#define _SCX_LOOP_CAP_DEADLINE_H

#include <stdbool.h>

void deadline_set(unsigned long long seconds);
bool deadline_sleep(void);

#endif /* _SCX_LOOP_CAP_DEADLINE_H */
