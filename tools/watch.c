// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap watch */
#include "cli.h"

int cmd_watch(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return cli_error(CODE_FAILED, "not there yet");
}
