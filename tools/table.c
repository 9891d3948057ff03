// SPDX-License-Identifier: GPL-2.0
/* Prints a snapshot as a table. */
#include <string.h>

#include "output.h"

#define WIDTH	16

static void row(FILE *f, const char *name, unsigned long long value,
		const char *remark)
{
	fprintf(f, "%-*s  %llu%s%s\n", WIDTH, name, value, *remark ? "  " : "",
		remark);
}

static void row_ns(FILE *f, const char *name, unsigned long long ns)
{
	if (ns < 1000000)
		fprintf(f, "%-*s  %.1f us\n", WIDTH, name, (double)ns / 1e3);
	else if (ns < 1000000000)
		fprintf(f, "%-*s  %.1f ms\n", WIDTH, name, (double)ns / 1e6);
	else
		fprintf(f, "%-*s  %.2f s\n", WIDTH, name, (double)ns / 1e9);
}

static const char *state_remark(const char *state)
{
	if (!strcmp(state, "transition"))
		return "  (the kernel is applying or removing the patch)";
	if (!strcmp(state, "disabled"))
		return "  (switched off: nothing is limited or counted; load the module again)";
	if (!strcmp(state, "replaced"))
		return "  (by another livepatch: nothing is limited or counted)";
	if (!strcmp(state, "degraded"))
		return "  (some rounds were not recognised; is the function graph tracer on?)";
	return "";
}

/**
 * output_table - print a snapshot as a table
 * @f: output stream
 * @snap: the snapshot; NULL if the module is not loaded, which prints nothing
 */
void output_table(FILE *f, const struct snapshot *snap)
{
	unsigned int i;

	if (!snap)
		return;
	fprintf(f, "%-*s  %s%s\n", WIDTH, "state", snap->state,
		state_remark(snap->state));
	fprintf(f, "%-*s  %s\n", WIDTH, "backend", snap->backend);
	fprintf(f, "%-*s  %s\n", WIDTH, "version", snap->version);
	row(f, "limit", snap->limit, "");
	row(f, "kernel_limit", snap->kernel_limit,
	    snap->kernel_limit ? "" : "(the kernel has no cap of its own)");
	row(f, "pick_limit", snap->pick_limit,
	    snap->pick_limit ? "" : "(no limit)");
	for (i = 0; i < COUNTERS; i++) {
		if (counter_infos[i].ns)
			row_ns(f, counter_infos[i].file, snap->counters[i]);
		else
			row(f, counter_infos[i].file, snap->counters[i], "");
	}
	fprintf(f, "%-*s  %s\n", WIDTH, "last_hit", snap->last_hit);
	for (i = 0; i < snap->nr_by_ops; i++)
		fprintf(f, "%-*s  %s: %llu hits, %llu pick hits\n", WIDTH,
			i ? "" : "by_ops", snap->by_ops[i].ops,
			snap->by_ops[i].hits, snap->by_ops[i].pick_hits);
	for (i = 0; i < snap->nr_by_cpu; i++)
		fprintf(f, "%-*s  cpu%u: %llu\n", WIDTH, i ? "" : "hits_by_cpu",
			snap->by_cpu[i].cpu, snap->by_cpu[i].hits);
	if (!snap->counters[COUNTER_LOOPS])
		return;
	/* Print the buckets up to the last one that is not empty. */
	for (i = (unsigned int)snap->nr_buckets; i; i--) {
		if (snap->buckets[i - 1].count)
			break;
	}
	for (unsigned int j = 0; j < i; j++)
		fprintf(f, "%-*s  %u-%u rounds: %llu\n", WIDTH,
			j ? "" : "loop_histogram", snap->buckets[j].low,
			snap->buckets[j].high, snap->buckets[j].count);
}
