/* SPDX-License-Identifier: GPL-2.0 */
/* Puts the gate in the place of the kernel's functions. */
#ifndef _SCX_LOOP_CAP_ATTACH_H
#define _SCX_LOOP_CAP_ATTACH_H

/**
 * struct scx_target - a function of the kernel that is replaced
 * @name: its name
 * @addr: its address
 * @loc: the instruction in it that ftrace patches
 * @gate: what is called in its place
 */
struct scx_target {
	const char	*name;
	unsigned long	addr;
	unsigned long	loc;
	void		*gate;
};

/* The flush, scx_bpf_sub_dispatch(). */
#define SCX_TARGETS_MAX		2

/**
 * struct scx_backend - a way to replace functions
 * @name: as it is called in the parameter and the attribute "backend"
 * @attach: replace all of them; after an error none is replaced, and why is told
 * @detach: put them back, where that is not so before the module can be unloaded; no
 *	CPU is in a replacement any more after it
 * @state: a word as for "state" in docs/abi.md
 */
struct scx_backend {
	const char	*name;
	int		(*attach)(const struct scx_target *targets,
				  unsigned int nr, char *why);
	void		(*detach)(void);
	const char	*(*state)(void);
};

extern const struct scx_backend scx_attach_livepatch, scx_attach_direct;

int scx_attach_choose(const char *name, char *why);
int scx_attach_target(struct scx_target *target, const char *name,
		      unsigned long addr, void *gate, char *why);
int scx_attach(char *why);
void scx_detach(void);
const char *scx_attach_state(void);
const char *scx_attach_backend(void);

#endif /* _SCX_LOOP_CAP_ATTACH_H */
