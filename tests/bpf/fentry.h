/* SPDX-License-Identifier: GPL-2.0 */
/* Definitions that the programs (fentry.bpf.c) and their loader (fentry.c) share. */
#ifndef FENTRY_H
#define FENTRY_H

/* Buckets of the histogram: bucket n is for loops of 2^n to 2^(n+1) - 1 rounds. */
#define FENTRY_BUCKETS	16

/* The dispatch loops of one CPU. */
struct fentry_loops {
	unsigned long long rounds;
	unsigned long long switches;	/* rq->nr_switches of the current loop */
	unsigned long long open;	/* its rounds so far */
	unsigned long long max_rounds;
	unsigned long long histogram[FENTRY_BUCKETS];
};

#endif /* FENTRY_H */
