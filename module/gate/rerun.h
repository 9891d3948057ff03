/* SPDX-License-Identifier: GPL-2.0 */
/* Stands for the host: runs it again after the kernel's cap, and bounds restarts. */
#ifndef _SLC_RERUN_H
#define _SLC_RERUN_H

void slc_rerun_set_original(unsigned long host);

/* Called in place of the kernel's function, not by name. */
unsigned long slc_rerun_host(unsigned long a, unsigned long b, unsigned long c,
			     unsigned long d, unsigned long e, unsigned long f);

#endif /* _SLC_RERUN_H */
