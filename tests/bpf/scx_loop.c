// SPDX-License-Identifier: GPL-2.0
/*
 * scx_loop - load a sched_ext scheduler that keeps the dispatch loop busy
 *
 * Purpose: produce loops for tests of the limit. Without options the scheduler is
 * a FIFO per CPU whose rounds are all useful. With -l its rounds are useless for
 * ever, so that the machine hangs without a limit. With -b it makes an exact
 * number of useless rounds before each task, so that a test can predict the
 * number of hits.
 *
 * Usage:
 *
 *	$ scx_loop -w 4 -d 10; echo $?
 *	0
 *	$ scx_loop -w 4 -l 1000; echo $?
 *	loop: ejected: runnable task stall: kworker/0:1[11] failed to run for 5.2s
 *	3
 *	$ scx_loop -w 4 -b 32 -n 500 -d 10 -o /tmp/status
 *	$ cat /tmp/status
 *	state=exited
 *	dispatches=120554
 *	bursts=500
 *	broken=0
 *	useless=16000
 *	overflow=0
 *	exit_kind=64
 *	exit_reason=unregistered from user space
 *	exit_msg=
 *	exit_after_ms=10003.2
 *
 * With -s, tasks are put on the local DSQ when they wake up. A CPU then loops
 * only while it has no task to run, and as fast as without -s. No task starves,
 * so the watchdog does not eject the scheduler and the loops continue.
 *
 * -l 1000 hangs a kernel whose dispatch loop has no limit.
 *
 * With -b N on a kernel that ends the loop after L rounds:
 *
 *	N < L	no hit: the round after the burst brings a task
 *	N = L	one hit per burst; the next loop brings the task
 *	N > L	one hit per burst, and every burst counts as broken, so -n is never
 *		reached (the last burst of each CPU may not be counted, as a broken
 *		burst is noticed in the next loop)
 *
 * Use -k if the module runs the loop again after the kernel's own cap has ended
 * it; L is the module's limit then.
 *
 * Loading takes long in libbpf and the verifier. With -p DIR, where DIR is a bpffs,
 * the programs are loaded once for each name, timeout, and -E and -X or not.
 *
 * Under core scheduling v6.12 warns, and v7.2 does not: without -E, if a CPU is left idle that has
 * a task without a slice; without -S, if a task without a slice gets one on a CPU that switches
 * from it while a sibling has dropped the lock in a loop for that CPU.
 *
 * -m feed drops the rq lock in each round in which a feeder waits: -f starts tasks on another
 * CPU that do nothing but yield. While the lock is dropped, a sibling of the CPU may switch
 * tasks, which -R makes likely. -C counts loops and their rounds on the CPU that runs them.
 *
 * There are bursts only while a task waits for the CPU; add load with -w.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/perf_event.h>
#include <linux/types.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "loader.h"
#include "scx_loop.h"
#include "scx_loop.skel.h"
#include "scx_loop_tasks.h"

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

/* part of the kernel's ABI with BPF */
#define SCX_OPS_ENQ_LAST	2
#define SCX_SLICE_DFL		20000000ULL
#define SCX_SLICE_INF		(~0ULL)

static struct loop_opts opts = { .slice = SCX_SLICE_DFL, .loop_cpu = -1, .feed_cpu = -1 };

static struct tasks_opts tasks = {
	.pairs_cpu = -1, .napper_cpu = -1, .changer_cpu = -1, .feed_cpu = -1,
};

static bool enq_last;
static bool release;
static unsigned int timeout_ms = TIMEOUT_MS_DFL;
static unsigned int seconds;
static const char *status_file;
static const char *command;
static const char *name = "loop";
static char pin_name[64];	/* of what is pinned */
static bool verbose;

/* The loaded scheduler. */
static struct scx_loop__bss *bss;
static struct bpf_map *ops_map;		/* NULL if it was pinned */
static int ops_fd, cpus_fd, counts_fd;
static int schedule_fd, pick_fd, wait_fd;
static int link_fd = -1;

static const char * const mode_names[] = {
	[LOOP_MODE_LOCAL]	= "local",
	[LOOP_MODE_REMOTE]	= "remote",
	[LOOP_MODE_USER]	= "user",
	[LOOP_MODE_FEED]	= "feed",
};

static __u64 attached_ns;

