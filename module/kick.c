// SPDX-License-Identifier: GPL-2.0
/*
 * The deferred kick of a CPU whose dispatch loop was ended.
 *
 * When the loop ends, the task that was running is still current, so asking for
 * a reschedule right away is lost: the flag is cleared as the switch completes.
 * An irq_work runs once IRQs are on again, when the next task, usually idle, is
 * current. Rescheduling that one brings the CPU straight back with a new count
 * of rounds, and in between everything that was shut out gets its turn. This is
 * what scx_bpf_kick_cpu() does upstream; no kernel symbol is needed for it.
 *
 * The irq_work is a hard one, so that PREEMPT_RT too runs it in interrupt
 * context and not from a thread that would have to be scheduled first.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/static_call.h>

#include "hit.h"
#include "kick.h"
#include "ksym.h"
#include "layout.h"
#include "report.h"

/**
 * struct scx_kick - a CPU's pending kick
 * @work: runs on the CPU
 * @resched: reschedule it, not just settle and report the hit
 */
struct scx_kick {
	struct irq_work	work;
	bool		resched;
};

/* Not exported, though irq_work_queue() is. */
DEFINE_STATIC_CALL_NULL(scx_irq_work_queue_on, irq_work_queue_on);

static void kick_run(struct irq_work *work)
{
	struct scx_kick *kick = container_of(work, struct scx_kick, work);

	if (xchg(&kick->resched, false)) {
		set_tsk_need_resched(current);
		set_preempt_need_resched();
	}
	if (scx_hit_after_pick())
		scx_report_wake();
}

static DEFINE_PER_CPU(struct scx_kick, scx_kicks);

/**
 * scx_kick_init - prepare the kicks, and find what is needed to kick another CPU
 * @why: room for %SCX_WHY_LEN bytes; after an error, what was missing
 *
 * Context: process context, before the gate is attached.
 * Return: 0, or -EOPNOTSUPP.
 */
int scx_kick_init(char *why)
{
	unsigned long addr = scx_ksym_lookup("irq_work_queue_on");
	int cpu;

	/*
	 * Not where it is defined: 6.12 does not relocate the per-CPU data of a
	 * module, so that a pointer there would be NULL.
	 */
	for_each_possible_cpu(cpu)
		per_cpu(scx_kicks, cpu).work = IRQ_WORK_INIT_HARD(kick_run);

	if (!addr) {
		snprintf(why, SCX_WHY_LEN, "no symbol irq_work_queue_on");
		return -EOPNOTSUPP;
	}
	static_call_update(scx_irq_work_queue_on,
			   (typeof(irq_work_queue_on) *)addr);
	return 0;
}

/**
 * scx_kick_queue - come back to a CPU once its present pick is over
 * @cpu: the CPU whose runqueue the loop dispatched for; another one than this
 *	under core scheduling
 * @resched: reschedule it then; otherwise only settle and report the hit, as
 *	the kernel's own cap has kicked the CPU
 *
 * See scx_kick_cpu() upstream.
 *
 * Context: IRQs off; the rq lock may be held.
 * Return: true if it will be rescheduled, and would not have been before.
 */
bool scx_kick_queue(u32 cpu, bool resched)
{
	struct scx_kick *kick;
	bool added = false;

	/* Queueing on a CPU that is not there would warn, under the rq lock. */
	if (unlikely(cpu >= nr_cpu_ids || !cpu_online(cpu)))
		cpu = smp_processor_id();
	kick = per_cpu_ptr(&scx_kicks, cpu);
	if (resched)
		added = !xchg(&kick->resched, true);
	if (likely(cpu == smp_processor_id()))
		irq_work_queue(&kick->work);
	else
		static_call(scx_irq_work_queue_on)(&kick->work, (int)cpu);
	return added;
}

/**
 * scx_kick_flush - wait until no kick is pending or running
 *
 * Context: process context, may sleep; after the gate has been detached.
 */
void scx_kick_flush(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu_ptr(&scx_kicks, cpu)->work);
}
