// SPDX-License-Identifier: GPL-2.0
/*
 * Reads all files of the module in sysfs; docs/abi.md describes them.
 *
 * The files are read one after the other while the kernel continues to count, so the
 * numbers need not add up exactly. Files and columns that a later version of the module
 * adds are ignored; fields that it adds to last_hit are printed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "files.h"
#include "snapshot.h"

const struct counter_info counter_infos[COUNTERS] = {
	[COUNTER_HITS] = { "hits", "hits_total",
		"Dispatch loops ended by the limit.", true, false },
	[COUNTER_PICK_HITS] = { "pick_hits", "pick_hits_total",
		"Picks ended by the pick limit.", true, false },
	[COUNTER_KICKS] = { "kicks", "kicks_total",
		"Deferred kicks queued.", true, false },
	[COUNTER_LOOPS] = { "loops", "loops_total",
		"Dispatch loops with at least one round.", true, false },
	[COUNTER_ROUNDS] = { "rounds", "rounds_total",
		"Rounds of all dispatch loops.", true, false },
	[COUNTER_MAX_ROUNDS] = { "max_rounds", "max_rounds",
		"Rounds in the longest loop since load.", false, false },
	[COUNTER_MAX_PICK_ROUNDS] = { "max_pick_rounds", "max_pick_rounds",
		"Rounds in the longest pick since load.", false, false },
	[COUNTER_MAX_LOOP_NS] = { "max_loop_ns", "max_loop_seconds",
		"Duration of the longest loop since load.", false, true },
	[COUNTER_MAX_PICK_NS] = { "max_pick_ns", "max_pick_seconds",
		"Duration of the longest pick since load.", false, true },
};

/**
 * snapshot_loaded - check whether the module is loaded
 *
 * Return: true if it is.
 */
bool snapshot_loaded(void)
{
	char path[PATH_LEN];

	return file_exists(cli_path(path, SYSFS_DIR));
}

/*
 * Read a file in the module's directory. Return NULL on error; the error is printed
 * unless the cause is that the module was removed meanwhile.
 */
static char *read_sysfs(const char *file)
{
	char path[PATH_LEN], *text;

	text = file_read(cli_path(path, SYSFS_DIR "/%s", file), NULL);
	if (!text && snapshot_loaded())
		cli_error(CODE_FAILED, "cannot read %s: %s%s", path,
			  strerror(errno), cli_errno_hint(errno));
	return text;
}

