/* SPDX-License-Identifier: GPL-2.0 */
/* The tasks that scx_loop runs. */
#ifndef SCX_LOOP_TASKS_H
#define SCX_LOOP_TASKS_H

#include <stdbool.h>
#include <linux/types.h>

/* How long the tasks of napper_cpu and changer_cpu sleep each time. */
#define TASKS_NAP_US		50

/* What to run; a CPU of -1 stands for none, and a pairs_cpu of -1 for all. */
struct tasks_opts {
	unsigned int nr_pairs;	/* pairs of tasks that pass a byte to and fro */
	unsigned int nap_us;	/* which they sleep each time */
	int pairs_cpu;		/* where they run */
	int napper_cpu;		/* of a real-time task that sleeps most of the time */
	int changer_cpu;	/* of a task that changes the policy of one of the pairs */
	int feed_cpu;		/* of the feeders, which yield for ever */
	bool cookie;		/* do pairs and napper share a core scheduling cookie? */
	bool traced;		/* a task that stops all the time for its real-time tracer? */
};

void start_tasks(const struct tasks_opts *opts, __u32 *feeders, unsigned int nr_feeders);
void release_feeders(void);
__u32 napper_pid(void);
__u64 nr_tracer_stops(void);

#endif /* SCX_LOOP_TASKS_H */
