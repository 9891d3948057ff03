// SPDX-License-Identifier: GPL-2.0
/* The reason of an error, for the log and for the command. */
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include "why.h"

/**
 * slc_why_set - note the reason of an error
 * @why: where to note it; an earlier reason is overwritten
 * @err: the error
 * @fmt: the reason as for printf(); cut off after %SLC_WHY_LEN - 1 bytes
 *
 * Context: any.
 * Return: @err, so that a caller can note the reason and fail in one statement.
 */
int slc_why_set(struct slc_why *why, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return err;
}
