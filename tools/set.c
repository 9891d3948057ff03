// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap set */
#include "cli.h"

int cmd_set(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return cli_error(CODE_FAILED, "not there yet");
}
