// SPDX-License-Identifier: GPL-2.0
/*
 * What all subcommands share.
 *
 * An error is one line on stderr that says what to do. SCX_LOOP_CAP_ROOT, which the
 * tests set, is put in front of all paths of the system.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void cli_say(const char *fmt, va_list ap)
{
	/* What is on stdout came first. */
	fflush(stdout);
	fprintf(stderr, PROGRAM ": ");
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/**
 * cli_error - say what went wrong
 * @code: one of enum exit_code
 * @fmt: a line without its end
 *
 * Return: @code, for the caller to return as well.
 */
int cli_error(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	cli_say(fmt, ap);
	va_end(ap);
	return code;
}

/**
 * cli_warn - say something that is no failure
 * @fmt: a line without its end
 */
void cli_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	cli_say(fmt, ap);
	va_end(ap);
}

/**
 * cli_root - what is put in front of paths
 *
 * Return: a directory for tests, or "".
 */
const char *cli_root(void)
{
	const char *root = getenv("SCX_LOOP_CAP_ROOT");

	return root ? root : "";
}

/**
 * cli_path - where a file of the system is
 * @buf: room for %PATH_LEN bytes
 * @fmt: its path
 *
 * Return: @buf. A path that is too long is cut off, and will not be found.
 */
const char *cli_path(char *buf, const char *fmt, ...)
{
	int len = snprintf(buf, PATH_LEN, "%s", cli_root());
	va_list ap;

	if (len >= PATH_LEN)
		return buf;
	va_start(ap, fmt);
	vsnprintf(buf + len, (size_t)(PATH_LEN - len), fmt, ap);
	va_end(ap);
	return buf;
}

/**
 * cli_number - read a number
 * @text: decimal digits and nothing else
 * @min: the smallest that is valid
 * @max: the largest
 * @value: set to it
 *
 * Return: whether it is one.
 */
bool cli_number(const char *text, unsigned long long min,
		unsigned long long max, unsigned long long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !*end && !errno && *value >= min && *value <= max;
}

/**
 * cli_bad_option - say what is wrong with the options of a subcommand
 * @argv: its arguments
 * @opt: what getopt_long() returned; its option string begins with a colon
 *
 * Return: the exit code for it.
 */
int cli_bad_option(char **argv, int opt)
{
	const char letter[] = { '-', (char)optopt, '\0' };
	/* Of several letters in one word getopt is not done with the word. */
	const char *given = optopt && opt == '?' ? letter : argv[optind - 1];

	if (opt == ':')
		return cli_error(CODE_USAGE, "%s needs a value; see " PROGRAM " %s --help",
				 given, argv[0]);
	return cli_error(CODE_USAGE, "%s has no option \"%s\"; see " PROGRAM " %s --help",
			 argv[0], given, argv[0]);
}

/**
 * cli_not_loaded - say that the module is not there
 *
 * Return: the exit code for it.
 */
int cli_not_loaded(void)
{
	return cli_error(CODE_NOT_LOADED,
			 "the module is not loaded; load it with: " PROGRAM " load");
}

/**
 * cli_hint - what to do about an error of the system
 * @err: an errno
 *
 * Return: text to put behind its description, or "".
 */
const char *cli_hint(int err)
{
	return err == EACCES || err == EPERM ? "; run this as root" : "";
}
