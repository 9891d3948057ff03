// SPDX-License-Identifier: GPL-2.0
/* Programs that attach to the entry or exit of a function and count its calls. */
#define BPF_NO_KFUNC_PROTOTYPES
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "fentry.h"

char LICENSE[] SEC("license") = "GPL";

unsigned long long calls;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct fentry_loops);
} loops SEC(".maps");

SEC("fentry")
int count(void *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return 0;
}

/*
 * Count rounds and loops from the calls of the flush. A loop has ended when the CPU has
 * switched to another task since the last call.
 */
static __always_inline void count_round(const struct rq *rq)
{
	struct fentry_loops *l;
	u32 key = 0, bucket;

	l = bpf_map_lookup_elem(&loops, &key);
	if (!l)
		return;
	l->rounds++;
	if (l->switches == rq->nr_switches) {
		l->open++;
		return;
	}
	for (bucket = 0; bucket < FENTRY_BUCKETS - 1 && l->open >> (bucket + 1); bucket++)
		;
	l->histogram[bucket]++;
	if (l->open > l->max_rounds)
		l->max_rounds = l->open;
	l->switches = rq->nr_switches;
	l->open = 1;
}

/* The flush's second argument is the rq. */
SEC("fentry")
int count_loops(unsigned long long *ctx)
{
	count_round((const struct rq *)ctx[1]);
	return 0;
}

SEC("fexit")
int count_loops_exit(unsigned long long *ctx)
{
	count_round((const struct rq *)ctx[1]);
	return 0;
}
