// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: the address is cast and called
#include "../../../module/resolve/ksym.h"

int planted(void)
{
	unsigned long addr = slc_ksym_lookup("kick_process");

	return ((int (*)(int))addr)(1);	/* planted */
}
