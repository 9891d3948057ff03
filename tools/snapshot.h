/* SPDX-License-Identifier: GPL-2.0 */
/* Reads all files of the module in sysfs into one structure. */
#ifndef _SCX_LOOP_CAP_SNAPSHOT_H
#define _SCX_LOOP_CAP_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Counters whose file holds a single number. */
enum counter {
	COUNTER_HITS,
	COUNTER_PICK_HITS,
	COUNTER_KICKS,
	COUNTER_LOOPS,
	COUNTER_ROUNDS,
	COUNTER_MAX_ROUNDS,
	COUNTER_MAX_PICK_ROUNDS,
	COUNTER_MAX_LOOP_NS,
	COUNTER_MAX_PICK_NS,
	COUNTERS,
};

/**
 * struct counter_info - names and type of a counter
 * @file: name of the file in stats/, and of the member in JSON
 * @metric: name of the metric in Prometheus, without the prefix
 * @help: HELP text of the metric
 * @total: true for a counter, false for a maximum
 * @ns: true if the unit is nanoseconds
 */
struct counter_info {
	const char	*file;
	const char	*metric;
	const char	*help;
	bool		total;
	bool		ns;
};

extern const struct counter_info counter_infos[COUNTERS];

/* A line of stats/by_ops. */
struct by_ops {
	char			*ops;
	unsigned long long	hits;
	unsigned long long	pick_hits;
};

/* A line of stats/hits_by_cpu. */
struct by_cpu {
	unsigned int		cpu;
	unsigned long long	hits;
};

/* A line of stats/loop_histogram. */
struct bucket {
	unsigned int		low;
	unsigned int		high;
	unsigned long long	count;
};

#define BUCKETS_MAX	64

/**
 * struct snapshot - contents of the module's files in sysfs
 * @when: CLOCK_MONOTONIC time at which reading began
 * @version: version of the module
 * @last_hit: the line of stats/last_hit, "none" if there was no hit
 */
struct snapshot {
	struct timespec		when;
	char			version[32];
	char			state[32];
	char			backend[32];
	unsigned long long	limit;
	unsigned long long	kernel_limit;
	unsigned long long	pick_limit;
	unsigned long long	counters[COUNTERS];
	char			*last_hit;
	struct by_ops		*by_ops;
	size_t			nr_by_ops;
	struct by_cpu		*by_cpu;
	size_t			nr_by_cpu;
	struct bucket		buckets[BUCKETS_MAX];
	size_t			nr_buckets;
};

bool snapshot_loaded(void);
int snapshot_take(struct snapshot *snap);
void snapshot_free(struct snapshot *snap);
bool snapshot_next_hit_field(const struct snapshot *snap, const char **pos,
			     char *key, char *value, size_t room);
unsigned long long snapshot_hit_time(const struct snapshot *snap);

#endif /* _SCX_LOOP_CAP_SNAPSHOT_H */
