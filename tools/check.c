// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap check */
#include "cli.h"

int cmd_check(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return CODE_OK;
}
