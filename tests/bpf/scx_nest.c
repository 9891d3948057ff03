// SPDX-License-Identifier: GPL-2.0
/*
 * scx_nest - load nested sched_ext schedulers that keep the dispatch loop busy
 *
 * Purpose: with nested schedulers a limit on each dispatch loop does not bound a
 * pick: each round of one level runs a whole loop of the next. This program
 * measures the rounds in a pick. It loads a chain: the scheduler "nest", its
 * child "nest1", the child's child "nest2" and so on, each for a cgroup below
 * that of its parent. Without -l, each level is a FIFO that alternates between
 * its own tasks and those of its child.
 *
 * Usage:
 *
 *	$ scx_nest -L 4 -w 2 -d 10; echo $?
 *	0
 *	$ scx_nest -L 3 -l 100 -o /tmp/status; echo $?
 *	nest: ejected: runnable task stall: kworker/0:1[11] failed to run for 5.2s
 *	3
 *	$ cat /tmp/status
 *	state=exited
 *	...
 *
 * If every level loops and each loop is ended after 32 rounds, as by the kernel's
 * own cap, the calls of ops.dispatch() in one pick (max_calls_per_pick) are
 *
 *	-L 1		32
 *	-L 2		32 + 32 * 32			=      1,056
 *	-L 3		32 + 32 * 32 + 32 * 32 * 32	=     33,824
 *	-L 4						=  1,082,400
 *	-L 3 -r 8	32 + 256 * 32 + 256 * 256 * 32	=  2,105,376
 *
 * all with interrupts off. -L 3 -r 32 and -L 4 -r 8 hang the machine.
 *
 * cgroup v2 must be mounted. The cgroups are created below the directory of -c
 * and removed at exit, unless this program is killed with SIGKILL.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/types.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "loader.h"
#include "scx_nest.h"
#include "scx_nest.skel.h"

#define WATCH_NS		10000000
#define WATCH_STACK		(128 * 1024)

/* enum scx_exit_kind: the parent exits */
#define EXIT_PARENT		68

struct level {
	char name[16];
	char cgroup[PATH_MAX];
	bool has_cgroup;
	__u64 cgroup_id;
	pid_t victim;
	struct scx_nest__bss *bss;
	struct bpf_map *ops_map;	/* NULL if it was pinned */
	int ops_fd;
	int link_fd;			/* 0: not attached */
};

/* A thread that measures the wake-up latency on its CPU. */
struct watcher {
	pthread_t thread;
	bool running;
	__u64 max_ns;
};

/* Round trips of a level's pairs, in a cache line of its own. */
struct trips {
	__u64 nr;
} __attribute__((aligned(64)));

static unsigned int nr_levels = 2;
static unsigned int sub_calls = 1;
static bool loop;
static __u64 loop_after;
static unsigned int bad_levels;		/* mask of the levels that loop, 0: all */
static bool spare;
static bool greedy;
static bool reattach;
static unsigned int nr_reattached;
static enum nest_take take = NEST_TAKE_TO_LOCAL;
static unsigned int nr_pairs;
static unsigned int nap_us;
static const char *cgroup_root = "/sys/fs/cgroup";
static unsigned int timeout_ms = TIMEOUT_MS_DFL;
static unsigned int seconds;
static const char *status_file;
static bool verbose;

static pid_t loader;
static int nr_cpus;
static cpu_set_t online;
static struct level levels[NEST_MAX_LEVELS];
static struct nest_cpu *cpu_values;
static struct watcher *watchers;
static bool watch_stop;
static struct trips *trips;
static int shared_fd, cpus_fd;		/* the root's maps, used by all levels */
static __u64 attached_ns;

