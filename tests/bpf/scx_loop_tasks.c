// SPDX-License-Identifier: GPL-2.0
/*
 * The tasks that scx_loop runs, children of it. They are started before the scheduler is attached
 * and end with scx_loop.
 */
#define _GNU_SOURCE
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "loader.h"
#include "scx_loop_tasks.h"

#ifndef SCHED_EXT
#define SCHED_EXT		7
#endif

static struct tasks_opts tasks;
static pid_t last_of_pairs;
static __u32 napper;
static const __u32 *feeder_pids;
static unsigned int nr_feeder_pids;

/* Shared with the tracer: how often the traced task has stopped. */
static __u64 *nr_stops;

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(1);
}

/* One end of a pair: read the byte and write it back until the other end exits. */
static void pass_byte(pid_t parent, int in, int out, bool serve)
{
	struct sched_param param = {};
	char c = 0;

	init_child(parent);
	if (tasks.pairs_cpu >= 0)
		run_on(tasks.pairs_cpu);
	/* EINVAL without sched_ext: loading will fail then anyway */
	sched_setscheduler(0, SCHED_EXT, &param);

	if (serve && write(out, &c, 1) != 1)
		_exit(1);
	while (read(in, &c, 1) == 1) {
		if (tasks.nap_us && serve)
			usleep(tasks.nap_us);
		if (write(out, &c, 1) != 1)
			break;
	}
	_exit(0);
}

static void start_pairs(void)
{
	pid_t self = getpid(), pid;
	int ab[2], ba[2], side;

	for (unsigned int i = 0; i < tasks.nr_pairs; i++) {
		if (pipe(ab) || pipe(ba))
			err(RC_LOAD, "cannot create a pipe");
		for (side = 0; side < 2; side++) {
			pid = fork();
			if (pid < 0)
				err(RC_LOAD, "cannot fork");
			last_of_pairs = pid;
			if (pid)
				continue;
			/* close the other ends, else read() never returns EOF */
			close(side ? ab[1] : ab[0]);
			close(side ? ba[0] : ba[1]);
			pass_byte(self, side ? ab[0] : ba[0], side ? ba[1] : ab[1], !side);
		}
		close(ab[0]);
		close(ab[1]);
		close(ba[0]);
		close(ba[1]);
	}
}

/* Fork a task for @cpu, with @policy; true in the child. */
static bool fork_on(int cpu, int policy, int priority, __u32 *ret)
{
	struct sched_param param = { .sched_priority = priority };
	pid_t self = getpid(), pid;

	pid = fork();
	if (pid < 0)
		err(RC_LOAD, "cannot fork");
	if (pid) {
		*ret = pid;
		return false;
	}
	init_child(self);
	run_on(cpu);
	sched_setscheduler(0, policy, &param);
	return true;
}

static void start_feeders(__u32 *pids, unsigned int nr)
{
	feeder_pids = pids;
	nr_feeder_pids = nr;
	for (unsigned int i = 0; i < nr; i++) {
		if (!fork_on(tasks.feed_cpu, SCHED_EXT, 0, &pids[i]))
			continue;
		/* until release_feeders() */
		raise(SIGSTOP);
		for (;;)
			sched_yield();
	}
}

/*
 * The tracer has become ready, and has preempted nobody, when the traced task enters __schedule()
 * to stop: the kernel wakes the tracer and does not allow preemption until then.
 */
static void start_traced(void)
{
	struct sched_param rt = { .sched_priority = 2 }, ext = {};
	pid_t self = getpid(), pid;
	int status;

	nr_stops = mmap(NULL, sizeof(*nr_stops), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (nr_stops == MAP_FAILED)
		err(RC_LOAD, "cannot map memory");
	pid = fork();
	if (pid < 0)
		err(RC_LOAD, "cannot fork");
	if (pid)
		return;
	init_child(self);
	self = getpid();
	if (sched_setscheduler(0, SCHED_FIFO, &rt))
		_exit(1);
	pid = fork();
	if (!pid) {
		init_child(self);
		sched_setscheduler(0, SCHED_EXT, &ext);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		for (;;)
			raise(SIGSTOP);
	}
	while (pid > 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		(*nr_stops)++;
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	_exit(1);
}

/* When a policy changes, the kernel runs the balance callbacks that are queued on that runqueue. */
static void start_changer(void)
{
	struct sched_param param = {};
	__u32 pid;

	if (!fork_on(tasks.changer_cpu, SCHED_EXT, 0, &pid))
		return;
	for (;;) {
		sched_setscheduler(last_of_pairs, SCHED_OTHER, &param);
		sched_setscheduler(last_of_pairs, SCHED_EXT, &param);
		usleep(TASKS_NAP_US);
	}
}

static void start_napper(void)
{
	if (!fork_on(tasks.napper_cpu, SCHED_FIFO, 1, &napper))
		return;
	for (;;)
		usleep(TASKS_NAP_US);
}

/*
 * Start them. Call it before the priority is raised, and before there are fds to inherit. The PIDs
 * of the feeders are stored in @feeders, which must stay valid; they run after release_feeders().
 */
void start_tasks(const struct tasks_opts *opts, __u32 *feeders, unsigned int nr_feeders)
{
	tasks = *opts;
	if (tasks.feed_cpu >= 0)
		start_feeders(feeders, nr_feeders);
	if (tasks.cookie &&
	    prctl(PR_SCHED_CORE, PR_SCHED_CORE_CREATE, 0, PR_SCHED_CORE_SCOPE_THREAD, 0))
		err(RC_LOAD, "cannot create a core scheduling cookie");
	start_pairs();
	if (tasks.napper_cpu >= 0)
		start_napper();
	/* Only these children keep it. */
	if (tasks.cookie && prctl(PR_SCHED_CORE, PR_SCHED_CORE_SHARE_FROM, getppid(),
				  PR_SCHED_CORE_SCOPE_THREAD, 0))
		err(RC_LOAD, "cannot drop the core scheduling cookie");
	if (tasks.traced)
		start_traced();
	if (tasks.changer_cpu >= 0)
		start_changer();
}

/* Let the feeders run, once the scheduler is attached. */
void release_feeders(void)
{
	for (unsigned int i = 0; i < nr_feeder_pids; i++)
		kill(feeder_pids[i], SIGCONT);
}

/* The PID of the task that naps, 0: none. */
__u32 napper_pid(void)
{
	return napper;
}

/* How often the traced task has stopped. */
__u64 nr_tracer_stops(void)
{
	return nr_stops ? __atomic_load_n(nr_stops, __ATOMIC_RELAXED) : 0;
}
