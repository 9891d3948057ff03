// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address passed to a function that calls it
#include "../../../module/resolve/ksym.h"

static int planted_run(int (*kick)(int))
{
	return kick(1);	/* planted */
}

int planted(void)
{
	unsigned long addr = slc_ksym_lookup("kick_process");

	planted_run((typeof(planted) *)addr);	/* planted */
	return planted_run((typeof(&planted))addr);	/* planted */
}
