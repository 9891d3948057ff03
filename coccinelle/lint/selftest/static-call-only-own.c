// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address stored in a member for functions of this module
#include "../../../module/resolve/ksym.h"
#include "../../../module/resolve/layout.h"

unsigned long planted(const char *name)
{
	unsigned long addr = slc_ksym_lookup("kallsyms_lookup_name");
	struct slc_kernel kernel = {
		.lookup = (const void *)addr,	/* planted */
	};

	kernel.size = (void *)addr;	/* planted */
	return kernel.lookup(name);	/* planted */
}
