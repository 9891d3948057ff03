/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by all subcommands: exit codes, error messages and paths. */
#ifndef _SCX_LOOP_CAP_CLI_H
#define _SCX_LOOP_CAP_CLI_H

#include <stdbool.h>
#include <stddef.h>

#define PROGRAM		"scx-loop-cap"

/* Exit codes are documented in scx-loop-cap(8). Scripts rely on them. */
enum exit_code {
	CODE_OK			= 0,
	CODE_FAILED		= 1,
	CODE_USAGE		= 2,
	CODE_NOT_LOADED		= 3,
	CODE_UNSUPPORTED	= 4,
	CODE_CANNOT_TELL	= 5,
	CODE_BUSY		= 6,
	CODE_NO_MODULE		= 7,
	CODE_TIMEOUT		= 8,
};

/* Paths of the module. cli_path() puts SCX_LOOP_CAP_ROOT in front of them. */
#define SYSFS_DIR		"/sys/kernel/scx_loop_cap"
#define KLP_DIR		"/sys/kernel/livepatch"
#define KLP_MODULE_DIR	KLP_DIR "/scx_loop_cap"
#define CONF_FILE	"/etc/modprobe.d/scx-loop-cap.conf"

#define PATH_LEN	512

int cli_error(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void cli_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

const char *cli_root(void);
const char *cli_path(char *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

bool cli_parse_number(const char *text, unsigned long long min,
		      unsigned long long max, unsigned long long *value);
int cli_bad_option(char **argv, int opt);
int cli_not_loaded(void);
const char *cli_errno_hint(int err);

int cmd_status(int argc, char **argv);
int cmd_set(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_unload(int argc, char **argv);

#endif /* _SCX_LOOP_CAP_CLI_H */
