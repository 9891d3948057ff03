/* SPDX-License-Identifier: GPL-2.0 */
/* Finds who else has patched a function. */
#ifndef _SLC_CONFLICT_H
#define _SLC_CONFLICT_H

#include "attach.h"

#ifdef CONFIG_LIVEPATCH
bool slc_conflict_livepatch(const char *name, struct slc_why *why);
bool slc_conflict_transition(struct slc_why *why);
#else
static inline bool slc_conflict_livepatch(const char *name, struct slc_why *why)
{
	return false;
}
#endif

void slc_conflict_explain(const struct slc_target *targets, unsigned int nr,
			  struct slc_why *why);

#endif /* _SLC_CONFLICT_H */
