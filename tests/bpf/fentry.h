/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs (fentry.bpf.c) and their loader (fentry.c) share. */
#ifndef FENTRY_H
#define FENTRY_H

/* By power of two of the rounds. */
#define FENTRY_BUCKETS	16

/* The dispatch loops of one CPU. */
struct fentry_loops {
	unsigned long long rounds;
	unsigned long long switches;	/* rq->nr_switches of the loop at hand */
	unsigned long long open;	/* its rounds so far */
	unsigned long long max_rounds;
	unsigned long long histogram[FENTRY_BUCKETS];
};

#endif /* FENTRY_H */
