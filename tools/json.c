// SPDX-License-Identifier: GPL-2.0
/* A snapshot as JSON; names are those of the files in sysfs. */
#include <string.h>

#include "output.h"

/**
 * json_string - write a string with its quotes
 * @f: where to write it
 * @text: what is not ASCII becomes a question mark, as the encoding is not known
 */
void json_string(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < ' ')
			fprintf(f, "\\u%04x", c);
		else
			fputc(c < 127 ? c : '?', f);
	}
	fputc('"', f);
}

/* All fields of the latest hit are numbers but these. */
static bool is_word(const char *key, const char *value)
{
	return !strcmp(key, "ops") || !strcmp(key, "kind") || !*value ||
	       value[strspn(value, "0123456789")] || (*value == '0' && value[1]);
}

static void json_last_hit(FILE *f, const struct snapshot *snap)
{
	char key[160], value[160];
	const char *pos = NULL;
	bool any = false;

	while (snapshot_last_hit(snap, &pos, key, value, sizeof(key))) {
		fputs(any ? ", " : "{", f);
		json_string(f, key);
		fputs(": ", f);
		if (is_word(key, value))
			json_string(f, value);
		else
			fputs(value, f);
		any = true;
	}
	fputs(any ? "}" : "null", f);
}

static void json_stats(FILE *f, const struct snapshot *snap)
{
	size_t i;

	fputs("  \"stats\": {\n", f);
	for (i = 0; i < COUNTERS; i++)
		fprintf(f, "    \"%s\": %llu,\n", counter_infos[i].file,
			snap->counters[i]);
	fputs("    \"last_hit\": ", f);
	json_last_hit(f, snap);
	fputs(",\n    \"by_ops\": [", f);
	for (i = 0; i < snap->nr_by_ops; i++) {
		fputs(i ? ", {\"ops\": " : "{\"ops\": ", f);
		json_string(f, snap->by_ops[i].ops);
		fprintf(f, ", \"hits\": %llu, \"pick_hits\": %llu}",
			snap->by_ops[i].hits, snap->by_ops[i].pick_hits);
	}
	fputs("],\n    \"hits_by_cpu\": [", f);
	for (i = 0; i < snap->nr_by_cpu; i++)
		fprintf(f, "%s{\"cpu\": %u, \"hits\": %llu}", i ? ", " : "",
			snap->by_cpu[i].cpu, snap->by_cpu[i].hits);
	fputs("],\n    \"loop_histogram\": [", f);
	for (i = 0; i < snap->nr_buckets; i++)
		fprintf(f, "%s{\"low\": %u, \"high\": %u, \"count\": %llu}",
			i ? ", " : "", snap->buckets[i].low,
			snap->buckets[i].high, snap->buckets[i].count);
	fputs("]\n  }\n", f);
}

/**
 * output_json - show a snapshot to programs
 * @f: where to write it
 * @snap: it
 */
void output_json(FILE *f, const struct snapshot *snap)
{
	if (!snap) {
		fputs("{\"loaded\": false}\n", f);
		return;
	}
	fputs("{\n  \"loaded\": true,\n  \"version\": ", f);
	json_string(f, snap->version);
	fputs(",\n  \"state\": ", f);
	json_string(f, snap->state);
	fputs(",\n  \"backend\": ", f);
	json_string(f, snap->backend);
	fprintf(f, ",\n  \"limit\": %llu,\n  \"kernel_limit\": %llu,\n  \"pick_limit\": %llu,\n",
		snap->limit, snap->kernel_limit, snap->pick_limit);
	json_stats(f, snap);
	fputs("}\n", f);
}
