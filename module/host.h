/* SPDX-License-Identifier: GPL-2.0 */
/* Runs the loop again where the kernel's own cap ended it. */
#ifndef _SCX_LOOP_CAP_HOST_H
#define _SCX_LOOP_CAP_HOST_H

#include <linux/types.h>

bool scx_host_possible(void);
int scx_host_attach(char *why);
void scx_host_detach(void);
void scx_host_release(void);

/* What stands in for the kernel's function; called by that, not by name. */
unsigned long scx_host(unsigned long a, unsigned long b, unsigned long c,
		       unsigned long d, unsigned long e, unsigned long f);

#endif /* _SCX_LOOP_CAP_HOST_H */
