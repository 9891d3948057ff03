// SPDX-License-Identifier: GPL-2.0
/*
 * scx_loop - load a sched_ext scheduler that keeps the dispatch loop busy
 *
 * Purpose: give the dispatch loop's limit something to limit. Without options
 * the scheduler is a plain FIFO per CPU that never wastes a round. It can be
 * made to waste them for ever, so that only a limit and the watchdog save the
 * machine, or an exact number of them before each task, so that a test can
 * predict how often the limit is hit.
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
 * With -s tasks go straight to the local DSQ when they wake up. The loop then
 * spins as fast as ever whenever a CPU has nothing else to do, but nobody
 * starves, the watchdog has no reason to step in, and the storm lasts.
 *
 * -l 1000 locks up a kernel whose dispatch loop has no limit at all.
 *
 * With -b N on a kernel that ends the loop after L rounds:
 *
 *	N < L	no hit: the round after the burst brings a task
 *	N = L	one hit a burst; the task follows in the next loop
 *	N > L	one hit a burst, and every burst counts as broken: -n never ends
 *		(the last one of each CPU may be missing, as a broken burst is
 *		noticed in the next loop)
 *
 * With -k the kernel's own cap is to be seen through: somebody runs the loop again
 * whenever it fires, and L is the limit that counts.
 *
 * Most of the time it takes to start this is libbpf's and the verifier's. With -p DIR it
 * is taken once for each name and timeout, if DIR is a bpffs.
 *
 * Bursts happen only where a task waits for the CPU; add load with -w.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
#include <sys/wait.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "loader.h"
#include "scx_loop.h"
#include "scx_loop.skel.h"

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#ifndef SCHED_EXT
#define SCHED_EXT		7
#endif

static struct loop_opts opts = { .loop_cpu = -1 };
static unsigned int nr_pairs;
static unsigned int nap_us;
static unsigned int timeout_ms = TIMEOUT_MS_DFL;
static unsigned int seconds;
static const char *status_file;
static const char *command;
static const char *name = "loop";
static bool verbose;

/* What is loaded. */
static struct scx_loop__bss *bss;
static struct bpf_map *ops_map;		/* NULL if it was pinned */
static int ops_fd, cpus_fd;
static int link_fd = -1;

static const char * const mode_names[] = {
	[LOOP_MODE_LOCAL]	= "local",
	[LOOP_MODE_REMOTE]	= "remote",
	[LOOP_MODE_USER]	= "user",
};

static __u64 attached_ns;

static void show_usage(FILE *to)
{
	fprintf(to,
		"usage: scx_loop [-l COUNT [-m MODE] [-s] [-c CPU] [-e COMMAND] | -b N [-n COUNT] [-k L] | -r]\n"
		"                [-g] [-w N] [-i US] [-N NAME] [-t MS] [-p DIR] [-o FILE] [-d SECONDS] [-v]\n"
		"Load the sched_ext scheduler \"loop\": a FIFO per CPU, unless told otherwise.\n"
		"\n"
		"  -l COUNT    after COUNT dispatches waste every dispatch, for ever\n"
		"  -m MODE     with -l, where those dispatches go:\n"
		"                local   a sleeping task to the local DSQ (default)\n"
		"                remote  a waiting task, if any, to another CPU's local DSQ\n"
		"                user    a waiting task, if any, to a DSQ nobody consumes\n"
		"  -s          with -l, run the tasks all the same: nobody starves\n"
		"  -c CPU      with -l, on that CPU only\n"
		"  -e COMMAND  with -l, run COMMAND once it misbehaves, and say so in the kernel's log\n"
		"  -b N        on every CPU waste N rounds before each task\n"
		"  -n COUNT    with -b, behave after COUNT bursts over all CPUs\n"
		"  -k L        with -b, the kernel's own cap of L rounds does not end a burst\n"
		"  -r          waste a round whenever the task that ran goes on, as nobody waits\n"
		"  -g          bring tasks to the CPU by way of the global DSQ\n"
		"  -w N        run N pairs of tasks that pass a byte to and fro\n"
		"  -i US       and sleep so long each time (default 0)\n"
		"  -N NAME     call the scheduler something else\n"
		"  -t MS       watchdog timeout of the scheduler (default %d, at most %d)\n"
		"  -p DIR      pin what is loaded below DIR, or use what is pinned there\n"
		"  -o FILE     keep the counters in FILE, lines of key=value\n"
		"  -d SECONDS  unload after SECONDS\n"
		"  -v          show what libbpf says\n"
		"  -h          this text\n"
		"\n"
		"Exit status: 0 unloaded by SIGINT, SIGTERM or -d; 1 could not load; 2 usage;\n"
		"3 ejected by the kernel, with the reason on stdout.\n",
		TIMEOUT_MS_DFL, TIMEOUT_MS_MAX);
}

