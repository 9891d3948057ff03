// SPDX-License-Identifier: GPL-2.0
/*
 * meter - measure picks or a command by the guest's clock
 *
 *	# meter pass 10000
 *	6955.2
 *	# meter repick 10000
 *	701.3
 *	# meter run rmmod scx_loop_cap
 *	4711.0 108150.0
 *
 * pass: two tasks of sched_ext pass a byte to and fro. When one waits for the byte, the CPU
 * picks the other. Prints the time of one pass.
 * repick: a runnable task makes the CPU pick again; see tests/modules/repick.c. Prints the
 * time of one pick.
 * run: run a command. Prints the CPU time of its process, and the elapsed time.
 *
 * All times are in nanoseconds, which are instructions if the guest's clock advances by one
 * nanosecond an instruction. Other work of the kernel disturbs the measurement, so it is
 * divided into PARTS parts, and the fastest quarter and the slowest quarter are discarded.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>

#ifndef SCHED_EXT
#define SCHED_EXT	7
#endif

/* Repetitions before the measurement, for everything that is done only once. */
#define WARM_UP		1000

#define PARTS		20

static double now_ns(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		err(1, "clock_gettime");
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* Give up the real-time policy that the guest's scripts run with. */
static void become_ext(void)
{
	struct sched_param param = {};

	if (sched_setscheduler(0, SCHED_EXT, &param))
		err(1, "sched_setscheduler");
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Return the time that one repetition of @what takes, measured over @nr repetitions. */
static double time_parts(void (*what)(unsigned int nr), unsigned int nr)
{
	double took[PARTS], sum = 0;

	nr /= PARTS;
	what(WARM_UP);
	for (int i = 0; i < PARTS; i++) {
		double begin = now_ns(CLOCK_MONOTONIC);

		what(nr);
		took[i] = (now_ns(CLOCK_MONOTONIC) - begin) / nr;
	}
	qsort(took, PARTS, sizeof(*took), compare);
	for (int i = PARTS / 4; i < PARTS * 3 / 4; i++)
		sum += took[i];
	return sum / (PARTS / 2);
}

static int there[2], back[2];

/* Pass the byte @nr times: there and back are two passes. */
static void pass(unsigned int nr)
{
	char c = 0;

	for (; nr > 1; nr -= 2)
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			err(1, "the other end");
}

static double time_passes(unsigned int nr)
{
	double took;
	pid_t other;
	char c;

	if (pipe(there) || pipe(back))
		err(1, "pipe");
	become_ext();
	other = fork();
	if (other < 0)
		err(1, "fork");
	if (!other) {
		close(there[1]);
		while (read(there[0], &c, 1) == 1)
			if (write(back[1], &c, 1) != 1)
				break;
		_exit(0);
	}
	took = time_parts(pass, nr);
	close(there[1]);
	waitpid(other, NULL, 0);
	return took;
}

static int picks;

static void repick(unsigned int nr)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%u", nr);

	if (write(picks, buf, len) != len)
		err(1, "repick");
}

static double time_repicks(unsigned int nr)
{
	picks = open("/sys/module/repick/parameters/picks", O_WRONLY);
	if (picks < 0)
		err(1, "repick");
	become_ext();
	return time_parts(repick, nr);
}

static int run(char **argv)
{
	double begin = now_ns(CLOCK_MONOTONIC), end;
	clockid_t clock;
	siginfo_t info;
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		execvp(argv[0], argv);
		err(1, "%s", argv[0]);
	}
	/* WNOWAIT: the clock of the process exists until it is reaped */
	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT) ||
	    clock_getcpuclockid(pid, &clock))
		err(1, "%s", argv[0]);
	end = now_ns(CLOCK_MONOTONIC);
	printf("%.1f %.1f\n", now_ns(clock), end - begin);
	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	return !WIFEXITED(status) || WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "pass"))
		printf("%.1f\n", time_passes(atoi(argv[2])));
	else if (argc == 3 && !strcmp(argv[1], "repick"))
		printf("%.1f\n", time_repicks(atoi(argv[2])));
	else if (argc < 3 || strcmp(argv[1], "run"))
		errx(2, "usage: meter pass|repick NUMBER | meter run COMMAND...");
	return strcmp(argv[1], "run") ? 0 : run(argv + 2);
}
