// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address cast to a typedef, and called with an asterisk
#include "../../../module/resolve/ksym.h"

typedef int (*kick_fn)(int);

int planted(void)
{
	unsigned long addr = slc_ksym_lookup("kick_process");

	return (*(kick_fn)addr)(1);	/* planted */
}