static void show_usage(FILE *to)
{
	fprintf(to,
		"usage: scx_loop [-l COUNT [-m MODE] [-s] [-c CPU] [-e COMMAND] | -b N [-n COUNT] [-k CAP] | -r]\n"
		"                [-f CPU [-W]] [-R CPU] [-Y] [-T] [-C]\n"
		"                [-E] [-X] [-S] [-g] [-w N [-a CPU] [-P CPU]] [-i US] [-N NAME] [-t MS] [-p DIR] [-o FILE] [-d SECONDS] [-v]\n"
		"Load the sched_ext scheduler \"loop\", a FIFO per CPU by default.\n"
		"\n"
		"  -l COUNT    loop: after COUNT dispatches, every dispatch is useless\n"
		"  -m MODE     with -l, what a useless dispatch does:\n"
		"                local   send a sleeping task to the local DSQ (default)\n"
		"                remote  send a waiting task, if any, to another CPU's local DSQ\n"
		"                user    send a waiting task, if any, to a DSQ that is never consumed\n"
		"                feed    send a feeder (see -f) to the local DSQ of its CPU\n"
		"  -f CPU      with -m feed: run tasks on CPU that yield for ever, the feeders\n"
		"  -W          with -m feed: also kick that CPU in each round, and wait for it\n"
		"  -s          with -l, also run the tasks, so that none of them starves\n"
		"  -c CPU      with -l, loop on that CPU only\n"
		"  -e COMMAND  with -l, run COMMAND when the loop begins, after a line in the kernel's log\n"
		"  -b N        on every CPU, make a burst of N useless rounds before each task\n"
		"  -n COUNT    with -b, stop after COUNT bursts over all CPUs\n"
		"  -k CAP      with -b, the kernel's own cap of CAP rounds does not end a burst\n"
		"  -r          make a useless round whenever the previous task is kept, as no other waits\n"
		"  -g          bring tasks to the CPU through the global DSQ\n"
		"  -w N        run N pairs of tasks that pass a byte to and fro\n"
		"  -a CPU      run these tasks on CPU only\n"
		"  -P CPU      change the policy of one of them again and again, from CPU\n"
		"  -i US       the pairs sleep US microseconds each time (default 0)\n"
		"  -R CPU      run a real-time task on CPU that sleeps for %d us each time\n"
		"  -Y          give that task and the pairs a core scheduling cookie\n"
		"  -E          give the last task of a CPU to ops.enqueue() (SCX_OPS_ENQ_LAST)\n"
		"  -X          queue the tasks of a CPU anew when it runs one of a higher class\n"
		"  -S          give tasks slices that do not end\n"
		"  -T          run a task that stops for its tracer, a real-time task, all the time\n"
		"  -C          count loops and their rounds on the CPU that runs them\n"
		"  -N NAME     name of the scheduler (default loop)\n"
		"  -t MS       watchdog timeout of the scheduler (default %d, at most %d)\n"
		"  -p DIR      pin the loaded programs below DIR, or use those pinned there\n"
		"  -o FILE     write the counters to FILE regularly, as lines of key=value\n"
		"  -d SECONDS  unload after SECONDS\n"
		"  -v          show libbpf's messages\n"
		"  -h          this text\n"
		"\n"
		"Exit status: 0 unloaded by SIGINT, SIGTERM or -d; 1 loading failed; 2 usage error;\n"
		"3 ejected by the kernel, with the reason on stdout.\n",
		TASKS_NAP_US, TIMEOUT_MS_DFL, TIMEOUT_MS_MAX);
}

static enum loop_mode parse_mode(const char *arg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mode_names); i++)
		if (!strcmp(arg, mode_names[i]))
			return i;
	errx(RC_USAGE, "-m needs local, remote, user or feed, not \"%s\"", arg);
}

