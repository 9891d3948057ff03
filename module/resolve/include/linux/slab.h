/* SPDX-License-Identifier: GPL-2.0 */
/* User-space stand-in. */
#ifndef _SHIM_LINUX_SLAB_H
#define _SHIM_LINUX_SLAB_H

#include <stdlib.h>

#include <linux/kernel.h>

#define GFP_KERNEL	0

/* Set by a test that wants to see what happens without memory. */
extern bool shim_alloc_fails;
__attribute__((weak)) bool shim_alloc_fails;

/* Not zeroed, as in the kernel, so that a sanitizer sees what is not set. */
static inline void *kvmalloc_array(size_t n, size_t size, int gfp)
{
	(void)gfp;
	return shim_alloc_fails ? NULL : reallocarray(NULL, n, size);
}

static inline void kvfree(const void *p)
{
	free((void *)p);
}

#endif /* _SHIM_LINUX_SLAB_H */
