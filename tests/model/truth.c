// SPDX-License-Identifier: GPL-2.0
/* See truth.h. */
#include "../../module/gate/hit.h"
#include "../../module/report/stats.h"

#include "oracle.h"
#include "truth.h"

#define BUCKETS		16

static u64 loops, taken_for_one, histogram[BUCKETS];

void truth_reset(void)
{
	loops = 0;
	taken_for_one = 0;
	memset(histogram, 0, sizeof(histogram));
}

static u64 *bucket_of(u32 rounds)
{
	u32 bucket = 0;

	while (rounds >>= 1)
		bucket++;
	return &histogram[bucket];
}

void truth_loop_over(u32 rounds)
{
	loops++;
	++*bucket_of(rounds);
}

void truth_loop_goes_on(u32 rounds)
{
	loops--;
	--*bucket_of(rounds);
}

void truth_two_loops(void)
{
	taken_for_one++;
	sim_stats.merged++;
}

void truth_round(const struct truth_round *round)
{
	bool noted = oracle_noted() & SLC_HIT_LOOP;

	/* The kernel would go round again. */
	if (round->verdict == NONE && round->flushed && round->loop_rounds >= round->limit) {
		CHECK(noted);
		return;
	}
	if (!noted)
		return;
	switch (round->verdict) {
	case LOCAL_TASK:
		/* From the global DSQ, and that is not known before. */
		CHECK(oracle_hit_is_pending());
		break;
	case KEEP_PREV:
		/*
		 * Of a sibling the gate does not know which task was current when the loop began,
		 * nor, where the kernel looks before the loop, whether a task was queued then.
		 */
		CHECK(round->rq->cpu != model_cpu || sim_kernel.prev_captured);
		sim_stats.kept++;
		break;
	case NONE:
		if (round->loop_rounds >= round->lowest)
			break;
		CHECK(round->two_loops);
		sim_stats.too_early++;
		break;
	}
}

void truth_compare(void)
{
	u32 i;

	/* Of two loops that it took for one the gate may have counted the second later. */
	CHECK(slc_stats_loops() <= loops && slc_stats_loops() + taken_for_one >= loops);
	for (i = 0; i < BUCKETS && !taken_for_one; i++)
		CHECK(slc_stats_histogram(i) == histogram[i]);
}