static void parse_args(int argc, char **argv)
{
	bool has_mode = false;
	int c;

	while ((c = getopt(argc, argv, "l:m:f:WR:YTEXSCa:P:sc:e:b:n:k:rgw:i:N:t:p:o:d:vh")) != -1) {
		switch (c) {
		case 'l':
			opts.loop = 1;
			opts.loop_after = parse_number(c, optarg, 0, LLONG_MAX);
			break;
		case 'm':
			has_mode = true;
			opts.mode = parse_mode(optarg);
			break;
		case 'f':
			opts.feed_cpu = parse_number(c, optarg, 0, CPU_SETSIZE - 1);
			tasks.feed_cpu = opts.feed_cpu;
			break;
		case 'W':
			opts.kick_wait = 1;
			break;
		case 'R':
			tasks.napper_cpu = parse_number(c, optarg, 0, CPU_SETSIZE - 1);
			break;
		case 'a':
			tasks.pairs_cpu = parse_number(c, optarg, 0, CPU_SETSIZE - 1);
			break;
		case 'Y':
			tasks.cookie = true;
			break;
		case 'T':
			tasks.traced = true;
			break;
		case 'E':
			enq_last = true;
			break;
		case 'X':
			release = true;
			break;
		case 'S':
			opts.slice = SCX_SLICE_INF;
			break;
		case 'P':
			tasks.changer_cpu = parse_number(c, optarg, 0, CPU_SETSIZE - 1);
			break;
		case 'C':
			opts.count = 1;
			break;
		case 's':
			opts.spare = 1;
			break;
		case 'c':
			opts.loop_cpu = parse_number(c, optarg, 0, INT_MAX);
			break;
		case 'e':
			command = optarg;
			break;
		case 'b':
			opts.burst = parse_number(c, optarg, 1, UINT_MAX);
			break;
		case 'n':
			opts.nr_bursts = parse_number(c, optarg, 1, LLONG_MAX);
			break;
		case 'k':
			opts.kernel_cap = parse_number(c, optarg, 1, INT_MAX);
			break;
		case 'r':
			opts.refill = 1;
			break;
		case 'g':
			opts.global = 1;
			break;
		case 'w':
			tasks.nr_pairs = parse_number(c, optarg, 0, 4096);
			break;
		case 'i':
			tasks.nap_us = parse_number(c, optarg, 0, 1000000);
			break;
		case 'N':
			name = optarg;
			break;
		case 't':
			timeout_ms = parse_number(c, optarg, 1, TIMEOUT_MS_MAX);
			break;
		case 'p':
			pin_dir = optarg;
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
	if (!!opts.loop + !!opts.burst + opts.refill > 1)
		errx(RC_USAGE, "-l, -b and -r exclude each other");
	if (has_mode && !opts.loop)
		errx(RC_USAGE, "-m needs -l");
	if (opts.mode == LOOP_MODE_FEED ? opts.feed_cpu < 0 : opts.feed_cpu >= 0)
		errx(RC_USAGE, "-m feed and -f need each other");
	if (opts.kick_wait && opts.mode != LOOP_MODE_FEED)
		errx(RC_USAGE, "-W needs -m feed");
	if ((tasks.pairs_cpu >= 0 || tasks.changer_cpu >= 0) && !tasks.nr_pairs)
		errx(RC_USAGE, "-a and -P need -w");
	if (opts.spare && !opts.loop)
		errx(RC_USAGE, "-s needs -l");
	if (opts.loop_cpu >= 0 && !opts.loop)
		errx(RC_USAGE, "-c needs -l");
	if (command && !opts.loop)
		errx(RC_USAGE, "-e needs -l");
	if (opts.nr_bursts && !opts.burst)
		errx(RC_USAGE, "-n needs -b");
	if (opts.kernel_cap && !opts.burst)
		errx(RC_USAGE, "-k needs -b");
	if (snprintf(pin_name, sizeof(pin_name), "%s%s%s", name, enq_last ? "_last" : "",
		     release ? "_release" : "") >= (int)sizeof(pin_name))
		errx(RC_USAGE, "-N: the name is too long");
}

/*
 * Run the command as soon as a CPU loops. If no limit ends the loop, the machine hangs
 * soon afterwards, so the child is forked, and its memory locked, before that.
 */
static void start_command(void)
{
	static const char log_line[] = "scx_loop: loops, runs the command\n";
	pid_t self = getpid();
	int log;

	log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (log < 0)
		err(RC_LOAD, "cannot open /dev/kmsg");
	switch (fork()) {
	case -1:
		err(RC_LOAD, "cannot fork");
	case 0:
		break;
	default:
		close(log);
		return;
	}
	init_child(self);
	if (mlockall(MCL_CURRENT))
		err(RC_LOAD, "cannot lock memory");
	while (!__atomic_load_n(&bss->armed_ns, __ATOMIC_RELAXED))
		usleep(100);
	if (write(log, log_line, sizeof(log_line) - 1) < 0)
		_exit(1);
	execl("/bin/sh", "sh", "-c", command, NULL);
	_exit(1);
}

/* Open the pinned objects; false if there are none. */
static bool find_pinned(void)
{
	ops_fd = find_pin(pin_name, timeout_ms, "/ops");
	if (ops_fd < 0)
		return false;
	cpus_fd = find_pin(pin_name, timeout_ms, "/cpus");
	counts_fd = find_pin(pin_name, timeout_ms, "/counts");
	schedule_fd = find_pin(pin_name, timeout_ms, "/schedule");
	pick_fd = find_pin(pin_name, timeout_ms, "/pick");
	wait_fd = find_pin(pin_name, timeout_ms, "/wait");
	bss = find_pinned_bss(pin_name, timeout_ms, sizeof(*bss));
	return true;
}

/* The name of @function with the suffix that the compiler may have added. */
static bool find_symbol(const char *function, char *symbol, size_t size)
{
	size_t len = strlen(function);
	char line[512], found[256];
	bool ret = false;
	FILE *f;

	/* this takes seconds in an emulated machine */
	f = fopen("/proc/kallsyms", "r");
	if (!f)
		return false;
	while (!ret && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %*s %255s", found) != 1 ||
		    strncmp(found, function, len) || found[len] != '.' ||
		    strstr(found, ".cold"))
			continue;
		snprintf(symbol, size, "%s", found);
		ret = true;
	}
	fclose(f);
	return ret;
}

/*
 * Attach a program to the entry of @function, until this process exits; false if the kernel does
 * not have the function. libbpf does this only for programs that it has loaded itself.
 */
static bool attach_count(int prog_fd, const char *function)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	const char *symbol = function;
	char found[256];
	FILE *f;
	int fd;

	f = fopen("/sys/bus/event_source/devices/kprobe/type", "r");
	if (!f || fscanf(f, "%u", &attr.type) != 1)
		err(RC_LOAD, "this kernel has no kprobes");
	fclose(f);
	attr.config1 = (unsigned long)symbol;
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		if (!find_symbol(function, found, sizeof(found)))
			return false;
		symbol = found;
		attr.config1 = (unsigned long)symbol;
		fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	}
	if (fd < 0 || ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog_fd) ||
	    ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
		err(RC_LOAD, "cannot attach to %s", symbol);
	return true;
}

