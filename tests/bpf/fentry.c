// SPDX-License-Identifier: GPL-2.0
/*
 * fentry - count the calls of a kernel function with a BPF program
 *
 * Purpose: tests and benchmarks use it in the place of a user's tracing program.
 *
 * Usage:
 *
 *	$ fentry flush_dispatch_buf
 *	attached
 *	^C
 *	1234 calls
 *
 * With -l it counts dispatch loops at the entry of the function, with -x at its exit:
 *
 *	$ fentry -x flush_dispatch_buf
 *	attached
 *	^C
 *	1234 rounds in 1200 loops
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "fentry.h"
#include "fentry.skel.h"
#include "loader.h"

static void show_loops(const struct bpf_map *map)
{
	unsigned long long rounds = 0, nr = 0;
	int nr_cpus = libbpf_num_possible_cpus();
	struct fentry_loops *loops;
	__u32 key = 0;

	loops = nr_cpus > 0 ? calloc(nr_cpus, sizeof(*loops)) : NULL;
	if (!loops || bpf_map_lookup_elem(bpf_map__fd(map), &key, loops))
		errx(RC_LOAD, "cannot read the counters");
	for (int cpu = 0; cpu < nr_cpus; cpu++) {
		rounds += loops[cpu].rounds;
		for (int i = 0; i < FENTRY_BUCKETS; i++)
			nr += loops[cpu].histogram[i];
	}
	printf("%llu rounds in %llu loops\n", rounds, nr);
	free(loops);
}

int main(int argc, char **argv)
{
	struct bpf_program *prog;
	struct fentry *skel;
	int c, what = 0;

	while ((c = getopt(argc, argv, "lx")) != -1) {
		if (c == '?')
			argc = 0;
		what = c;
	}
	if (argc - optind != 1)
		errx(RC_USAGE, "usage: fentry [-l|-x] FUNCTION");
	let_libbpf_print(false);
	block_stop_signals();
	skel = fentry__open();
	if (!skel)
		err(RC_LOAD, "cannot open the program");
	prog = what == 'l' ? skel->progs.count_loops :
	       what == 'x' ? skel->progs.count_loops_exit : skel->progs.count;
	bpf_program__set_autoload(skel->progs.count, prog == skel->progs.count);
	bpf_program__set_autoload(skel->progs.count_loops,
				  prog == skel->progs.count_loops);
	bpf_program__set_autoload(skel->progs.count_loops_exit,
				  prog == skel->progs.count_loops_exit);
	if (bpf_program__set_attach_target(prog, 0, argv[optind]) ||
	    fentry__load(skel) || fentry__attach(skel))
		err(RC_LOAD, "cannot attach to %s", argv[optind]);
	puts("attached");
	fflush(stdout);
	while (!wait_for_stop())
		;
	if (what)
		show_loops(skel->maps.loops);
	else
		printf("%llu calls\n", skel->bss->calls);
	fentry__destroy(skel);
	return RC_OK;
}
