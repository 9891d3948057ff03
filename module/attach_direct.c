// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the gate in the place of the kernel's functions by direct calls of ftrace.
 *
 * It costs less than a livepatch and needs no CONFIG_LIVEPATCH. There is no
 * transition, as no task sleeps in the functions concerned; removing the module
 * takes it off.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "attach.h"
#include "direct.h"
#include "gate.h"
#include "stats.h"

DEFINE_SCX_DIRECT(scx_gate_flush_rq);
DEFINE_SCX_DIRECT(scx_gate_flush_sch_rq);
DEFINE_SCX_DIRECT(scx_gate_flush_rq_rf);
DEFINE_SCX_DIRECT(scx_gate_sub_dispatch);

/* By what they attach. */
static const struct dt_gate {
	void			*gate;
	struct scx_direct	*direct;
} dt_gates[] = {
	{ scx_gate_flush_rq, &direct_scx_gate_flush_rq },
	{ scx_gate_flush_sch_rq, &direct_scx_gate_flush_sch_rq },
	{ scx_gate_flush_rq_rf, &direct_scx_gate_flush_rq_rf },
	{ scx_gate_sub_dispatch, &direct_scx_gate_sub_dispatch },
};

static struct scx_direct *dt_find(const struct scx_target *target)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dt_gates); i++) {
		if (dt_gates[i].gate == target->gate)
			return dt_gates[i].direct;
	}
	return NULL;
}

static void dt_detach(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dt_gates); i++)
		scx_direct_release(dt_gates[i].direct);
}

static int dt_attach(const struct scx_target *targets, unsigned int nr, char *why)
{
	int ret = -EINVAL;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct scx_direct *direct = dt_find(&targets[i]);

		if (direct)
			ret = scx_direct_attach(direct, &targets[i], why);
		if (ret)
			break;
	}
	if (ret)
		dt_detach();
	return ret;
}

/* Nobody but us can change anything. */
static const char *dt_state(void)
{
	return scx_stats_unknown_callers() ? "degraded" : "active";
}

const struct scx_backend scx_attach_direct = {
	.name	= "direct",
	.attach	= dt_attach,
	.detach	= dt_detach,
	.state	= dt_state,
};
