// SPDX-License-Identifier: GPL-2.0
/*
 * Shared by all subcommands: error messages, paths and numbers.
 *
 * An error is one line on stderr that names the cause and the remedy. The tests set
 * SCX_LOOP_CAP_ROOT, a directory that is put in front of all system paths.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void print_error(const char *fmt, va_list ap)
{
	/* Keep the order of stdout and stderr where both go to the same file. */
	fflush(stdout);
	fprintf(stderr, PROGRAM ": ");
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/**
 * cli_error - print an error message
 * @code: one of enum exit_code
 * @fmt: the message, without a newline
 *
 * Return: @code, for the caller to return.
 */
int cli_error(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_error(fmt, ap);
	va_end(ap);
	return code;
}

/**
 * cli_warn - print a message that does not change the exit code
 * @fmt: the message, without a newline
 */
void cli_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_error(fmt, ap);
	va_end(ap);
}

/**
 * cli_root - get the directory that is put in front of all paths
 *
 * Return: the directory that a test has set, or "".
 */
const char *cli_root(void)
{
	const char *root = getenv("SCX_LOOP_CAP_ROOT");

	return root ? root : "";
}

/**
 * cli_path - build the path of a system file
 * @buf: room for %PATH_LEN bytes
 * @fmt: the path, without cli_root()
 *
 * Return: @buf. A path that is too long is truncated, so the file is not found.
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
 * cli_parse_number - parse a decimal number
 * @text: decimal digits and nothing else
 * @min: smallest valid number
 * @max: largest valid number
 * @value: set to the number
 *
 * Return: true if @text is a valid number.
 */
bool cli_parse_number(const char *text, unsigned long long min,
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
 * cli_bad_option - report an option that getopt_long() does not accept
 * @argv: arguments of the subcommand
 * @opt: return value of getopt_long(), whose option string has to begin with a colon
 *
 * Return: the exit code.
 */
int cli_bad_option(char **argv, int opt)
{
	const char letter[] = { '-', (char)optopt, '\0' };
	/* In a word of several letters (-xy), optind still points at the word itself. */
	const char *given = optopt && opt == '?' ? letter : argv[optind - 1];

	if (opt == ':')
		return cli_error(CODE_USAGE, "%s needs a value; see " PROGRAM " %s --help",
				 given, argv[0]);
	return cli_error(CODE_USAGE, "%s has no option \"%s\"; see " PROGRAM " %s --help",
			 argv[0], given, argv[0]);
}

/**
 * cli_not_loaded - report that the module is not loaded
 *
 * Return: the exit code.
 */
int cli_not_loaded(void)
{
	return cli_error(CODE_NOT_LOADED,
			 "the module is not loaded; load it with: " PROGRAM " load");
}

/**
 * cli_errno_hint - get the remedy for a system error
 * @err: an errno
 *
 * Return: text to append to strerror(@err), or "".
 */
const char *cli_errno_hint(int err)
{
	return err == EACCES || err == EPERM ? "; run this as root" : "";
}
