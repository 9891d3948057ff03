// SPDX-License-Identifier: GPL-2.0
/*
 * The deferred kick of a CPU whose dispatch loop was ended.
 *
 * When the loop ends, the task that was running is still current. A reschedule
 * requested then would be lost: the flag is cleared when the switch completes. So
 * an irq_work runs once IRQs are on again, when the next task, usually idle, is
 * current, and reschedules that one. The CPU comes straight back with a new count
 * of rounds, and everything that was shut out gets its turn in between. This is
 * what scx_kick_cpu() does upstream, up to 6.17 scx_bpf_kick_cpu(); no kernel
 * symbol is needed for it.
 *
 * The irq_work is a hard one, so that PREEMPT_RT also runs it in interrupt context
 * and not in a thread that would have to be scheduled first.
 */
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/static_call.h>

#include "kick.h"

/**
 * struct slc_kick - a CPU's pending kick
 * @work: runs on the CPU
 * @resched: reschedule it; otherwise only call back
 */
struct slc_kick {
	struct irq_work	work;
	bool		resched;
};

/* Not exported, though irq_work_queue() is. */
DEFINE_STATIC_CALL_NULL(slc_irq_work_queue_on, irq_work_queue_on);

/* Stands for the callback until it is known; never runs. */
static void slc_kick_no_callback(void)
{
}

DEFINE_STATIC_CALL(slc_kick_callback, slc_kick_no_callback);

static void slc_kick_run(struct irq_work *work)
{
	struct slc_kick *kick = container_of(work, struct slc_kick, work);

	/* Pairs with xchg() in slc_kick_queue(): of several requests one reschedules. */
	if (xchg(&kick->resched, false)) {
		set_tsk_need_resched(current);
		set_preempt_need_resched();
	}
	static_call(slc_kick_callback)();
}

static DEFINE_PER_CPU(struct slc_kick, slc_kicks);

/**
 * slc_kick_init - prepare the kicks
 * @kicked: called in each kick, in hard interrupt context, on the CPU that is kicked,
 *	rq lock not held
 * @queue_on: address of irq_work_queue_on(), by which another CPU is kicked
 *
 * Context: process context, before the gate is attached.
 */
void slc_kick_init(void (*kicked)(void), unsigned long queue_on)
{
	int cpu;

	/*
	 * At run time, as 6.12 does not relocate static per-CPU data of a module:
	 * a pointer in its initializer would be NULL.
	 */
	for_each_possible_cpu(cpu)
		per_cpu(slc_kicks, cpu).work = IRQ_WORK_INIT_HARD(slc_kick_run);
	static_call_update(slc_irq_work_queue_on,
			   (typeof(irq_work_queue_on) *)queue_on);
	static_call_update(slc_kick_callback, kicked);
}

/**
 * slc_kick_queue - come back to a CPU once its current pick is over
 * @cpu: the CPU whose runqueue the loop dispatched for; under core scheduling it may
 *	be another one than this
 * @resched: reschedule it then; false if the kernel's own cap has kicked the CPU
 *
 * See scx_kick_cpu() upstream.
 *
 * Context: IRQs off; the rq lock may be held.
 * Return: true if the CPU will be rescheduled, and would not have been before.
 */
bool slc_kick_queue(u32 cpu, bool resched)
{
	struct slc_kick *kick;
	bool added = false;

	/* Queueing on a CPU that is offline would warn, under the rq lock. */
	if (unlikely(cpu >= nr_cpu_ids || !cpu_online(cpu)))
		cpu = smp_processor_id();
	kick = per_cpu_ptr(&slc_kicks, cpu);
	/* Pairs with xchg() in slc_kick_run(). */
	if (resched)
		added = !xchg(&kick->resched, true);
	if (likely(cpu == smp_processor_id()))
		irq_work_queue(&kick->work);
	else
		static_call(slc_irq_work_queue_on)(&kick->work, (int)cpu);
	return added;
}

/**
 * slc_kick_flush - wait until no kick is pending or running
 *
 * Context: process context, may sleep; after the gate has been detached.
 */
void slc_kick_flush(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu_ptr(&slc_kicks, cpu)->work);
}
