// SPDX-License-Identifier: GPL-2.0
/*
 * fentry - what an operator who traces the scheduler attaches to a function
 *
 * Usage:
 *
 *	$ fentry flush_dispatch_buf
 *	attached
 *	^C
 *	1234 calls
 */
#include <err.h>
#include <stdio.h>

#include <bpf/libbpf.h>

#include "fentry.skel.h"
#include "loader.h"

int main(int argc, char **argv)
{
	struct fentry *skel;

	if (argc != 2)
		errx(RC_USAGE, "usage: fentry FUNCTION");
	let_libbpf_print(false);
	block_stop_signals();
	skel = fentry__open();
	if (!skel)
		err(RC_LOAD, "cannot open the program");
	if (bpf_program__set_attach_target(skel->progs.count, 0, argv[1]) ||
	    fentry__load(skel) || fentry__attach(skel))
		err(RC_LOAD, "cannot attach to %s", argv[1]);
	puts("attached");
	fflush(stdout);
	while (!wait_for_stop())
		;
	printf("%llu calls\n", skel->bss->calls);
	fentry__destroy(skel);
	return RC_OK;
}
