// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces the host: while the limit is above the kernel's own cap, and on kernels that
 * restart selections under core scheduling for as long as the module is loaded.
 * gate/rerun.c says why.
 *
 * Every pick then costs more, also one that dispatches nothing, so other kernels have
 * this only while such a limit is set. It is a direct call of ftrace with
 * both backends: a livepatch cannot be taken off and put on again.
 */
#include <linux/errno.h>

#include "../arch/arch.h"
#include "../gate/rerun.h"
#include "../resolve/layout.h"
#include "../resolve/why.h"
#include "attach.h"
#include "direct_call.h"
#include "host.h"

SLC_DEFINE_DIRECT(slc_rerun_host);

/**
 * slc_host_possible - can the host be replaced?
 *
 * Context: process context, with the layout resolved.
 * Return: true if so.
 */
bool slc_host_possible(void)
{
	struct slc_target target;
	struct slc_why why;

	return slc_layout.host_ret &&
	       !slc_attach_target(&target, slc_layout.host_name,
				  slc_layout.host, slc_rerun_host, &why);
}

/**
 * slc_host_attach - from now on, run a loop again that the kernel's cap ends, and bound
 * selections that are restarted
 * @why: after an error, what went wrong
 *
 * Context: process context, may sleep; not concurrent with itself or
 * slc_host_detach(). Does nothing if it is in effect.
 * Return: 0; -EBUSY if another patch owns the function; or another error.
 */
int slc_host_attach(struct slc_why *why)
{
	struct slc_target target;
	int ret;

	if (slc_rerun_host_direct.attached)
		return 0;
	ret = slc_attach_target(&target, slc_layout.host_name, slc_layout.host,
				slc_rerun_host, why);
	if (ret)
		return ret;
	slc_rerun_set_original(slc_arch_original(target.loc));
	return slc_direct_attach(&slc_rerun_host_direct, &target, why);
}

/**
 * slc_host_detach - let the kernel's own cap end loops again
 *
 * If ftrace can no longer do that the host stays replaced. This is harmless while
 * the module is loaded: without such a limit nothing is run again.
 *
 * Context: as slc_host_attach(); no limit above the kernel's own cap may be set, and the
 * kernel does not restart selections.
 */
void slc_host_detach(void)
{
	slc_direct_detach(&slc_rerun_host_direct);
}

/**
 * slc_host_release - the same, before the module goes away
 *
 * Context: as slc_host_attach(); no limit can be set any more.
 */
void slc_host_release(void)
{
	slc_direct_release(&slc_rerun_host_direct);
}
