// SPDX-License-Identifier: GPL-2.0
/* The file of the kernel that contains sched_ext, and a variable of another one. */
#include "build_policy.c"

/* In the kernel it is in core.c. */
DEFINE_PER_CPU_SHARED_ALIGNED(struct rq, runqueues);
