// SPDX-License-Identifier: GPL-2.0
/* Prints a snapshot as JSON. Member names are the names of the files in sysfs. */
#include <string.h>

#include "output.h"

/**
 * json_string - print a quoted JSON string
 * @f: output stream
 * @text: the string; bytes that are not ASCII are printed as "?", as their encoding is
 *	unknown
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

/* Is a field of last_hit printed as a string? All fields but ops and kind are numbers. */
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

	while (snapshot_next_hit_field(snap, &pos, key, value, sizeof(key))) {
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
 * output_json - print a snapshot as JSON
 * @f: output stream
 * @snap: the snapshot; NULL if the module is not loaded
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