static void show_usage(FILE *to)
{
	fprintf(to,
		"usage: scx_nest [-L N] [-r R [-a]] [-l COUNT [-M LIST] [-s]] [-m | -g] [-x] [-w N] [-i US] [-c DIR]\n"
		"                [-p DIR] [-t MS] [-o FILE] [-d SECONDS] [-v]\n"
		"Load the sched_ext scheduler \"nest\" and below it \"nest1\", \"nest2\" ...,\n"
		"each the parent of the next.\n"
		"\n"
		"  -L N        number of levels, with the root (default 2; kernels allow up to 4)\n"
		"  -r R        call scx_bpf_sub_dispatch() R times a dispatch (default 1)\n"
		"  -a          all R times, even after the child has brought a task\n"
		"  -l COUNT    loop: after COUNT dispatches, every dispatch is useless\n"
		"  -M LIST     with -l, the levels that loop, such as 0,2 (default all)\n"
		"  -s          with -l, also run the tasks, so that none of them starves\n"
		"  -m          take tasks with scx_bpf_dsq_move(), which does not flush, instead of\n"
		"              scx_bpf_dsq_move_to_local()\n"
		"  -g          the same, through the global DSQ\n"
		"  -x          detach and attach the last level ten times a second\n"
		"  -w N        in each level, run N pairs of tasks that pass a byte to and fro\n"
		"  -i US       the pairs sleep US microseconds each time (default 0)\n"
		"  -c DIR      create the cgroups below DIR (default %s)\n"
		"  -p DIR      pin the loaded programs below DIR, or use those pinned there; the\n"
		"              cgroups are not removed\n"
		"  -t MS       watchdog timeout of the schedulers (default %d, at most %d)\n"
		"  -o FILE     write the counters to FILE regularly, as lines of key=value\n"
		"  -d SECONDS  unload after SECONDS\n"
		"  -v          show libbpf's messages\n"
		"  -h          this text\n"
		"\n"
		"Exit status: 0 unloaded by SIGINT, SIGTERM or -d; 1 loading failed; 2 usage error;\n"
		"3 ejected by the kernel, with the reason on stdout.\n",
		cgroup_root, TIMEOUT_MS_DFL, TIMEOUT_MS_MAX);
}

static unsigned int parse_levels(int c, const char *arg)
{
	unsigned int set = 0;
	const char *p = arg;

	for (;;) {
		if (*p < '0' || *p >= '0' + NEST_MAX_LEVELS || (p[1] && p[1] != ','))
			errx(RC_USAGE, "-%c needs a list of levels from 0 to %d, not \"%s\"",
			     c, NEST_MAX_LEVELS - 1, arg);
		set |= 1U << (*p - '0');
		if (!p[1])
			return set;
		p += 2;
	}
}

static void parse_args(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "L:r:al:M:smgxw:i:c:p:t:o:d:vh")) != -1) {
		switch (c) {
		case 'L':
			nr_levels = parse_number(c, optarg, 1, NEST_MAX_LEVELS);
			break;
		case 'r':
			sub_calls = parse_number(c, optarg, 1, 4096);
			break;
		case 'a':
			greedy = true;
			break;
		case 'l':
			loop = true;
			loop_after = parse_number(c, optarg, 0, LLONG_MAX);
			break;
		case 'M':
			bad_levels = parse_levels(c, optarg);
			break;
		case 's':
			spare = true;
			break;
		case 'm':
			take = NEST_TAKE_MOVE_LOCAL;
			break;
		case 'g':
			take = NEST_TAKE_MOVE_GLOBAL;
			break;
		case 'x':
			reattach = true;
			break;
		case 'w':
			nr_pairs = parse_number(c, optarg, 0, 1024);
			break;
		case 'i':
			nap_us = parse_number(c, optarg, 0, 1000000);
			break;
		case 'c':
			cgroup_root = optarg;
			break;
		case 'p':
			pin_dir = optarg;
			break;
		case 't':
			timeout_ms = parse_number(c, optarg, 1, TIMEOUT_MS_MAX);
			break;
		case 'o':
			status_file = optarg;
			break;
		case 'd':
			seconds = parse_number(c, optarg, 1, INT_MAX);
			break;
		case 'v':
			verbose = true;
			break;
		case 'h':
			show_usage(stdout);
			exit(RC_OK);
		default:
			show_usage(stderr);
			exit(RC_USAGE);
		}
	}
	if (optind != argc)
		errx(RC_USAGE, "unexpected argument \"%s\"", argv[optind]);
	if (bad_levels && !loop)
		errx(RC_USAGE, "-M needs -l");
	if (spare && !loop)
		errx(RC_USAGE, "-s needs -l");
	if (reattach && nr_levels < 2)
		errx(RC_USAGE, "-x needs a level below the root");
	if (bad_levels >> nr_levels)
		errx(RC_USAGE, "-M: the last level is %u", nr_levels - 1);
	if (loop && !bad_levels)
		bad_levels = (1U << nr_levels) - 1;
}

