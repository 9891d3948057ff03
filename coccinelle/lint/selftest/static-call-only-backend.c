// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: an address stored in a member for a backend's function
#include "../../../module/attach/attach.h"

static unsigned long addr;

static const char *planted_state(void)
{
	return "active";
}

const struct slc_backend planted_backend = {
	.name	= "planted",
	.state	= planted_state,
	.detach	= (const void *)addr,	/* planted */
};

const char *planted(const struct slc_backend *backend)
{
	struct { const char *(*state)(void); } other = { planted_state };

	backend->detach();
	return other.state();	/* planted */
}
