/* SPDX-License-Identifier: GPL-2.0 */
/* The reason of an error, for the log and for the command. */
#ifndef _SLC_WHY_H
#define _SLC_WHY_H

#include <linux/compiler.h>

/* Room for one reason, in bytes. */
#define SLC_WHY_LEN	160

/**
 * struct slc_why - the reason of an error
 * @text: one line without a newline; empty if there is nothing to say
 */
struct slc_why {
	char text[SLC_WHY_LEN];
};

__printf(3, 4)
int slc_why_set(struct slc_why *why, int err, const char *fmt, ...);

#endif /* _SLC_WHY_H */
