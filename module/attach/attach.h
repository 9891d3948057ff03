/* SPDX-License-Identifier: GPL-2.0 */
/* Puts the gate in place of the kernel's functions. */
#ifndef _SLC_ATTACH_H
#define _SLC_ATTACH_H

struct slc_why;

/**
 * struct slc_target - a function of the kernel that is replaced
 * @name: its name
 * @addr: its address
 * @loc: address of the instruction in it that ftrace patches
 * @gate: the function that is called in its place
 */
struct slc_target {
	const char	*name;
	unsigned long	addr;
	unsigned long	loc;
	void		*gate;
};

/* The flush, scx_bpf_sub_dispatch(). */
#define SLC_TARGETS_MAX		2

/**
 * struct slc_backend - a way to replace functions
 * @name: its name in the parameter and the file "backend"
 * @attach: replaces all targets; after an error none is replaced, and @why is set
 * @detach: puts the functions back, unless the kernel does so before the module can
 *	be unloaded; after it no CPU is in a replacement
 * @state: returns a word of "state" in docs/abi.md
 */
struct slc_backend {
	const char	*name;
	int		(*attach)(const struct slc_target *targets,
				  unsigned int nr, struct slc_why *why);
	void		(*detach)(void);
	const char	*(*state)(void);
};

extern const struct slc_backend slc_backend_livepatch, slc_backend_direct;

int slc_attach_choose(const char *name, struct slc_why *why);
int slc_attach_target(struct slc_target *target, const char *name,
		      unsigned long addr, void *gate, struct slc_why *why);
int slc_attach(struct slc_why *why);
void slc_detach(void);
const char *slc_attach_state(void);
const char *slc_attach_backend(void);

#endif /* _SLC_ATTACH_H */
