// SPDX-License-Identifier: GPL-2.0
/*
 * Prints a snapshot in the text exposition format of Prometheus.
 *
 * Names follow the conventions of Prometheus: base units, and _total for counters.
 * The format requires that all samples of a metric follow its HELP and TYPE lines.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "output.h"

#define PREFIX	"scx_loop_cap_"

static const char * const states[] = {
	"active", "transition", "disabled", "replaced", "degraded",
};

static void head(FILE *f, const char *name, const char *type, const char *help)
{
	fprintf(f, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help,
		name, type);
}

static void gauge(FILE *f, const char *name, const char *help,
		  unsigned long long value)
{
	head(f, name, "gauge", help);
	fprintf(f, PREFIX "%s %llu\n", name, value);
}

static void seconds(FILE *f, unsigned long long ns)
{
	fprintf(f, "%llu.%09llu\n", ns / 1000000000, ns % 1000000000);
}

static void label(FILE *f, const char *value)
{
	fputc('"', f);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			fputc('\\', f);
		/* The format requires UTF-8, and the encoding of names is unknown. */
		fputc(*value >= ' ' && *value < 127 ? *value : '?', f);
	}
	fputc('"', f);
}

/* Print the time of the latest hit as seconds since the epoch. */
static void last_hit(FILE *f, const struct snapshot *snap)
{
	unsigned long long hit = snapshot_hit_time(snap), now;
	struct timespec real, boot;

	if (!hit)
		return;
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	now = (unsigned long long)(real.tv_sec - boot.tv_sec) * 1000000000 +
	      (unsigned long long)(real.tv_nsec - boot.tv_nsec);
	head(f, "last_hit_timestamp_seconds", "gauge", "Time of the latest hit.");
	fprintf(f, PREFIX "last_hit_timestamp_seconds ");
	seconds(f, now + hit);
}

static void by_ops(FILE *f, const struct snapshot *snap)
{
	size_t i;

	head(f, "scheduler_hits_total", "counter",
	     "Dispatch loops of a scheduler ended by the limit.");
	for (i = 0; i < snap->nr_by_ops; i++) {
		fprintf(f, PREFIX "scheduler_hits_total{ops=");
		label(f, snap->by_ops[i].ops);
		fprintf(f, "} %llu\n", snap->by_ops[i].hits);
	}
	head(f, "scheduler_pick_hits_total", "counter",
	     "Picks ended by the pick limit in a loop of a scheduler.");
	for (i = 0; i < snap->nr_by_ops; i++) {
		fprintf(f, PREFIX "scheduler_pick_hits_total{ops=");
		label(f, snap->by_ops[i].ops);
		fprintf(f, "} %llu\n", snap->by_ops[i].pick_hits);
	}
}

static void histogram(FILE *f, const struct snapshot *snap)
{
	unsigned long long sum = 0;
	size_t i;

	head(f, "loop_rounds", "histogram", "Rounds per dispatch loop.");
	for (i = 0; i < snap->nr_buckets; i++) {
		sum += snap->buckets[i].count;
		fprintf(f, PREFIX "loop_rounds_bucket{le=\"%u\"} %llu\n",
			snap->buckets[i].high, sum);
	}
	fprintf(f, PREFIX "loop_rounds_bucket{le=\"+Inf\"} %llu\n", sum);
	fprintf(f, PREFIX "loop_rounds_sum %llu\n", snap->counters[COUNTER_ROUNDS]);
	fprintf(f, PREFIX "loop_rounds_count %llu\n", sum);
}

/**
 * output_prometheus - print a snapshot as metrics of Prometheus
 * @f: output stream
 * @snap: the snapshot; NULL if the module is not loaded
 */
void output_prometheus(FILE *f, const struct snapshot *snap)
{
	size_t i;

	gauge(f, "up", "Whether the module is loaded.", snap ? 1 : 0);
	if (!snap)
		return;
	head(f, "info", "gauge", "The module's version and backend.");
	fprintf(f, PREFIX "info{version=");
	label(f, snap->version);
	fprintf(f, ",backend=");
	label(f, snap->backend);
	fprintf(f, "} 1\n");
	head(f, "state", "gauge", "1 for the current state of the module, 0 for the others.");
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		fprintf(f, PREFIX "state{state=\"%s\"} %d\n", states[i],
			!strcmp(states[i], snap->state));
	gauge(f, "limit", "Rounds allowed per loop.", snap->limit);
	gauge(f, "kernel_limit", "The kernel's own cap, 0 if it has none.",
	      snap->kernel_limit);
	gauge(f, "pick_limit", "Rounds allowed per pick, 0 for no limit.",
	      snap->pick_limit);
	for (i = 0; i < COUNTERS; i++) {
		const struct counter_info *info = &counter_infos[i];

		head(f, info->metric, info->total ? "counter" : "gauge",
		     info->help);
		fprintf(f, PREFIX "%s ", info->metric);
		if (info->ns)
			seconds(f, snap->counters[i]);
		else
			fprintf(f, "%llu\n", snap->counters[i]);
	}
	last_hit(f, snap);
	by_ops(f, snap);
	head(f, "cpu_hits_total", "counter",
	     "Dispatch loops on a CPU ended by the limit.");
	for (i = 0; i < snap->nr_by_cpu; i++)
		fprintf(f, PREFIX "cpu_hits_total{cpu=\"%u\"} %llu\n",
			snap->by_cpu[i].cpu, snap->by_cpu[i].hits);
	histogram(f, snap);
}
