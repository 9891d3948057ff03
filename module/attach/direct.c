// SPDX-License-Identifier: GPL-2.0
/*
 * The backend "direct": puts the gate in place of the kernel's functions by direct
 * calls of ftrace.
 *
 * It costs less than a livepatch and needs no CONFIG_LIVEPATCH. There is no
 * transition, because no task sleeps in the functions concerned. Removing the module
 * takes the calls off.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "../gate/hook.h"
#include "../report/stats.h"
#include "attach.h"
#include "direct_call.h"

SLC_DEFINE_DIRECT(slc_hook_flush_rq);
SLC_DEFINE_DIRECT(slc_hook_flush_sch_rq);
SLC_DEFINE_DIRECT(slc_hook_flush_pcpu);
SLC_DEFINE_DIRECT(slc_hook_flush_rq_rf);
SLC_DEFINE_DIRECT(slc_hook_sub_dispatch);

/* How each hook is attached. */
static const struct slc_dt_gate {
	void			*gate;
	struct slc_direct	*direct;
} slc_dt_gates[] = {
	{ slc_hook_flush_rq, &slc_hook_flush_rq_direct },
	{ slc_hook_flush_sch_rq, &slc_hook_flush_sch_rq_direct },
	{ slc_hook_flush_pcpu, &slc_hook_flush_pcpu_direct },
	{ slc_hook_flush_rq_rf, &slc_hook_flush_rq_rf_direct },
	{ slc_hook_sub_dispatch, &slc_hook_sub_dispatch_direct },
};

static struct slc_direct *slc_dt_find(const struct slc_target *target)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slc_dt_gates); i++) {
		if (slc_dt_gates[i].gate == target->gate)
			return slc_dt_gates[i].direct;
	}
	return NULL;
}

static void slc_dt_detach(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slc_dt_gates); i++)
		slc_direct_release(slc_dt_gates[i].direct);
}

static int slc_dt_attach(const struct slc_target *targets, unsigned int nr, struct slc_why *why)
{
	int ret = -EINVAL;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct slc_direct *direct = slc_dt_find(&targets[i]);

		if (direct)
			ret = slc_direct_attach(direct, &targets[i], why);
		if (ret)
			break;
	}
	if (ret)
		slc_dt_detach();
	return ret;
}

/* Only this module can take the calls off. */
static const char *slc_dt_state(void)
{
	return slc_stats_unknown_callers() ? "degraded" : "active";
}

const struct slc_backend slc_backend_direct = {
	.name	= "direct",
	.attach	= slc_dt_attach,
	.detach	= slc_dt_detach,
	.state	= slc_dt_state,
};