/*
 * Reset and attach what counts. Up to 7.1 each __schedule() has one run of the loop for a
 * runqueue.
 */
static void attach_counts(int nr_cpus)
{
	struct loop_count *none = calloc(nr_cpus, sizeof(*none));
	__u32 key = 0;

	if (!none || bpf_map_update_elem(counts_fd, &key, none, 0))
		err(RC_LOAD, "cannot reset the counts");
	free(none);
	if (!attach_count(schedule_fd, "rcu_note_context_switch"))
		errx(RC_LOAD, "this kernel has no rcu_note_context_switch");
	if (!attach_count(pick_fd, "do_pick_task_scx") &&
	    attach_count(pick_fd, "ext_server_pick_task"))
		attach_count(pick_fd, "pick_task_scx");
	attach_count(wait_fd, "kick_sync_wait_bal_cb");
}

/* Set the options and counters, and attach the scheduler. */
static void attach(int nr_cpus)
{
	struct loop_cpu state;
	struct bpf_link *link;
	cpu_set_t online;
	__u32 cpu;
	int ret;

	bss->opts = opts;
	/* The target of -m remote is the next CPU that is online. */
	if (sched_getaffinity(0, sizeof(online), &online))
		err(RC_LOAD, "cannot list the CPUs");
	for (cpu = 0; cpu < (__u32)nr_cpus; cpu++) {
		memset(&state, 0, sizeof(state));
		state.other = cpu;
		for (int i = 1; i < nr_cpus; i++) {
			int other = (cpu + i) % nr_cpus;

			if (other < CPU_SETSIZE && CPU_ISSET(other, &online)) {
				state.other = other;
				break;
			}
		}
		if (bpf_map_update_elem(cpus_fd, &cpu, &state, 0))
			err(RC_LOAD, "cannot set up CPU %u", cpu);
	}
	if (ops_map) {
		/* libbpf also updates the map before it attaches */
		link = bpf_map__attach_struct_ops(ops_map);
		if (link)
			link_fd = bpf_link__fd(link);
	} else {
		link_fd = bpf_link_create(ops_fd, 0, BPF_STRUCT_OPS, NULL);
	}
	if (link_fd >= 0)
		return;
	ret = errno;
	if (pin_dir && ops_map)
		unpin(pin_name, timeout_ms);
	errx(RC_LOAD, "cannot attach the scheduler: %s%s", strerror(ret),
	     ret == EBUSY ? " (another one is loaded)" : "");
}

