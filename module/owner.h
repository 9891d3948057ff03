/* SPDX-License-Identifier: GPL-2.0 */
/* Finds out who else has patched a function. */
#ifndef _SCX_LOOP_CAP_OWNER_H
#define _SCX_LOOP_CAP_OWNER_H

#include "attach.h"

bool scx_owner_livepatch(const char *name, char *why);
bool scx_owner_in_transition(char *why);
void scx_owner_tell(const struct scx_target *targets, unsigned int nr,
		    char *why);

#endif /* _SCX_LOOP_CAP_OWNER_H */
