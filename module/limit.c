// SPDX-License-Identifier: GPL-2.0
/*
 * Which limits are valid, for the module parameters and for the knobs, and how
 * they take effect.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>

#include "../include/scx_loop_cap.h"
#include "gate.h"
#include "host.h"
#include "layout.h"
#include "limit.h"

static int limit_parse(const char *text, long long min, long long max,
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
 * scx_limit_parse - read a limit for loops that somebody wrote
 * @text: decimal, may end in a newline
 * @limit: set to it, in rounds per loop
 *
 * Context: any.
 * Return: 0; -EINVAL if it is not a number; -ERANGE if no kernel may have it.
 */
int scx_limit_parse(const char *text, unsigned int *limit)
{
	return limit_parse(text, SCX_LOOP_CAP_LIMIT_MIN, SCX_LOOP_CAP_LIMIT_MAX,
			   limit);
}

/**
 * scx_limit_parse_pick - read a limit for picks that somebody wrote
 * @text: decimal, may end in a newline
 * @limit: set to it, in rounds per pick; 0 for none
 *
 * Context: any.
 * Return: as scx_limit_parse().
 */
int scx_limit_parse_pick(const char *text, unsigned int *limit)
{
	return limit_parse(text, 0, SCX_LOOP_CAP_PICK_LIMIT_MAX, limit);
}

/**
 * scx_limit_default - the limit where nobody chose one
 *
 * Context: any, with the layout resolved.
 * Return: rounds per loop.
 */
unsigned int scx_limit_default(void)
{
	return scx_layout.kernel_limit ?: SCX_LOOP_CAP_LIMIT_DEFAULT;
}

/**
 * scx_limit_pick_default - the limit of a pick where nobody chose one
 *
 * Context: any, with the layout resolved.
 * Return: rounds per pick; 0, for none, where schedulers cannot be nested.
 */
unsigned int scx_limit_pick_default(void)
{
	return scx_layout.nested_site ? SCX_LOOP_CAP_PICK_LIMIT_DEFAULT : 0;
}

static DEFINE_MUTEX(limit_lock);

/**
 * scx_limit_set - make a limit take effect
 * @limit: rounds per loop, a valid one
 * @why: room for %SCX_WHY_LEN bytes; after an error, what went wrong
 *
 * A limit above the kernel's own cap takes more than a number: see host.c.
 *
 * Context: process context, may sleep.
 * Return: 0; -ERANGE if it is too high for this kernel; -EBUSY if somebody else has
 * patched what is needed for it. After an error the old limit stays.
 */
int scx_limit_set(unsigned int limit, char *why)
{
	bool above = scx_layout.kernel_limit && limit > scx_layout.kernel_limit;
	int ret = 0;

	mutex_lock(&limit_lock);
	if (above && !scx_host_possible()) {
		snprintf(why, SCX_WHY_LEN,
			 "limit %u is above the kernel's own cap of %u, which cannot be lifted here",
			 limit, scx_layout.kernel_limit);
		ret = -ERANGE;
	} else if (above) {
		ret = scx_host_attach(why);
	}
	if (!ret) {
		WRITE_ONCE(scx_gate_limit, limit);
		if (!above)
			scx_host_detach();
	}
	mutex_unlock(&limit_lock);
	return ret;
}

/**
 * scx_limit_release - give back what a limit above the kernel's own took
 *
 * Context: process context, may sleep; nobody can set a limit any more.
 */
void scx_limit_release(void)
{
	scx_host_release();
}
