/* SPDX-License-Identifier: GPL-2.0 */
/* User-space stand-in; the allocator is in slab.h, as in newer kernels. */
#include <linux/slab.h>
