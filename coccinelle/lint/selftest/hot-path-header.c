// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: in what the headers have for the hot path
#include "../../../module/gate.h"

static __always_inline u32 scx_gate_pick_bound(void)
{
	u32 limit = READ_ONCE(scx_gate_pick_limit);

	pr_info_once("limit %u\n", limit);	/* planted */
	return limit ? max(limit, atomic_read(&gate_limit)) : U32_MAX;	/* planted */
}

static __always_inline const void *scx_layout_container(const void *member,
							u32 offset)
{
	if (copy_from_kernel_nofault(&offset, member, 4))	/* planted */
		return NULL;
	return (const char *)member - offset;
}

/* Not part of the hot path. */
static inline void scx_gate_print(void)
{
	pr_info("limit %u\n", scx_gate_limit);
}
