// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: forbidden calls in the accessors of layout.h
#include "../../../module/resolve/layout.h"

static __always_inline const void *slc_layout_container(const void *member,
							u32 offset)
{
	if (copy_from_kernel_nofault(&offset, member, 4))	/* planted */
		return NULL;
	return (const char *)member - offset;
}

/* Not part of the hot path. */
static inline void slc_layout_print(void)
{
	pr_info("limit %u\n", slc_layout.kernel_limit);
}