static void load(int nr_cpus)
{
	struct scx_loop *skel;
	int ret;

	if (access("/sys/kernel/sched_ext", F_OK))
		errx(RC_LOAD, "this kernel has no sched_ext");
	skel = scx_loop__open();
	if (!skel)
		err(RC_LOAD, "cannot open the BPF object");
	skel->struct_ops.loop_ops->timeout_ms = timeout_ms;
	if (enq_last)
		skel->struct_ops.loop_ops->flags |= SCX_OPS_ENQ_LAST;
	if (!release)
		skel->struct_ops.loop_ops->cpu_release = NULL;
	bpf_program__set_autoload(skel->progs.loop_cpu_release, release);
	set_ops_name(skel->obj, skel->struct_ops.loop_ops, "sched_ext_ops", name);
	bpf_map__set_max_entries(skel->maps.cpus, nr_cpus);
	bpf_map__set_max_entries(skel->maps.ring, nr_cpus * LOOP_RING_SIZE);

	ret = scx_loop__load(skel);
	if (ret)
		errx(RC_LOAD, "cannot load the BPF object: %s (-v tells more)",
		     strerror(-ret));
	bss = skel->bss;
	ops_fd = bpf_map__fd(skel->maps.loop_ops);
	cpus_fd = bpf_map__fd(skel->maps.cpus);
	counts_fd = bpf_map__fd(skel->maps.counts);
	schedule_fd = bpf_program__fd(skel->progs.count_schedule);
	pick_fd = bpf_program__fd(skel->progs.count_pick);
	wait_fd = bpf_program__fd(skel->progs.count_wait);
	ops_map = skel->maps.loop_ops;
	if (!pin_dir)
		return;
	pin(pin_name, timeout_ms, "/cpus", cpus_fd);
	pin(pin_name, timeout_ms, "/counts", counts_fd);
	pin(pin_name, timeout_ms, "/schedule", schedule_fd);
	pin(pin_name, timeout_ms, "/pick", pick_fd);
	pin(pin_name, timeout_ms, "/wait", wait_fd);
	pin(pin_name, timeout_ms, "/bss", bpf_map__fd(skel->maps.bss));
	pin(pin_name, timeout_ms, "/ops", ops_fd);
}

static __u32 exit_kind(void)
{
	return __atomic_load_n(&bss->exit_info.kind, __ATOMIC_ACQUIRE);
}

/* Write what the CPUs have counted where they ran loops. */
static void write_counts(FILE *f, int nr_cpus)
{
	struct loop_count *one, sum = {};
	__u32 key = 0;

	one = calloc(nr_cpus, sizeof(*one));
	if (!one || bpf_map_lookup_elem(counts_fd, &key, one))
		err(RC_LOAD, "cannot read the counts");
	for (int cpu = 0; cpu < nr_cpus; cpu++) {
		sum.loops += one[cpu].loops;
		sum.sibling_rounds += one[cpu].sibling_rounds;
		sum.switched_rounds += one[cpu].switched_rounds;
		sum.waits += one[cpu].waits;
		sum.lost_waits += one[cpu].lost_waits;
		if (one[cpu].max_loop > sum.max_loop)
			sum.max_loop = one[cpu].max_loop;
		if (one[cpu].max_selection > sum.max_selection)
			sum.max_selection = one[cpu].max_selection;
	}
	free(one);
	fprintf(f, "loops=%llu\nsibling_rounds=%llu\nswitched_rounds=%llu\nmax_loop=%llu\n"
		"max_selection=%llu\nwaits=%llu\nlost_waits=%llu\n", sum.loops,
		sum.sibling_rounds, sum.switched_rounds, sum.max_loop, sum.max_selection,
		sum.waits, sum.lost_waits);
}

