// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: code that the rule allows
#include "../../../module/resolve/ksym.h"
#include "../../../module/resolve/layout.h"

DEFINE_STATIC_CALL_NULL(good_kick, kick_process);

static unsigned long good_size(unsigned long addr)
{
	return addr & 0xff;
}

int good(const struct slc_kernel *kernel, struct klp_func *func)
{
	unsigned long addr = slc_ksym_lookup("kick_process");
	struct slc_kernel other = {
		.lookup	= slc_ksym_lookup,
		.size	= good_size,
	};

	if (!addr || addr + 4 > (unsigned long)func->new_func)
		return (int)good_size(addr);
	if (func->old_func == (void *)addr)
		return -EBUSY;
	static_call_update(good_kick, (typeof(&kick_process))addr);
	static_call_update(good_kick, (typeof(kick_process) *)addr);
	static_call(good_kick)(current);
	return kernel->lookup("other") == slc_layout_u64((const void *)addr, 8) &&
		slc_layout_resolve(&other, NULL, NULL);
}
