/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of the dispatch loop, and the calls in them. */
#ifndef _SLC_SITES_H
#define _SLC_SITES_H

/* The function that runs a child. */
#define SLC_SUB_DISPATCH	"scx_bpf_sub_dispatch"

struct slc_kernel;
struct slc_layout;
struct slc_why;

int slc_sites_resolve(const struct slc_kernel *kernel, struct slc_layout *layout,
		      struct slc_why *why);

#endif /* _SLC_SITES_H */
