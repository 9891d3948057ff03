/* SPDX-License-Identifier: GPL-2.0 */
/* Which limits are valid, for the module parameters and for the knobs. */
#ifndef _SCX_LOOP_CAP_LIMIT_H
#define _SCX_LOOP_CAP_LIMIT_H

#include <linux/errno.h>
#include <linux/kstrtox.h>

#include "../include/scx_loop_cap.h"
#include "layout.h"

static inline int scx_limit_parse_between(const char *text, long long min,
					  long long max, unsigned int *limit)
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
static inline int scx_limit_parse(const char *text, unsigned int *limit)
{
	return scx_limit_parse_between(text, SCX_LOOP_CAP_LIMIT_MIN,
				       SCX_LOOP_CAP_LIMIT_MAX, limit);
}

/**
 * scx_limit_parse_pick - read a limit for picks that somebody wrote
 * @text: decimal, may end in a newline
 * @limit: set to it, in rounds per pick; 0 for none
 *
 * Context: any.
 * Return: as scx_limit_parse().
 */
static inline int scx_limit_parse_pick(const char *text, unsigned int *limit)
{
	return scx_limit_parse_between(text, 0, SCX_LOOP_CAP_PICK_LIMIT_MAX,
				       limit);
}

/**
 * scx_limit_max - the highest limit that takes effect on this kernel
 * @layout: the kernel's
 *
 * The kernel's own cap, where it has one, ends the loop before a higher limit
 * could.
 *
 * Context: any.
 * Return: rounds per loop.
 */
static inline unsigned int scx_limit_max(const struct scx_layout *layout)
{
	return layout->kernel_limit ?: SCX_LOOP_CAP_LIMIT_MAX;
}

/**
 * scx_limit_default - the limit where nobody chose one
 * @layout: the kernel's
 *
 * Context: any.
 * Return: rounds per loop.
 */
static inline unsigned int scx_limit_default(const struct scx_layout *layout)
{
	return layout->kernel_limit ?: SCX_LOOP_CAP_LIMIT_DEFAULT;
}

/**
 * scx_limit_pick_default - the limit of a pick where nobody chose one
 * @layout: the kernel's
 *
 * Context: any.
 * Return: rounds per pick; 0, for none, where schedulers cannot be nested.
 */
static inline unsigned int
scx_limit_pick_default(const struct scx_layout *layout)
{
	return layout->nested_site ? SCX_LOOP_CAP_PICK_LIMIT_DEFAULT : 0;
}

#endif /* _SCX_LOOP_CAP_LIMIT_H */
