// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: kept in a structure, with a cast that hides it
#include "../../../module/resolve/ksym.h"

struct planted_ops {
	int (*kick)(int);
};

int planted(struct planted_ops *ops, const void *addr)
{
	ops->kick = addr;
	return ops->kick(1);	/* planted */
}
