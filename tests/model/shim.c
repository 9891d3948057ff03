// SPDX-License-Identifier: GPL-2.0
/* What shim.h declares: per-CPU memory and irq_works. */
#include "shim.h"
#include "machine.h"

/* For per-CPU data that is allocated. */
#define DYNAMIC_SIZE	(32 * 1024)

/* Flags of an irq_work: it has to run; it has to run, or is running. */
#define PENDING		1U
#define BUSY		2U

/* The linker knows where the template of the static per-CPU data is. */
extern char __start_model_percpu[], __stop_model_percpu[];

_Thread_local unsigned long model_ret_ip;
_Thread_local unsigned int model_cpu;
unsigned long model_cpu_offset[MODEL_CPUS];
unsigned long model_online;

static size_t dynamic_used, allocated_size, freed_size;
static unsigned long allocated, freed;
static struct irq_work *queued[MODEL_CPUS][MODEL_IRQ_WORKS];

static size_t static_size(void)
{
	size_t size = (size_t)(__stop_model_percpu - __start_model_percpu);

	return (size + L1_CACHE_BYTES - 1) / L1_CACHE_BYTES * L1_CACHE_BYTES;
}

void model_percpu_reset(void)
{
	size_t used = static_size(), size = used + DYNAMIC_SIZE;
	static char *areas;
	unsigned int cpu;

	if (!areas) {
		areas = aligned_alloc(4096, (MODEL_CPUS * size + 4095) / 4096 * 4096);
		if (!areas)
			abort();
		for (cpu = 0; cpu < MODEL_CPUS; cpu++)
			model_cpu_offset[cpu] = (unsigned long)(areas + cpu * size) -
						(unsigned long)__start_model_percpu;
	}
	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		char *area = areas + cpu * size;

		memcpy(area, __start_model_percpu, used);
		memset(area + used, 0, DYNAMIC_SIZE);
	}
	memset(queued, 0, sizeof(queued));
	dynamic_used = 0;
	freed_size = 0;
	model_online = (1UL << MODEL_CPUS) - 1;
	model_cpu = 0;
}

static void fill_percpu(unsigned long at, int value, size_t size)
{
	unsigned int cpu;

	for (cpu = 0; cpu < MODEL_CPUS; cpu++)
		memset((void *)(at + model_cpu_offset[cpu]), value, size);
}

void *model_alloc_percpu(size_t size)
{
	unsigned long at = (unsigned long)__start_model_percpu + static_size() + dynamic_used;

	size = (size + L1_CACHE_BYTES - 1) / L1_CACHE_BYTES * L1_CACHE_BYTES;
	if (freed_size == size) {
		at = freed;
		freed_size = 0;
	} else if (dynamic_used + size <= DYNAMIC_SIZE) {
		dynamic_used += size;
	} else {
		return NULL;
	}
	fill_percpu(at, 0, size);
	allocated = at;
	allocated_size = size;
	return (void *)at;
}

/* Only what was allocated last is ever freed. Who still uses it reads nonsense. */
void model_free_percpu(void *ptr)
{
	if ((unsigned long)ptr != allocated)
		return;
	fill_percpu(allocated, 0xa5, allocated_size);
	freed = allocated;
	freed_size = allocated_size;
}

bool irq_work_queue_on(struct irq_work *work, int cpu)
{
	unsigned int i;

	if (__atomic_fetch_or(&work->flags, PENDING | BUSY, __ATOMIC_SEQ_CST) & PENDING)
		return false;
	for (i = 0; i < MODEL_IRQ_WORKS; i++) {
		struct irq_work *none = NULL;

		if (__atomic_compare_exchange_n(&queued[cpu][i], &none, work, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
	}
	abort();
}

bool irq_work_queue(struct irq_work *work)
{
	return irq_work_queue_on(work, (int)model_cpu);
}

void irq_work_sync(struct irq_work *work)
{
	while (__atomic_load_n(&work->flags, __ATOMIC_SEQ_CST) & BUSY)
		model_irq_wait();
}

bool model_irq_pending(unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < MODEL_IRQ_WORKS; i++) {
		if (__atomic_load_n(&queued[cpu][i], __ATOMIC_SEQ_CST))
			return true;
	}
	return false;
}

/* As in the kernel a work can be queued again while it runs, and is waited for until it has run. */
void model_irq_run(void)
{
	unsigned int i, busy;

	for (i = 0; i < MODEL_IRQ_WORKS; i++) {
		struct irq_work *work = xchg(&queued[model_cpu][i], NULL);

		if (!work)
			continue;
		__atomic_fetch_and(&work->flags, ~PENDING, __ATOMIC_SEQ_CST);
		work->func(work);
		busy = BUSY;
		__atomic_compare_exchange_n(&work->flags, &busy, 0, false, __ATOMIC_SEQ_CST,
					    __ATOMIC_SEQ_CST);
	}
}
