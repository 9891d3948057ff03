// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap watch */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "installed.h"
#include "snapshot.h"
#include "terminal.h"

#define INTERVAL_MIN	0.1
#define INTERVAL_MAX	86400.0

/* The first counters, up to rounds, are shown with their rates. */
#define NR_RATED	(COUNTER_ROUNDS + 1)

/* Number of CPUs that are shown. */
#define CPUS_SHOWN	8

struct view {
	struct snapshot	now;
	struct snapshot	before;
	bool		loaded;
	bool		rates;		/* @before and @now are of the same load of the module */
	double		seconds;	/* between @before and @now */
	double		interval;
};

static double elapsed(const struct timespec *from, const struct timespec *to)
{
	return (double)(to->tv_sec - from->tv_sec) +
	       (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

/* Take the next snapshot. Return an exit code. */
static int take_next(struct view *v)
{
	unsigned int i;
	int code;

	snapshot_free(&v->before);
	v->before = v->now;
	v->rates = v->loaded;
	code = snapshot_take(&v->now);
	v->loaded = code == CODE_OK;
	v->rates &= v->loaded;
	v->seconds = elapsed(&v->before.when, &v->now.when);
	if (v->seconds <= 0)
		v->rates = false;
	/* A counter that went down: the module was loaded again. */
	for (i = 0; v->rates && i < NR_RATED; i++) {
		if (v->now.counters[i] < v->before.counters[i])
			v->rates = false;
	}
	return code == CODE_NOT_LOADED ? CODE_OK : code;
}

static const char *rate(char *buf, const struct view *v, unsigned long long now,
			unsigned long long before)
{
	if (!v->rates)
		strcpy(buf, "-");
	else
		snprintf(buf, 32, "%.0f", now > before ?
			 (double)(now - before) / v->seconds : 0.0);
	return buf;
}

static const char *counter_rate(char *buf, const struct view *v, enum counter c)
{
	return rate(buf, v, v->now.counters[c], v->before.counters[c]);
}

/* Rounds per loop, since @before if there is one, otherwise since load. */
static const char *rounds_per_loop(char *buf, const struct view *v)
{
	unsigned long long loops = v->now.counters[COUNTER_LOOPS];
	unsigned long long rounds = v->now.counters[COUNTER_ROUNDS];

	if (v->rates) {
		loops -= v->before.counters[COUNTER_LOOPS];
		rounds -= v->before.counters[COUNTER_ROUNDS];
	}
	if (!loops)
		strcpy(buf, "-");
	else
		snprintf(buf, 32, "%.1f", (double)rounds / (double)loops);
	return buf;
}

static const char *clock_time(char *buf)
{
	time_t t = time(NULL);
	struct tm tm;

	strftime(buf, 32, "%H:%M:%S", localtime_r(&t, &tm));
	return buf;
}

/* --- plain lines, without a terminal ------------------------------------------- */

static void plain_head(void)
{
	printf("%-8s %-10s %12s %10s %12s %10s %12s %11s\n", "time", "state",
	       "hits", "hits/s", "pick_hits", "picks/s", "rounds/s",
	       "rounds/loop");
}

static void plain_line(const struct view *v)
{
	char t[32], hits[32], picks[32], rounds[32], loop[32];

	clock_time(t);
	if (!v->loaded) {
		printf("%-8s not loaded\n", t);
		return;
	}
	printf("%-8s %-10s %12llu %10s %12llu %10s %12s %11s\n", t, v->now.state,
	       v->now.counters[COUNTER_HITS], counter_rate(hits, v, COUNTER_HITS),
	       v->now.counters[COUNTER_PICK_HITS],
	       counter_rate(picks, v, COUNTER_PICK_HITS),
	       counter_rate(rounds, v, COUNTER_ROUNDS), rounds_per_loop(loop, v));
}

/* --- the screen ----------------------------------------------------------------- */

static const struct by_ops *ops_before(const struct view *v, const char *ops)
{
	size_t i;

	for (i = 0; i < v->before.nr_by_ops; i++) {
		if (!strcmp(v->before.by_ops[i].ops, ops))
			return &v->before.by_ops[i];
	}
	return NULL;
}

static unsigned long long cpu_before(const struct view *v, unsigned int cpu)
{
	size_t i;

	for (i = 0; i < v->before.nr_by_cpu; i++) {
		if (v->before.by_cpu[i].cpu == cpu)
			return v->before.by_cpu[i].hits;
	}
	return 0;
}

static void screen_state(FILE *f, const struct snapshot *s)
{
	bool good = !strcmp(s->state, "active");
	const char *on = "";

	if (terminal_colour())
		on = good ? "\033[32m" : "\033[1;31m";
	fprintf(f, "state %s%s%s   backend %s   ", on, s->state,
		*on ? "\033[0m" : "", s->backend);
	fprintf(f, "limit %llu   kernel_limit %llu   pick_limit %llu\n\n", s->limit,
		s->kernel_limit, s->pick_limit);
}

static void screen_schedulers(FILE *f, const struct view *v)
{
	char hits[32], picks[32];
	size_t i;

	if (!v->now.nr_by_ops)
		return;
	fprintf(f, "\n%-16s %14s %12s %14s %12s\n", "scheduler", "hits", "per s",
		"pick_hits", "per s");
	for (i = 0; i < v->now.nr_by_ops; i++) {
		const struct by_ops *now = &v->now.by_ops[i];
		const struct by_ops *before = ops_before(v, now->ops);

		fprintf(f, "%-16.64s %14llu %12s %14llu %12s\n", now->ops, now->hits,
			rate(hits, v, now->hits, before ? before->hits : 0),
			now->pick_hits,
			rate(picks, v, now->pick_hits,
			     before ? before->pick_hits : 0));
	}
}

/* The CPUs with the most hits since load. */
static void screen_cpus(FILE *f, const struct view *v)
{
	size_t nr = v->now.nr_by_cpu, shown, i;
	const struct by_cpu *last = NULL, *best;
	char hits[32];

	if (!nr)
		return;
	fprintf(f, "\n%-16s %14s %12s\n", "CPU", "hits", "per s");
	for (shown = 0; shown < nr && shown < CPUS_SHOWN; shown++, last = best) {
		best = NULL;
		for (i = 0; i < nr; i++) {
			const struct by_cpu *c = &v->now.by_cpu[i];

			/* Skip the CPUs that were printed before. */
			if (last && (c->hits > last->hits ||
				     (c->hits == last->hits && c <= last)))
				continue;
			if (!best || c->hits > best->hits)
				best = c;
		}
		if (!best)
			break;
		fprintf(f, "cpu%-13u %14llu %12s\n", best->cpu, best->hits,
			rate(hits, v, best->hits, cpu_before(v, best->cpu)));
	}
	if (nr > shown)
		fprintf(f, "and %zu more\n", nr - shown);
}

static void screen(FILE *f, const struct view *v)
{
	const unsigned long long *c = v->now.counters;
	char buf[32];
	unsigned int i;

	fprintf(f, "scx-loop-cap   %s   %s   every %g s, q quits\n\n",
		kernel_release(), clock_time(buf), v->interval);
	if (!v->loaded) {
		fprintf(f, "the module is not loaded\n");
		return;
	}
	screen_state(f, &v->now);
	fprintf(f, "%-16s %14s %12s\n", "", "since load", "per s");
	for (i = 0; i < NR_RATED; i++)
		fprintf(f, "%-16s %14llu %12s\n", counter_infos[i].file, c[i],
			counter_rate(buf, v, i));
	fprintf(f, "%-16s %14s %12s\n\n", "rounds per loop", "",
		rounds_per_loop(buf, v));
	fprintf(f,
		"longest loop: %llu rounds, %.1f us   longest pick: %llu rounds, %.1f us\n",
		c[COUNTER_MAX_ROUNDS], (double)c[COUNTER_MAX_LOOP_NS] / 1e3,
		c[COUNTER_MAX_PICK_ROUNDS], (double)c[COUNTER_MAX_PICK_NS] / 1e3);
	fprintf(f, "last hit: %s\n", v->now.last_hit);
	screen_schedulers(f, v);
	screen_cpus(f, v);
}

static void draw(const struct view *v)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return;
	screen(f, v);
	if (!fclose(f))
		terminal_draw(text);
	free(text);
}

static bool interval_from(const char *text, double *interval)
{
	char *end;

	*interval = strtod(text, &end);
	return end != text && !*end && *interval >= INTERVAL_MIN &&
	       *interval <= INTERVAL_MAX;
}

int cmd_watch(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "interval", required_argument, NULL, 'i' },
		{}
	};
	bool on_screen = terminal_usable(), go_on;
	struct view v = { .interval = 1 };
	unsigned long long count = 0, n = 0;
	int opt, code;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			if (cli_parse_number(optarg, 1, ~0U, &count))
				break;
			return cli_error(CODE_USAGE, "--count takes 1 to %u, not \"%s\"",
					 ~0U, optarg);
		case 'i':
			if (interval_from(optarg, &v.interval))
				break;
			return cli_error(CODE_USAGE,
					 "--interval takes %g to %g seconds, not \"%s\"",
					 INTERVAL_MIN, INTERVAL_MAX, optarg);
		default:
			return cli_bad_option(argv, opt);
		}
	}
	if (argv[optind])
		return cli_error(CODE_USAGE, "watch takes no argument \"%s\"",
				 argv[optind]);
	if (!snapshot_loaded())
		return cli_not_loaded();
	code = take_next(&v);
	if (!code) {
		terminal_begin(on_screen);
		if (!on_screen)
			plain_head();
		do {
			if (on_screen)
				draw(&v);
			else
				plain_line(&v);
			go_on = (!count || ++n < count) && !fflush(stdout) &&
				terminal_wait(v.interval);
			if (go_on)
				code = take_next(&v);
		} while (go_on && !code);
		terminal_end();
		/* The message of take_next() was on the screen that is gone now. */
		if (code && on_screen)
			cli_warn("cannot read the files in " SYSFS_DIR
				 " any more; for the cause, run: " PROGRAM " status");
	}
	snapshot_free(&v.now);
	snapshot_free(&v.before);
	return code;
}
