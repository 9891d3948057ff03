// SPDX-License-Identifier: GPL-2.0
/*
 * scx-loop-cap - administers the kernel module scx_loop_cap
 *
 * Each subcommand has its own file. Everything the command does can also be done by
 * hand with modprobe and /sys/kernel/scx_loop_cap; see scx-loop-cap(8).
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*usage;
	const char	*help;
} commands[] = {
	{ "status", cmd_status, "[--json | --prometheus] [--output FILE]",
	  "show state, limits and counters" },
	{ "set", cmd_set, "[--pick] [--persist] N",
	  "change a limit" },
	{ "watch", cmd_watch, "[--interval SECONDS] [--count N]",
	  "show counters and rates periodically" },
	{ "check", cmd_check, "[--backend NAME] [--json | --quiet] [--condition]",
	  "tell whether this kernel can be patched" },
	{ "load", cmd_load, "[--timeout SECONDS] [--module FILE] [NAME=VALUE...]",
	  "load the module and wait for its limit" },
	{ "unload", cmd_unload, "[--force] [--timeout SECONDS]",
	  "unpatch the kernel and remove the module" },
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *f)
{
	unsigned int i;

	fprintf(f, "Usage: " PROGRAM " COMMAND [OPTION...]\n\n");
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(f, "  %-7s %-52s %s\n", commands[i].name,
			commands[i].usage, commands[i].help);
	fprintf(f, "\n  --help, --version\n\nSee scx-loop-cap(8).\n");
}

static int run(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	unsigned int i;

	if (!name)
		return cli_error(CODE_USAGE,
				 "no command given; see " PROGRAM " --help");
	if (!strcmp(name, "--help") || !strcmp(name, "-h") ||
	    !strcmp(name, "help")) {
		usage(stdout);
		return CODE_OK;
	}
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		printf(PROGRAM " " VERSION "\n");
		return CODE_OK;
	}
	for (i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(name, commands[i].name))
			continue;
		if (argc > 2 && (!strcmp(argv[2], "--help") ||
				 !strcmp(argv[2], "-h"))) {
			printf("Usage: " PROGRAM " %s %s\n", name,
			       commands[i].usage);
			return CODE_OK;
		}
		return commands[i].run(argc - 1, argv + 1);
	}
	return cli_error(CODE_USAGE, "unknown command \"%s\"; see " PROGRAM " --help",
			 name);
}

int main(int argc, char **argv)
{
	int code = run(argc, argv);

	if (fflush(stdout) || ferror(stdout))
		return code ? code : cli_error(CODE_FAILED, "cannot write to stdout");
	return code;
}
