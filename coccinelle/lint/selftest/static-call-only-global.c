// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: kept in a variable of the file
#include "../../../module/resolve/ksym.h"

static int (*kick)(int);

int planted_init(void)
{
	unsigned long addr = slc_ksym_lookup("kick_process");

	kick = (typeof(kick))addr;	/* planted */
	return 0;
}

int planted(void)
{
	return kick(1);	/* planted */
}
