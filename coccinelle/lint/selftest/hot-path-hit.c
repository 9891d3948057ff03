// SPDX-License-Identifier: GPL-2.0
// Made up for tests/lint.sh; never built. Rule: in hit.c, where the functions that are not hot may do more
#include "../../../module/hit.h"

static struct scx_hit_sched *hit_entry(struct scx_hit_cpu *hc)
{
	char *name = kstrdup(hc->next.sched.ops, GFP_ATOMIC);	/* planted */

	memset(hc->scheds, 0, sizeof(hc->scheds));
	kfree(name);	/* planted */
	return hc->scheds;
}

static noinline notrace void hit_confirm(struct scx_hit_cpu *hc)
{
	raw_write_seqcount_begin(&hc->seq);
	hit_entry(hc)->hits++;
	raw_write_seqcount_end(&hc->seq);
	trace_scx_loop_cap_hit(&hc->next, SCX_HIT_LOOP);
	scx_report_wake();	/* planted */
}

void scx_hit_note(const struct scx_hit_round *round)
{
	struct scx_hit_cpu *hc = this_cpu_ptr(scx_hit_cpu);

	hc->next.boottime = ktime_get_real_ns();	/* planted */
	scx_sched_identify(&hc->next.sched, round->sch, round->level);
	if (scx_sched_is_loaded(&hc->next.sched))	/* planted */
		scx_hit_settle(true);
}

void scx_hit_settle(bool was_hit)
{
	this_cpu_write(scx_gate_cpu.unsure, false);
	if (was_hit && hit_hook.confirm(1))	/* planted */
		hit_confirm(this_cpu_ptr(scx_hit_cpu));
}

bool scx_hit_after_pick(void)
{
	printk_deferred("after the pick\n");	/* planted */
	return scx_hit_read(smp_processor_id(), 0, NULL);	/* planted */
}

bool scx_hit_read(int cpu, unsigned int nr, struct scx_hit_sched *sched)
{
	return read_seqcount_retry(&per_cpu_ptr(scx_hit_cpu, cpu)->seq, nr);
}

int scx_hit_init(void)
{
	int cpu;

	scx_hit_cpu = alloc_percpu(struct scx_hit_cpu);
	for_each_possible_cpu(cpu)
		seqcount_init(&per_cpu_ptr(scx_hit_cpu, cpu)->seq);
	return 0;
}

void scx_hit_exit(void)
{
	free_percpu(scx_hit_cpu);
}

static void forget(void)	/* planted */
{
	scx_hit_cpu = NULL;
}

u64 scx_hit_sum(u64 sum)
{
	int cpu;

	for_each_possible_cpu(cpu)	/* planted */
		sum += READ_ONCE(per_cpu_ptr(scx_hit_cpu, cpu)->hits);	/* planted */
	return sum;
}
