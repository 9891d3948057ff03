/* SPDX-License-Identifier: GPL-2.0 */
/* Finds out who else has patched or traces a kernel function. */
#ifndef _SCX_LOOP_CAP_CONFLICT_H
#define _SCX_LOOP_CAP_CONFLICT_H

#include <stdbool.h>

/**
 * struct conflict - other users of a kernel function, without our own module
 * @unknown: tracefs could not be read, so only @livepatch is valid
 * @livepatch: name of a livepatch that has replaced the function, or ""
 * @modifies: a user other than a livepatch redirects the function
 * @direct: target of a direct call at the function (a BPF trampoline), or ""
 * @traced: a tracer is attached that does not redirect the function
 */
struct conflict {
	bool	unknown;
	char	livepatch[64];
	bool	modifies;
	char	direct[128];
	bool	traced;
};

void conflict_find(const char *func, struct conflict *conflict);
int ftrace_can_patch(const char *func);

#endif /* _SCX_LOOP_CAP_CONFLICT_H */
