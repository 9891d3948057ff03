// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address stored in a variable of the file
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
