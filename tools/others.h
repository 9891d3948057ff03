/* SPDX-License-Identifier: GPL-2.0 */
/* Who else is on a function of the kernel. */
#ifndef _SCX_LOOP_CAP_OTHERS_H
#define _SCX_LOOP_CAP_OTHERS_H

#include <stdbool.h>

/**
 * struct others - who is on a function, apart from our module
 * @unknown: could not find out, as tracefs cannot be read; livepatches are known
 * @livepatch: name of a livepatch that has replaced it, or ""
 * @modifies: something that is no livepatch changes where it goes
 * @direct: where its direct call goes, as for a BPF program, or ""
 * @traced: something just watches it
 */
struct others {
	bool	unknown;
	char	livepatch[64];
	bool	modifies;
	char	direct[128];
	bool	traced;
};

void others_find(const char *func, struct others *others);
int others_traceable(const char *func);

#endif /* _SCX_LOOP_CAP_OTHERS_H */
