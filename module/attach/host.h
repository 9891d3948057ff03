/* SPDX-License-Identifier: GPL-2.0 */
/* Replaces the function with the outermost loop. */
#ifndef _SLC_HOST_H
#define _SLC_HOST_H

#include <linux/errno.h>
#include <linux/types.h>

struct slc_why;

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
bool slc_host_possible(void);
int slc_host_attach(struct slc_why *why);
void slc_host_detach(void);
void slc_host_release(void);
#else
static inline bool slc_host_possible(void)
{
	return false;
}

static inline int slc_host_attach(struct slc_why *why)
{
	return -EOPNOTSUPP;
}

static inline void slc_host_detach(void)
{
}

static inline void slc_host_release(void)
{
}
#endif

#endif /* _SLC_HOST_H */