/* --- cgroups and the tasks in them --------------------------------------- */

/* Write @value to a file of the cgroup; if @value is NULL, only open the file. */
static int write_cgroup(const struct level *lv, const char *name, const char *value)
{
	char path[PATH_MAX + 32];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", lv->cgroup, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (value && write(fd, value, strlen(value)) < 0)
		ret = -1;
	close(fd);
	return ret;
}

/* Each cgroup is below that of the parent scheduler: so the kernel finds the parent. */
static void make_cgroups(void)
{
	struct stat st;

	for (unsigned int i = 0; i < nr_levels; i++) {
		struct level *lv = &levels[i];
		int len;

		if (i)
			len = snprintf(lv->cgroup, sizeof(lv->cgroup), "%s/nest%u",
				       levels[i - 1].cgroup, i);
		else if (pin_dir)
			len = snprintf(lv->cgroup, sizeof(lv->cgroup), "%s/nest.pinned",
				       cgroup_root);
		else
			len = snprintf(lv->cgroup, sizeof(lv->cgroup), "%s/nest.%d",
				       cgroup_root, loader);
		if (len >= (int)sizeof(lv->cgroup))
			errx(RC_USAGE, "-c: the name is too long");
		/* a pinned scheduler belongs to its cgroup, which already exists */
		if (mkdir(lv->cgroup, 0755) && (!pin_dir || errno != EEXIST))
			err(RC_LOAD, "cannot create the cgroup %s", lv->cgroup);
		/* mkdir() also succeeds outside of a cgroup file system */
		if (write_cgroup(lv, "cgroup.procs", NULL)) {
			rmdir(lv->cgroup);
			errx(RC_LOAD, "%s is not a cgroup v2 file system", cgroup_root);
		}
		lv->has_cgroup = true;
		if (stat(lv->cgroup, &st))
			err(RC_LOAD, "cannot stat %s", lv->cgroup);
		lv->cgroup_id = st.st_ino;
	}
}

/* Exit handler: detach the schedulers, kill the tasks and remove the cgroups. */
static void cleanup(void)
{
	/* the root first: that also detaches its children and ends any loop */
	for (unsigned int i = 0; i < nr_levels; i++) {
		if (levels[i].link_fd && close(levels[i].link_fd))
			warn("cannot detach level %u", i);
		levels[i].link_fd = 0;
	}
	if (levels[0].has_cgroup) {
		if (write_cgroup(&levels[0], "cgroup.kill", "1"))
			warn("cannot kill the tasks in %s", levels[0].cgroup);
		else
			while (wait(NULL) > 0)
				;
	}
	for (unsigned int i = nr_levels; i-- > 0; ) {
		if (levels[i].has_cgroup && !pin_dir && rmdir(levels[i].cgroup))
			warn("cannot remove %s", levels[i].cgroup);
		levels[i].has_cgroup = false;
	}
}

/* To be called first in every forked task. */
static void init_task(void)
{
	struct sched_param param = {};

	init_child(loader);
	/* the policy may be inherited; the root scheduler runs all SCHED_OTHER tasks */
	if (sched_setscheduler(0, SCHED_OTHER, &param))
		_exit(1);
}

/* Fork a task of level @lv; returns in both, like fork(). */
static pid_t spawn(const struct level *lv)
{
	char buf[16];
	pid_t pid;

	pid = fork();
	if (pid < 0)
		err(RC_LOAD, "cannot fork");
	if (!pid) {
		init_task();
		return 0;
	}
	snprintf(buf, sizeof(buf), "%d", pid);
	if (write_cgroup(lv, "cgroup.procs", buf)) {
		warn("cannot move a task to %s", lv->cgroup);
		/* cleanup() would wait for it */
		kill(pid, SIGKILL);
		exit(RC_LOAD);
	}
	return pid;
}

static void start_victims(void)
{
	for (unsigned int i = 0; i < nr_levels; i++) {
		levels[i].victim = spawn(&levels[i]);
		if (!levels[i].victim)
			for (;;)
				pause();
	}
}

