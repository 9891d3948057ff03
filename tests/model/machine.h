/* SPDX-License-Identifier: GPL-2.0 */
/* What the models do with the simulated machine of shim.c. */
#ifndef _MODEL_MACHINE_H
#define _MODEL_MACHINE_H

#include "shim.h"

/* Irq_works that can be pending on a CPU; slc_kicks is one for each CPU. */
#define MODEL_IRQ_WORKS		MODEL_CPUS

/* Give each CPU a fresh copy of all static per-CPU data, and free what was allocated. */
void model_percpu_reset(void);

/* Is an irq_work pending on a CPU? */
bool model_irq_pending(unsigned int cpu);

/* Run those of model_cpu, as its interrupt does. */
void model_irq_run(void);

/* Called while irq_work_sync() waits. */
void model_irq_wait(void);

#endif /* _MODEL_MACHINE_H */
