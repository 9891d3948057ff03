/* SPDX-License-Identifier: GPL-2.0 */
/* Replaces one function by a direct call of ftrace. */
#ifndef _SLC_DIRECT_CALL_H
#define _SLC_DIRECT_CALL_H

#include <linux/ftrace.h>
#include <linux/types.h>

#include "../arch/arch.h"
#include "attach.h"

/**
 * struct slc_direct - a function that a direct call replaces
 * @ops: its registration with ftrace
 * @stub: what the function calls at its entry, see SLC_ARCH_STUB()
 * @attached: it is in effect
 */
struct slc_direct {
	struct ftrace_ops	ops;
	void			(*stub)(void);
	bool			attached;
};

/**
 * SLC_DEFINE_DIRECT - define GATE_direct, by which a function can be replaced
 * @gate: the replacement, see SLC_ARCH_STUB()
 */
#define SLC_DEFINE_DIRECT(gate)						\
SLC_ARCH_STUB(gate);							\
static struct slc_direct gate##_direct = { .stub = gate##_stub }

int slc_direct_attach(struct slc_direct *direct, const struct slc_target *target,
		      struct slc_why *why);
int slc_direct_detach(struct slc_direct *direct);
void slc_direct_release(struct slc_direct *direct);

#endif /* _SLC_DIRECT_CALL_H */
