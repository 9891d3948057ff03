/* SPDX-License-Identifier: GPL-2.0 */
/* The functions that replace the kernel's. */
#ifndef _SLC_HOOK_H
#define _SLC_HOOK_H

void slc_hook_set_originals(unsigned long flush, unsigned long sub_dispatch);
void *slc_hook_for_flush(void);

/* Called in place of the kernel's functions, not by name. */
void slc_hook_flush_rq(void *rq);
void slc_hook_flush_sch_rq(void *sch, void *rq);
void slc_hook_flush_pcpu(void *sch, void *rq);
void slc_hook_flush_rq_rf(void *rq, void *rf);
unsigned long slc_hook_sub_dispatch(unsigned long a, unsigned long b,
				    unsigned long c, unsigned long d,
				    unsigned long e, unsigned long f);

#endif /* _SLC_HOOK_H */