/* One end of a pair: read the byte and write it back until the other end exits. */
static void pass_byte(int cpu, int in, int out, struct trips *count)
{
	cpu_set_t set;
	char c = 0;

	/* pinned to a CPU: the schedulers do not balance load */
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(1);

	if (count && write(out, &c, 1) != 1)
		_exit(1);
	while (read(in, &c, 1) == 1) {
		if (count)
			__atomic_add_fetch(&count->nr, 1, __ATOMIC_RELAXED);
		if (count && nap_us)
			usleep(nap_us);
		if (write(out, &c, 1) != 1)
			break;
	}
	_exit(0);
}

static void start_pair(unsigned int level, int cpu)
{
	int ab[2], ba[2];

	if (pipe(ab) || pipe(ba))
		err(RC_LOAD, "cannot create a pipe");
	for (int side = 0; side < 2; side++) {
		if (spawn(&levels[level]))
			continue;
		/* close the other ends, else read() never returns EOF */
		close(side ? ab[1] : ab[0]);
		close(side ? ba[0] : ba[1]);
		pass_byte(cpu, side ? ab[0] : ba[0], side ? ba[1] : ab[1],
			  side ? NULL : &trips[level]);
	}
	close(ab[0]);
	close(ab[1]);
	close(ba[0]);
	close(ba[1]);
}

static int next_online(int cpu)
{
	do
		cpu = (cpu + 1) % CPU_SETSIZE;
	while (!CPU_ISSET(cpu, &online));
	return cpu;
}

static void start_pairs(void)
{
	int cpu = -1;

	for (unsigned int i = 0; i < nr_pairs; i++) {
		cpu = next_online(cpu);
		for (unsigned int level = 0; level < nr_levels; level++)
			start_pair(level, cpu);
	}
}

/* --- wake-up latency ------------------------------------------------------ */

