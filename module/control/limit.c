// SPDX-License-Identifier: GPL-2.0
/*
 * Which limits are valid, for the module parameters and for the files in sysfs, and
 * how they take effect.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/mutex.h>

#include "../../include/scx_loop_cap.h"
#include "../attach/host.h"
#include "../gate/counters.h"
#include "../gate/pick.h"
#include "../resolve/layout.h"
#include "../resolve/why.h"
#include "limit.h"

static int slc_limit_parse_range(const char *text, long long min, long long max,
				 unsigned int *limit)
{
	long long val;
	int ret;

	ret = kstrtoll(text, 10, &val);
	if (ret)
		return ret;
	if (val < min || val > max)
		return -ERANGE;
	*limit = (unsigned int)val;
	return 0;
}

/**
 * slc_limit_parse - parse a limit for loops
 * @text: decimal, may end in a newline
 * @limit: set to it, in rounds per loop
 *
 * Context: any.
 * Return: 0; -EINVAL if it is not a number; -ERANGE if no kernel can have it.
 */
int slc_limit_parse(const char *text, unsigned int *limit)
{
	return slc_limit_parse_range(text, SCX_LOOP_CAP_LIMIT_MIN, SCX_LOOP_CAP_LIMIT_MAX,
				     limit);
}

/**
 * slc_limit_parse_pick - parse a limit for picks
 * @text: decimal, may end in a newline
 * @limit: set to it, in rounds per pick; 0 for none
 *
 * Context: any.
 * Return: as slc_limit_parse().
 */
int slc_limit_parse_pick(const char *text, unsigned int *limit)
{
	return slc_limit_parse_range(text, 0, SCX_LOOP_CAP_PICK_LIMIT_MAX, limit);
}

/**
 * slc_limit_default - the limit if none is given
 *
 * Context: any, with the layout resolved.
 * Return: rounds per loop.
 */
unsigned int slc_limit_default(void)
{
	return slc_layout.kernel_limit ?:
	       min_t(unsigned int, SCX_LOOP_CAP_LIMIT_DEFAULT, slc_layout.max_limit);
}

/**
 * slc_limit_pick_default - the limit of a pick if none is given
 *
 * Context: any, with the layout resolved.
 * Return: rounds per pick; 0, for none, where a pick is a single loop: schedulers cannot
 * be nested, and selections are not restarted.
 */
unsigned int slc_limit_pick_default(void)
{
	return slc_layout.sub_dispatch || slc_layout.restarts ?
	       SCX_LOOP_CAP_PICK_LIMIT_DEFAULT : 0;
}

static DEFINE_MUTEX(slc_limit_lock);

/* As it was set; 0 for none. */
static unsigned int slc_limit_pick;

/**
 * slc_limit_set - make a limit take effect
 * @limit: rounds per loop, a valid one
 * @why: after an error, what went wrong
 *
 * For a limit above the kernel's own cap the host is replaced: see attach/host.c. Where
 * the kernel can restart the selection of a core the host stays replaced with any limit.
 *
 * Context: process context, may sleep.
 * Return: 0; -ERANGE if it is too high for this kernel; -EBUSY if another patch owns
 * the host; -EOPNOTSUPP if the host must be replaced with any limit, and cannot be.
 * After an error the old limit stays.
 */
int slc_limit_set(unsigned int limit, struct slc_why *why)
{
	bool above = slc_layout.kernel_limit && limit > slc_layout.kernel_limit;
	int ret = 0;

	if (limit > slc_layout.max_limit)
		return slc_why_set(why, -ERANGE,
				   "limit %u is above %u: this kernel may end loops itself after that many rounds",
				   limit, slc_layout.max_limit);
	mutex_lock(&slc_limit_lock);
	if (above && !slc_host_possible()) {
		ret = slc_why_set(why, -ERANGE,
				  "limit %u is above the kernel's own cap of %u, which cannot be lifted here",
				  limit, slc_layout.kernel_limit);
	} else if (slc_layout.restarts && !slc_host_possible()) {
		ret = slc_why_set(why, -EOPNOTSUPP,
				  "with core scheduling this kernel can go on in a pick for ever, and %s cannot be replaced to end it",
				  slc_layout.host_name);
	} else if (above || slc_layout.restarts) {
		ret = slc_host_attach(why);
	}
	if (!ret) {
		slc_pick_set_limits(limit, slc_limit_pick);
		if (!above && !slc_layout.restarts)
			slc_host_detach();
	}
	mutex_unlock(&slc_limit_lock);
	return ret;
}

/**
 * slc_limit_set_pick - make a limit for picks take effect
 * @limit: rounds per pick, a valid one; 0 for none
 *
 * Context: process context, may sleep.
 */
void slc_limit_set_pick(unsigned int limit)
{
	mutex_lock(&slc_limit_lock);
	WRITE_ONCE(slc_limit_pick, limit);
	slc_pick_set_limits(slc_gate_limit, limit);
	mutex_unlock(&slc_limit_lock);
}

/**
 * slc_limit_get_pick - the limit for picks as it was set
 *
 * Context: any.
 * Return: rounds per pick; 0 for none.
 */
unsigned int slc_limit_get_pick(void)
{
	return READ_ONCE(slc_limit_pick);
}

/**
 * slc_limit_release - put the host back if it is replaced
 *
 * Context: process context, may sleep; no limit can be set any more.
 */
void slc_limit_release(void)
{
	slc_host_release();
}
