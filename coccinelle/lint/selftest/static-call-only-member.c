// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address stored in a structure, hidden by a cast
#include "../../../module/resolve/ksym.h"

struct planted_ops {
	int (*kick)(int);
};

int planted(struct planted_ops *ops, const void *addr)
{
	ops->kick = addr;
	return ops->kick(1);	/* planted */
}