static bool read_word(const char *file, char *buf, size_t room)
{
	char *text = read_sysfs(file);

	if (!text)
		return false;
	snprintf(buf, room, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return true;
}

static bool read_number(const char *file, unsigned long long *value)
{
	char *text = read_sysfs(file);
	bool ok;

	if (!text)
		return false;
	text[strcspn(text, "\n")] = '\0';
	ok = cli_parse_number(text, 0, ~0ULL, value);
	if (!ok)
		cli_error(CODE_FAILED,
			  "%s/%s is not a number: \"%s\"; install the command and the module of the same version",
			  SYSFS_DIR, file, text);
	free(text);
	return ok;
}

/* Make room for one more element of an array. */
static void *grow(void *array, size_t nr, size_t size)
{
	void *bigger = reallocarray(array, nr + 1, size);

	if (!bigger)
		abort();
	return bigger;
}

static bool read_by_ops(struct snapshot *snap)
{
	char *text = read_sysfs("stats/by_ops"), *line, *rest = text;

	if (!text)
		return false;
	while ((line = strsep(&rest, "\n"))) {
		struct by_ops b = {};

		if (sscanf(line, "%ms %llu %llu", &b.ops, &b.hits,
			   &b.pick_hits) != 3) {
			free(b.ops);
			continue;
		}
		snap->by_ops = grow(snap->by_ops, snap->nr_by_ops, sizeof(b));
		snap->by_ops[snap->nr_by_ops++] = b;
	}
	free(text);
	return true;
}

static bool read_by_cpu(struct snapshot *snap)
{
	char *text = read_sysfs("stats/hits_by_cpu"), *line, *rest = text;

	if (!text)
		return false;
	while ((line = strsep(&rest, "\n"))) {
		struct by_cpu b;

		if (sscanf(line, "cpu%u %llu", &b.cpu, &b.hits) != 2)
			continue;
		snap->by_cpu = grow(snap->by_cpu, snap->nr_by_cpu, sizeof(b));
		snap->by_cpu[snap->nr_by_cpu++] = b;
	}
	free(text);
	return true;
}

static bool read_buckets(struct snapshot *snap)
{
	char *text = read_sysfs("stats/loop_histogram"), *line, *rest = text;

	if (!text)
		return false;
	while ((line = strsep(&rest, "\n")) && snap->nr_buckets < BUCKETS_MAX) {
		struct bucket b;

		if (sscanf(line, "%u-%u %llu", &b.low, &b.high, &b.count) == 3)
			snap->buckets[snap->nr_buckets++] = b;
	}
	free(text);
	return true;
}

/**
 * snapshot_take - read all files of the module
 * @snap: filled in; to be freed with snapshot_free(), also after an error
 *
 * Return: an exit code. Errors are printed, except %CODE_NOT_LOADED.
 */
int snapshot_take(struct snapshot *snap)
{
	char path[PATH_LEN];
	unsigned int i;
	bool ok;

	memset(snap, 0, sizeof(*snap));
	clock_gettime(CLOCK_MONOTONIC, &snap->when);
	if (!snapshot_loaded())
		return CODE_NOT_LOADED;
	file_read_line(cli_path(path, "/sys/module/scx_loop_cap/version"),
		       snap->version, sizeof(snap->version));
	ok = read_word("state", snap->state, sizeof(snap->state)) &&
	     read_word("backend", snap->backend, sizeof(snap->backend)) &&
	     read_number("limit", &snap->limit) &&
	     read_number("kernel_limit", &snap->kernel_limit) &&
	     read_number("pick_limit", &snap->pick_limit);
	for (i = 0; ok && i < COUNTERS; i++) {
		snprintf(path, sizeof(path), "stats/%s", counter_infos[i].file);
		ok = read_number(path, &snap->counters[i]);
	}
	if (ok) {
		snap->last_hit = read_sysfs("stats/last_hit");
		ok = snap->last_hit && read_by_ops(snap) && read_by_cpu(snap) &&
		     read_buckets(snap);
	}
	if (snap->last_hit)
		snap->last_hit[strcspn(snap->last_hit, "\n")] = '\0';
	if (ok)
		return CODE_OK;
	return snapshot_loaded() ? CODE_FAILED : CODE_NOT_LOADED;
}

/**
 * snapshot_free - free the memory of a snapshot
 * @snap: a snapshot of snapshot_take(), or all zeroes
 */
void snapshot_free(struct snapshot *snap)
{
	size_t i;

	for (i = 0; i < snap->nr_by_ops; i++)
		free(snap->by_ops[i].ops);
	free(snap->by_ops);
	free(snap->by_cpu);
	free(snap->last_hit);
	memset(snap, 0, sizeof(*snap));
}

/**
 * snapshot_next_hit_field - iterate over the fields of last_hit
 * @snap: the snapshot
 * @pos: position of the iteration; points to NULL at the first call
 * @key: set to the name of the field
 * @value: set to the value of the field
 * @room: size of @key and of @value
 *
 * Return: false if there are no more fields.
 */
bool snapshot_next_hit_field(const struct snapshot *snap, const char **pos,
			     char *key, char *value, size_t room)
{
	const char *p = *pos ? *pos : snap->last_hit;

	while (p && *p) {
		size_t len = strcspn(p, " "), name = strcspn(p, "= ");

		*pos = p + len + (p[len] == ' ');
		if (name < len) {
			snprintf(key, room, "%.*s", (int)name, p);
			snprintf(value, room, "%.*s", (int)(len - name - 1),
				 p + name + 1);
			return true;
		}
		p = *pos;
	}
	return false;
}

/**
 * snapshot_hit_time - get the time of the latest hit
 * @snap: the snapshot
 *
 * Return: CLOCK_BOOTTIME in nanoseconds; 0 if there was no hit.
 */
unsigned long long snapshot_hit_time(const struct snapshot *snap)
{
	unsigned long long hit = 0;
	const char *pos = NULL;
	char key[160], value[160];

	while (snapshot_next_hit_field(snap, &pos, key, value, sizeof(key))) {
		if (!strcmp(key, "boottime_ns"))
			hit = strtoull(value, NULL, 10);
	}
	return hit;
}