/* Wake up every WATCH_NS with the highest priority, and record the worst latency. */
static void *watch(void *arg)
{
	struct watcher *w = arg;
	struct timespec ts;
	__u64 due, now;

	now = now_ns();
	while (!__atomic_load_n(&watch_stop, __ATOMIC_RELAXED)) {
		due = now + WATCH_NS;
		ts.tv_sec = due / 1000000000;
		ts.tv_nsec = due % 1000000000;
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
			;
		now = now_ns();
		if (now > due && now - due > w->max_ns)
			__atomic_store_n(&w->max_ns, now - due, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void start_watchers(void)
{
	struct sched_param param = { .sched_priority = 99 };
	pthread_attr_t attr;
	cpu_set_t set;
	int ret;

	ret = pthread_attr_init(&attr);
	if (!ret)
		ret = pthread_attr_setstacksize(&attr, WATCH_STACK);
	if (!ret)
		ret = pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	if (!ret)
		ret = pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	if (!ret)
		ret = pthread_attr_setschedparam(&attr, &param);
	for (int cpu = 0; !ret && cpu < nr_cpus && cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &online))
			continue;
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		ret = pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
		if (!ret)
			ret = pthread_create(&watchers[cpu].thread, &attr, watch,
					     &watchers[cpu]);
		watchers[cpu].running = !ret;
	}
	if (ret)
		errx(RC_LOAD, "cannot start a thread: %s", strerror(ret));
	pthread_attr_destroy(&attr);
}

static void stop_watchers(void)
{
	__atomic_store_n(&watch_stop, true, __ATOMIC_RELAXED);
	for (int cpu = 0; cpu < nr_cpus; cpu++)
		if (watchers[cpu].running)
			pthread_join(watchers[cpu].thread, NULL);
}

/* --- the schedulers ------------------------------------------------------- */

static __u32 exit_kind(const struct level *lv)
{
	if (!lv->bss)
		return 0;
	return __atomic_load_n(&lv->bss->exit_info.kind, __ATOMIC_ACQUIRE);
}

static bool any_exited(void)
{
	for (unsigned int i = 0; i < nr_levels; i++)
		if (exit_kind(&levels[i]))
			return true;
	return false;
}

/*
 * The level that exited first, or NULL. A level's children exit before it, but
 * with EXIT_PARENT, because their parent exits: those do not count.
 */
static const struct level *first_exit(void)
{
	const struct level *first = NULL;

	for (unsigned int i = 0; i < nr_levels; i++) {
		__u32 kind = exit_kind(&levels[i]);

		if (!kind || kind == EXIT_PARENT)
			continue;
		/* unloaded by cleanup(), with which all other levels exit */
		if (first && kind == EXIT_UNREG)
			continue;
		if (!first || exit_kind(first) == EXIT_UNREG ||
		    levels[i].bss->exit_info.ns < first->bss->exit_info.ns)
			first = &levels[i];
	}
	return first;
}

/* Open the pinned objects of a level; false if there are none. */
static bool find_level(struct level *lv)
{
	lv->ops_fd = find_pin(lv->name, timeout_ms, "/ops");
	if (lv->ops_fd < 0)
		return false;
	lv->bss = find_pinned_bss(lv->name, timeout_ms, sizeof(*lv->bss));
	if (lv != levels)
		return true;
	shared_fd = find_pin(lv->name, timeout_ms, "/shared");
	cpus_fd = find_pin(lv->name, timeout_ms, "/cpus");
	return true;
}

/* All levels use the root's maps, so there is one set of counters. */
static int share_maps(struct scx_nest *skel)
{
	int ret;

	ret = bpf_map__reuse_fd(skel->maps.shared, shared_fd);
	if (ret)
		return ret;
	return bpf_map__reuse_fd(skel->maps.cpus, cpus_fd);
}

static void load_level(unsigned int i)
{
	struct level *lv = &levels[i];
	struct nest_mask *mask;
	struct scx_nest *skel;
	int ret = 0;

	skel = scx_nest__open();
	if (!skel)
		err(RC_LOAD, "level %u: cannot open the BPF object", i);
	skel->struct_ops.nest_ops->timeout_ms = timeout_ms;
	/* 0 stands for the root scheduler */
	skel->struct_ops.nest_ops->sub_cgroup_id = i ? lv->cgroup_id : 0;
	set_ops_name(skel->obj, skel->struct_ops.nest_ops, "sched_ext_ops_cid", lv->name);

	if (i)
		ret = share_maps(skel);
	if (!ret)
		ret = scx_nest__load(skel);
	if (ret)
		errx(RC_LOAD, "level %u: cannot load the BPF object: %s (-v tells more)",
		     i, strerror(-ret));

	/* grant all CPUs to the child */
	mask = &skel->arena->granted;
	mask->nr_cids = nr_cpus;
	mask->alloc_words = sizeof(mask->bits) / sizeof(mask->bits[0]);
	for (int cid = 0; cid < nr_cpus; cid++)
		mask->bits[cid / 64] |= 1ULL << (cid % 64);

	lv->bss = skel->bss;
	lv->ops_map = skel->maps.nest_ops;
	lv->ops_fd = bpf_map__fd(lv->ops_map);
	if (!i) {
		shared_fd = bpf_map__fd(skel->maps.shared);
		cpus_fd = bpf_map__fd(skel->maps.cpus);
	}
	if (!pin_dir)
		return;
	pin(lv->name, timeout_ms, "/bss", bpf_map__fd(skel->maps.bss));
	pin(lv->name, timeout_ms, "/shared", shared_fd);
	pin(lv->name, timeout_ms, "/cpus", cpus_fd);
	pin(lv->name, timeout_ms, "/ops", lv->ops_fd);
}

/* Reset the state of an earlier run, if the level was pinned, and attach it. */
static void attach_level(unsigned int i)
{
	struct level *lv = &levels[i];
	struct nest_shared none = {};
	struct bpf_link *link = NULL;
	__u32 key = 0;
	int ret;

	memset(lv->bss, 0, sizeof(*lv->bss));
	lv->bss->opts = (struct nest_opts) {
		.child = i + 1 < nr_levels ? levels[i + 1].cgroup_id : 0,
		.loop_after = loop_after,
		.level = i,
		.sub_calls = sub_calls,
		.loop = loop,
		.bad = bad_levels >> i & 1,
		.spare = spare,
		.greedy = greedy,
		.take = take,
		.nr_cpus = nr_cpus,
		.victim = lv->victim,
	};
	/* cpu_values is still zero here; the maps are shared by all levels */
	if (!i && (bpf_map_update_elem(shared_fd, &key, &none, 0) ||
		   bpf_map_update_elem(cpus_fd, &key, cpu_values, 0)))
		err(RC_LOAD, "cannot reset the counters");

	if (lv->ops_map) {
		/* libbpf also updates the map before it attaches */
		link = bpf_map__attach_struct_ops(lv->ops_map);
		ret = link ? bpf_link__fd(link) : -errno;
	} else {
		ret = bpf_link_create(lv->ops_fd, 0, BPF_STRUCT_OPS, NULL);
	}
	if (ret < 0) {
		if (pin_dir && lv->ops_map)
			unpin(lv->name, timeout_ms);
		errx(RC_LOAD, "level %u: cannot attach the scheduler: %s%s", i,
		     strerror(-ret), !i && ret == -EBUSY ? " (another one is loaded)" : "");
	}
	lv->link_fd = ret;
	/* most errors are not returned, but reported through ops.exit() */
	if (exit_kind(lv))
		errx(RC_LOAD, "level %u: cannot attach the scheduler: %s: %s", i,
		     lv->bss->exit_info.reason, lv->bss->exit_info.msg);
}

/* While a level is attached or detached, its tasks are run by its parent, from the bypass DSQ. */
static void reattach_level(unsigned int i)
{
	if (close(levels[i].link_fd))
		err(RC_LOAD, "cannot detach level %u", i);
	levels[i].link_fd = 0;
	attach_level(i);
	nr_reattached++;
}

/* --- status --------------------------------------------------------------- */

static void sum_cpus(struct nest_cpu *sum)
{
	__u32 key = 0;

	memset(sum, 0, sizeof(*sum));
	if (!attached_ns ||
	    bpf_map_lookup_elem(cpus_fd, &key, cpu_values))
		return;
	for (int cpu = 0; cpu < nr_cpus; cpu++) {
		const struct nest_cpu *one = &cpu_values[cpu];

		for (unsigned int i = 0; i < nr_levels; i++)
			sum->dispatches[i] += one->dispatches[i];
		sum->sub_true += one->sub_true;
		sum->sub_false += one->sub_false;
		sum->refused += one->refused;
		if (one->max_calls > sum->max_calls)
			sum->max_calls = one->max_calls;
		if (one->max_ns > sum->max_ns)
			sum->max_ns = one->max_ns;
	}
}

static __u64 armed_ns(void)
{
	struct nest_shared sh;
	__u32 key = 0;

	if (bpf_map_lookup_elem(shared_fd, &key, &sh))
		return 0;
	return sh.armed_ns;
}

static void write_status(void)
{
	const struct level *first = first_exit();
	__u64 dispatches = 0, latency = 0, from;
	struct nest_cpu sum;
	char tmp[PATH_MAX];
	FILE *f;

	if (!status_file)
		return;
	sum_cpus(&sum);
	for (unsigned int i = 0; i < nr_levels; i++)
		dispatches += sum.dispatches[i];
	for (int cpu = 0; cpu < nr_cpus; cpu++) {
		__u64 ns = __atomic_load_n(&watchers[cpu].max_ns, __ATOMIC_RELAXED);

		if (ns > latency)
			latency = ns;
	}

	if (snprintf(tmp, sizeof(tmp), "%s.tmp", status_file) >= (int)sizeof(tmp))
		errx(RC_USAGE, "-o: the name is too long");
	f = fopen(tmp, "w");
	if (!f)
		err(RC_LOAD, "cannot write %s", tmp);
	fprintf(f, "state=%s\nlevels=%u\ndispatches=%llu\nsub_true=%llu\nsub_false=%llu\n"
		"refused=%llu\nreattached=%u\nmax_calls_per_pick=%llu\nmax_pick_ns=%llu\nmax_silence_ns=%llu\n",
		!attached_ns ? "loading" : first ? "exited" : "running", nr_levels,
		dispatches, sum.sub_true, sum.sub_false, sum.refused, nr_reattached,
		sum.max_calls, sum.max_ns, latency);
	for (unsigned int i = 0; i < nr_levels; i++)
		fprintf(f, "name_%u=%s\ndispatches_%u=%llu\ntrips_%u=%llu\nexit_kind_%u=%u\n",
			i, levels[i].name, i, sum.dispatches[i], i,
			__atomic_load_n(&trips[i].nr, __ATOMIC_RELAXED),
			i, exit_kind(&levels[i]));
	if (first) {
		const struct nest_exit *ei = &first->bss->exit_info;

		from = armed_ns();
		if (!from)
			from = attached_ns;
		/* signed: the scheduler may be ejected before attaching returns */
		fprintf(f, "exit_level=%d\nexit_kind=%u\nexit_reason=%s\nexit_msg=%s\n"
			"exit_after_ms=%.1f\n",
			(int)(first - levels), ei->kind, ei->reason, ei->msg,
			(__s64)(ei->ns - from) / 1e6);
	} else {
		fprintf(f, "exit_level=\nexit_kind=0\nexit_reason=\nexit_msg=\n"
			"exit_after_ms=0.0\n");
	}
	if (fclose(f) || rename(tmp, status_file))
		err(RC_LOAD, "cannot write %s", status_file);
}

static void *zalloc(size_t nr, size_t size)
{
	void *p = calloc(nr, size);

	if (!p)
		err(RC_LOAD, "cannot allocate memory");
	return p;
}

int main(int argc, char **argv)
{
	/* above all tasks of sched_ext, below the kernel's own real-time threads */
	struct sched_param param = { .sched_priority = 1 };
	struct nest_shared sh = { .go = 1 };
	const struct level *first;
	bool stop = false;
	__u32 key = 0;
	__u64 end;

	parse_args(argc, argv);
	loader = getpid();
	nr_cpus = libbpf_num_possible_cpus();
	if (nr_cpus < 1)
		errx(RC_LOAD, "cannot count the CPUs: %s", strerror(-nr_cpus));
	if (nr_cpus > NEST_MAX_CPUS)
		errx(RC_LOAD, "too many CPUs");
	if (sched_getaffinity(0, sizeof(online), &online))
		err(RC_LOAD, "cannot list the CPUs");
	let_libbpf_print(verbose);
	cpu_values = zalloc(nr_cpus, sizeof(*cpu_values));
	watchers = zalloc(nr_cpus, sizeof(*watchers));
	trips = mmap(NULL, nr_levels * sizeof(*trips), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (trips == MAP_FAILED)
		err(RC_LOAD, "cannot allocate memory");
	for (unsigned int i = 0; i < nr_levels; i++) {
		strcpy(levels[i].name, "nest");
		if (i)
			snprintf(levels[i].name, sizeof(levels[i].name), "nest%u", i);
	}
	write_status();

	block_stop_signals();

	if (atexit(cleanup))
		errx(RC_LOAD, "cannot register an exit handler");
	make_cgroups();
	/* before the priority is raised, and before there are fds to inherit */
	start_victims();
	start_pairs();

	/*
	 * This process must run while all tasks of sched_ext starve, so it has a
	 * real-time policy and never waits for a page fault. Not MCL_FUTURE:
	 * with that the kernel could not allocate its part of the arenas.
	 */
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(RC_LOAD, "cannot become SCHED_FIFO");
	if (mlockall(MCL_CURRENT))
		err(RC_LOAD, "cannot lock memory");
	for (unsigned int i = 0; i < nr_levels; i++) {
		if (!pin_dir || !find_level(&levels[i]))
			load_level(i);
		attach_level(i);
	}
	start_watchers();
	attached_ns = now_ns();
	if (bpf_map_update_elem(shared_fd, &key, &sh, 0))
		err(RC_LOAD, "cannot arm the loop");

	end = attached_ns + seconds * 1000000000ULL;
	while (!stop && !any_exited() && !(seconds && now_ns() >= end)) {
		write_status();
		stop = wait_for_stop();
		if (reattach && !stop)
			reattach_level(nr_levels - 1);
	}

	stop_watchers();
	/* returns when ops.exit() has run and no task is in sched_ext any more */
	cleanup();
	first = first_exit();
	write_status();

	if (!first || exit_kind(first) == EXIT_UNREG)
		return RC_OK;
	printf("%s: ejected: %s%s%s\n", first->name, first->bss->exit_info.reason,
	       *first->bss->exit_info.msg ? ": " : "",
	       first->bss->exit_info.msg);
	return RC_EJECTED;
}
