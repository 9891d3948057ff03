// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address stored in a local variable
#include "../../../module/resolve/ksym.h"

int planted(void)
{
	void (*kick)(int);

	kick = (void *)slc_ksym_lookup("kick_process");	/* planted */
	kick(1);	/* planted */
	return 0;
}
