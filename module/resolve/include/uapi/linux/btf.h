/* SPDX-License-Identifier: GPL-2.0 */
/* User-space stand-in: the C library's headers have the real one. */
#include <linux/btf.h>
