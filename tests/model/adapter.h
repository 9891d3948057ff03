/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that the models know of the inside of module/gate/: which kernel it sees, and what it
 * has counted.
 */
#ifndef _MODEL_ADAPTER_H
#define _MODEL_ADAPTER_H

#include "sim.h"

/* Zero the gate's static per-CPU data; no CPU may be in it. */
void adapter_fresh_percpu(void);

/* Reset the gate, and tell it about sim_kernel, as the resolver does at load. */
void adapter_load(void (*kicked)(void));
void adapter_unload(void);

/* The steps of it that threads.c uses; the module's main.c does the others there. */
void adapter_layout(void);
void adapter_set_originals(void);
void adapter_set_original_host(void);

/* Rounds allowed per loop, and per pick. */
void adapter_set_limits(u32 limit, u32 pick_limit);

/* Call the function by which the gate replaces the flush, from @site. */
void adapter_flush(struct sched *sch, struct rq *rq, unsigned long site);
bool adapter_sub_dispatch(unsigned long arg);
unsigned long adapter_host(unsigned long a, unsigned long b);
/* Call what the kick calls in the gate. */
bool adapter_kicked(void);

/* Queue the kick of model_cpu as one that does not reschedule. */
void adapter_queue_callback(void);

/* Nothing that a round uses may be left over between inputs. */
bool adapter_is_idle(unsigned int cpu);

u64 adapter_unknown(unsigned int cpu);

#endif /* _MODEL_ADAPTER_H */
