// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address that is cast and called
#include "../../../module/resolve/ksym.h"

int planted(void)
{
	unsigned long addr = slc_ksym_lookup("kick_process");

	return ((int (*)(int))addr)(1);	/* planted */
}
