/* SPDX-License-Identifier: GPL-2.0 */
/* Changes to the configuration of Debian's kernels, for tests/sources.sh. */
#include <linux/kconfig.h>

/* Debian's 6.12 is built without it. */
#undef CONFIG_SCHED_CLASS_EXT
#define CONFIG_SCHED_CLASS_EXT	1

/* Another caller of the loop, which others build their kernels with. */
#undef CONFIG_SCHED_CORE
#define CONFIG_SCHED_CORE	1

#ifdef __clang__
#undef CONFIG_CC_IS_GCC
#undef CONFIG_GCC_VERSION
#undef CONFIG_CLANG_VERSION
#define CONFIG_CC_IS_CLANG	1
#define CONFIG_GCC_VERSION	0
#define CONFIG_CLANG_VERSION	(__clang_major__ * 10000)
#endif