static void write_status(int nr_cpus)
{
	struct loop_cpu sum = {}, one;
	const char *state = "loading";
	const char *reason = "", *msg = "";
	char tmp[PATH_MAX];
	double after = 0;
	__u32 kind = 0;
	FILE *f;

	if (!status_file)
		return;
	/* before that, nothing is counted */
	if (link_fd >= 0) {
		kind = exit_kind();
		for (__u32 cpu = 0; cpu < (__u32)nr_cpus; cpu++) {
			if (bpf_map_lookup_elem(cpus_fd, &cpu, &one))
				continue;
			sum.dispatches += one.dispatches;
			sum.bursts += one.bursts;
			sum.broken += one.broken;
			sum.useless += one.useless;
			sum.overflow += one.overflow;
			sum.fed += one.fed;
			sum.queued_anew += one.queued_anew;
		}
		if (attached_ns)
			state = "running";
	}
	if (kind) {
		__u64 armed = bss->armed_ns;
		__u64 from = armed ? armed : attached_ns;

		state = "exited";
		reason = bss->exit_info.reason;
		msg = bss->exit_info.msg;
		/* signed: the scheduler may be ejected before attaching returns */
		after = (__s64)(bss->exit_info.ns - from) / 1e6;
	}

	if (snprintf(tmp, sizeof(tmp), "%s.tmp", status_file) >= (int)sizeof(tmp))
		errx(RC_USAGE, "-o: the name is too long");
	f = fopen(tmp, "w");
	if (!f)
		err(RC_LOAD, "cannot write %s", tmp);
	fprintf(f, "state=%s\ndispatches=%llu\nbursts=%llu\nbroken=%llu\nuseless=%llu\n"
		"overflow=%llu\nfed=%llu\nqueued_anew=%llu\nnapper=%u\nstops=%llu\ncan_kick=%u\n"
		"exit_kind=%u\nexit_reason=%s\nexit_msg=%s\nexit_after_ms=%.1f\n",
		state, sum.dispatches, sum.bursts, sum.broken, sum.useless,
		sum.overflow, sum.fed, sum.queued_anew, napper_pid(), nr_tracer_stops(),
		link_fd >= 0 ? bss->can_kick : 0, kind, reason, msg, after);
	if (opts.count && link_fd >= 0)
		write_counts(f, nr_cpus);
	if (fclose(f) || rename(tmp, status_file))
		err(RC_LOAD, "cannot write %s", status_file);
}

int main(int argc, char **argv)
{
	/* above all tasks of sched_ext, below the kernel's own real-time threads */
	struct sched_param param = { .sched_priority = 1 };
	bool stop = false;
	int nr_cpus;
	__u64 end;
	__u32 kind;

	parse_args(argc, argv);
	nr_cpus = libbpf_num_possible_cpus();
	if (nr_cpus < 1)
		errx(RC_LOAD, "cannot count the CPUs: %s", strerror(-nr_cpus));
	let_libbpf_print(verbose);
	write_status(nr_cpus);
	start_tasks(&tasks, opts.feeders, LOOP_FEEDERS);

	block_stop_signals();

	/*
	 * This process must run while all tasks of sched_ext starve, so it has a
	 * real-time policy and never waits for a page fault.
	 */
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(RC_LOAD, "cannot become SCHED_FIFO");
	if (!pin_dir || !find_pinned())
		load(nr_cpus);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(RC_LOAD, "cannot lock memory");
	/* reset the state of an earlier run, if the scheduler was pinned */
	memset(bss, 0, sizeof(*bss));
	if (command)
		start_command();
	if (opts.count)
		attach_counts(nr_cpus);
	attach(nr_cpus);
	attached_ns = now_ns();
	release_feeders();

	end = attached_ns + seconds * 1000000000ULL;
	while (!stop && !exit_kind() && !(seconds && now_ns() >= end)) {
		write_status(nr_cpus);
		stop = wait_for_stop();
	}

	/* returns when ops.exit() has run and no task is in sched_ext any more */
	if (close(link_fd))
		err(RC_LOAD, "cannot detach the scheduler");
	kind = exit_kind();
	write_status(nr_cpus);

	/* PR_SET_PDEATHSIG kills the pairs. */
	if (kind == EXIT_UNREG)
		return RC_OK;
	printf("%s: ejected: %s%s%s\n", name, bss->exit_info.reason,
	       *bss->exit_info.msg ? ": " : "", bss->exit_info.msg);
	return RC_EJECTED;
}