static enum loop_mode parse_mode(const char *arg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mode_names); i++)
		if (!strcmp(arg, mode_names[i]))
			return i;
	errx(RC_USAGE, "-m wants local, remote or user, not \"%s\"", arg);
}

static void parse_args(int argc, char **argv)
{
	bool has_mode = false;
	int c;

	while ((c = getopt(argc, argv, "l:m:sc:e:b:n:k:rgw:i:N:t:p:o:d:vh")) != -1) {
		switch (c) {
		case 'l':
			opts.loop = 1;
			opts.loop_after = parse_number(c, optarg, 0, LLONG_MAX);
			break;
		case 'm':
			has_mode = true;
			opts.mode = parse_mode(optarg);
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
			nr_pairs = parse_number(c, optarg, 0, 4096);
			break;
		case 'i':
			nap_us = parse_number(c, optarg, 0, 1000000);
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
		errx(RC_USAGE, "what is \"%s\"?", argv[optind]);
	if (!!opts.loop + !!opts.burst + opts.refill > 1)
		errx(RC_USAGE, "-l, -b and -r exclude each other");
	if (has_mode && !opts.loop)
		errx(RC_USAGE, "-m needs -l");
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
}

/* One end of a pair: wait for the byte, pass it on, until the other end is gone. */
static void play(pid_t parent, int in, int out, bool serve)
{
	struct sched_param param = {};
	char c = 0;

	settle_child(parent);
	/* EINVAL without sched_ext, then nothing will work anyway */
	sched_setscheduler(0, SCHED_EXT, &param);

	if (serve && write(out, &c, 1) != 1)
		_exit(1);
	while (read(in, &c, 1) == 1) {
		if (nap_us && serve)
			usleep(nap_us);
		if (write(out, &c, 1) != 1)
			break;
	}
	_exit(0);
}

static void start_pairs(void)
{
	pid_t self = getpid(), pid;
	int ab[2], ba[2], side;

	for (unsigned int i = 0; i < nr_pairs; i++) {
		if (pipe(ab) || pipe(ba))
			err(RC_LOAD, "cannot make a pipe");
		for (side = 0; side < 2; side++) {
			pid = fork();
			if (pid < 0)
				err(RC_LOAD, "cannot fork");
			if (pid)
				continue;
			/* keep only our ends, or EOF would never come */
			close(side ? ab[1] : ab[0]);
			close(side ? ba[0] : ba[1]);
			play(self, side ? ab[0] : ba[0], side ? ba[1] : ab[1], !side);
		}
		close(ab[0]);
		close(ab[1]);
		close(ba[0]);
		close(ba[1]);
	}
}

/*
 * Run the command as soon as a CPU loops. Hardly anything works then if nothing limits
 * the loop, and less with every moment: so all is ready by that time.
 */
static void start_command(void)
{
	static const char said[] = "scx_loop: loops, runs the command\n";
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
	settle_child(self);
	if (mlockall(MCL_CURRENT))
		err(RC_LOAD, "cannot lock memory");
	while (!__atomic_load_n(&bss->armed_ns, __ATOMIC_RELAXED))
		usleep(100);
	if (write(log, said, sizeof(said) - 1) < 0)
		_exit(1);
	execl("/bin/sh", "sh", "-c", command, NULL);
	_exit(1);
}

/* Take what is pinned; false if there is nothing. */
static bool find_pinned(void)
{
	ops_fd = find_pin(name, timeout_ms, "/ops");
	if (ops_fd < 0)
		return false;
	cpus_fd = find_pin(name, timeout_ms, "/cpus");
	bss = find_pinned_bss(name, timeout_ms, sizeof(*bss));
	return true;
}

/* Attach what is loaded. */
static void attach(int nr_cpus)
{
	struct loop_cpu state;
	struct bpf_link *link;
	cpu_set_t online;
	__u32 cpu;
	int ret;

	bss->opts = opts;
	/* Each CPU's target of -m remote: the next one that is online. */
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
		/* libbpf also makes the map ready for it */
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
		unpin(name, timeout_ms);
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
	ops_map = skel->maps.loop_ops;
	if (!pin_dir)
		return;
	pin(name, timeout_ms, "/cpus", cpus_fd);
	pin(name, timeout_ms, "/bss", bpf_map__fd(skel->maps.bss));
	pin(name, timeout_ms, "/ops", ops_fd);
}

static __u32 exit_kind(void)
{
	return __atomic_load_n(&bss->exit_info.kind, __ATOMIC_ACQUIRE);
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
	/* else there is nothing to count yet */
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
		/* signed: it may have been ejected before the attach returned */
		after = (__s64)(bss->exit_info.ns - from) / 1e6;
	}

	if (snprintf(tmp, sizeof(tmp), "%s.tmp", status_file) >= (int)sizeof(tmp))
		errx(RC_USAGE, "-o: the name is too long");
	f = fopen(tmp, "w");
	if (!f)
		err(RC_LOAD, "cannot write %s", tmp);
	fprintf(f, "state=%s\ndispatches=%llu\nbursts=%llu\nbroken=%llu\nuseless=%llu\n"
		"overflow=%llu\nexit_kind=%u\nexit_reason=%s\nexit_msg=%s\nexit_after_ms=%.1f\n",
		state, sum.dispatches, sum.bursts, sum.broken, sum.useless,
		sum.overflow, kind, reason, msg, after);
	if (fclose(f) || rename(tmp, status_file))
		err(RC_LOAD, "cannot write %s", status_file);
}

int main(int argc, char **argv)
{
	/* over all that sched_ext schedules, under the kernel's own RT threads */
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
	/* before the priority goes up, and before there are fds to inherit */
	start_pairs();

	block_stop_signals();

	/*
	 * This must go on while nothing that sched_ext schedules does: run in
	 * another class, and never wait for a page.
	 */
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(RC_LOAD, "cannot become SCHED_FIFO");
	if (!pin_dir || !find_pinned())
		load(nr_cpus);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(RC_LOAD, "cannot lock memory");
	/* nothing is left of when it was attached before */
	memset(bss, 0, sizeof(*bss));
	if (command)
		start_command();
	attach(nr_cpus);
	attached_ns = now_ns();

	end = attached_ns + seconds * 1000000000ULL;
	while (!stop && !exit_kind() && !(seconds && now_ns() >= end)) {
		write_status(nr_cpus);
		stop = wait_for_stop();
	}

	/* returns when ops.exit() has run and all tasks are back */
	if (close(link_fd))
		err(RC_LOAD, "cannot detach the scheduler");
	kind = exit_kind();
	write_status(nr_cpus);

	/* The pairs go by PR_SET_PDEATHSIG. */
	if (kind == EXIT_UNREG)
		return RC_OK;
	printf("%s: ejected: %s%s%s\n", name, bss->exit_info.reason,
	       *bss->exit_info.msg ? ": " : "", bss->exit_info.msg);
	return RC_EJECTED;
}
