// SPDX-License-Identifier: GPL-2.0
// Input for tests/lint.sh, never compiled: forbidden calls in hit.c, and a cold function, which may make them
#include "../../../module/gate/hit.h"

static struct slc_hit_sched *slc_hit_entry(struct slc_hit_cpu *hc)
{
	char *name = kstrdup(hc->next.sched.ops, GFP_ATOMIC);	/* planted */

	memset(hc->scheds, 0, sizeof(hc->scheds));
	kfree(name);	/* planted */
	return hc->scheds;
}

static noinline notrace void slc_hit_confirm(struct slc_hit_cpu *hc)
{
	raw_write_seqcount_begin(&hc->seq);
	slc_hit_entry(hc)->hits++;
	raw_write_seqcount_end(&hc->seq);
	trace_scx_loop_cap_hit(&hc->next, SLC_HIT_LOOP);
	slc_log_wake();	/* planted */
}

void slc_hit_note(const struct slc_hit_round *round)
{
	struct slc_hit_cpu *hc = this_cpu_ptr(slc_hit_cpu);

	hc->next.boottime = ktime_get_real_ns();	/* planted */
	slc_sched_identify(&hc->next.sched, round->sch, round->level);
	if (slc_sched_is_loaded(&hc->next.sched))	/* planted */
		slc_hit_confirm(hc);
}

u8 slc_hit_pending_kinds(void)
{
	return hit_hook.kinds(1);	/* planted */
}

bool slc_hit_take_unreported(void)
{
	printk_deferred("after the pick\n");	/* planted */
	return slc_hit_read(smp_processor_id(), 0, NULL);	/* planted */
}

bool slc_hit_read(int cpu, unsigned int nr, struct slc_hit_sched *sched)
{
	return read_seqcount_retry(&per_cpu_ptr(slc_hit_cpu, cpu)->seq, nr);
}

int slc_hit_init(void)
{
	int cpu;

	slc_hit_cpu = alloc_percpu(struct slc_hit_cpu);
	for_each_possible_cpu(cpu)
		seqcount_init(&per_cpu_ptr(slc_hit_cpu, cpu)->seq);
	return 0;
}

void slc_hit_exit(void)
{
	free_percpu(slc_hit_cpu);
}

static void forget(void)	/* planted */
{
	slc_hit_cpu = NULL;
}

u64 slc_hit_sum(u64 sum)
{
	int cpu;

	for_each_possible_cpu(cpu)	/* planted */
		sum += READ_ONCE(per_cpu_ptr(slc_hit_cpu, cpu)->hits);	/* planted */
	return sum;
}
