// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap unload */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "livepatch.h"
#include "module.h"
#include "snapshot.h"

#define TIMEOUT_DEFAULT	60
#define TIMEOUT_MAX	86400
#define GRACE_US	200000

/* A scheduler that hit the limit so many seconds ago may do so again. */
#define FRESH_S		30

/**
 * module_remove - remove it, as rmmod does
 *
 * Return: 0 or an errno; EBUSY or EAGAIN while the kernel still holds on to it.
 */
int module_remove(void)
{
	/* Not that of the tests' files. */
	if (*cli_root())
		return ENOTSUP;
	return syscall(SYS_delete_module, "scx_loop_cap", O_NONBLOCK) ? errno : 0;
}

/*
 * Remove it in a process of its own: the kernel may wait in there for longer than we
 * want to, while a scheduler starves what it waits for. Return 0 or an errno; ETIME if
 * it goes on.
 */
static int remove_in_time(void)
{
	int status, err;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return errno;
	if (!pid) {
		/* The livepatch's directory goes a moment before the reference. */
		do {
			err = module_remove();
		} while ((err == EBUSY || err == EAGAIN) && !deadline_over());
		_exit(err);
	}
	do {
		pid_t done = waitpid(pid, &status, WNOHANG);

		if (done == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
		if (done < 0 && errno != EINTR)
			return errno;
	} while (!deadline_over());
	/* It gives up at the same time, if it can. */
	usleep(GRACE_US);
	if (waitpid(pid, &status, WNOHANG) == pid && WIFEXITED(status))
		return WEXITSTATUS(status);
	return ETIME;
}

/*
 * Does a scheduler loop which only the module lets go? Taking it off then would be the
 * end of the machine.
 */
static bool last_resort(void)
{
	struct snapshot snap;
	struct timespec now;
	bool needed;

	if (snapshot_take(&snap))
		return false;
	clock_gettime(CLOCK_BOOTTIME, &now);
	needed = !snap.kernel_limit && snapshot_hit_time(&snap) &&
		 snapshot_hit_time(&snap) / 1000000000 + FRESH_S >=
		 (unsigned long long)now.tv_sec;
	snapshot_free(&snap);
	return needed;
}

int cmd_unload(int argc, char **argv)
{
	static const struct option options[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "timeout", required_argument, NULL, 't' },
		{}
	};
	unsigned long long timeout = TIMEOUT_DEFAULT;
	char holders[512];
	bool force = false;
	int opt, err;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (opt == 'f') {
			force = true;
			continue;
		}
		if (opt != 't')
			return cli_bad_option(argv, opt);
		if (!cli_number(optarg, 0, TIMEOUT_MAX, &timeout))
			return cli_error(CODE_USAGE,
					 "--timeout takes 0 to %d seconds, not \"%s\"",
					 TIMEOUT_MAX, optarg);
	}
	if (argv[optind])
		return cli_error(CODE_USAGE, "unload takes no argument \"%s\"",
				 argv[optind]);
	if (!snapshot_loaded()) {
		printf("not loaded\n");
		return CODE_OK;
	}
	if (!force && last_resort())
		return cli_error(CODE_BUSY,
				 "a scheduler hit the limit in the last %d s, and this kernel has no cap of its own: without the module the machine could be lost; remove the scheduler first, with: echo S >/proc/sysrq-trigger",
				 FRESH_S);
	deadline_set(timeout);
	err = livepatch_there() ? livepatch_disable() : 0;
	/* It may be gone by now. */
	if (err == EBUSY)
		return cli_error(CODE_BUSY,
				 "cannot switch off the livepatch while another one is in transition; run this again later");
	if (err && err != ENOENT)
		return cli_error(CODE_FAILED, "cannot switch off the livepatch: %s%s",
				 strerror(err), cli_hint(err));
	while (livepatch_there()) {
		if (!deadline_over())
			continue;
		livepatch_holders(holders, sizeof(holders));
		return cli_error(CODE_TIMEOUT,
				 "still loaded after %llu s; the kernel goes on switching the patch off and waits for: %s%s; run this again later",
				 timeout, holders, livepatch_starved());
	}
	err = remove_in_time();
	if (err == ETIME)
		return cli_error(CODE_TIMEOUT,
				 "still loaded after %llu s; the kernel goes on removing the module%s; run this again later",
				 timeout, livepatch_starved());
	if (err == EBUSY || err == EAGAIN)
		return cli_error(CODE_TIMEOUT,
				 "still loaded after %llu s, as somebody uses the module; run this again later",
				 timeout);
	if (err)
		return cli_error(CODE_FAILED, "cannot remove the module: %s%s",
				 strerror(err), cli_hint(err));
	printf("unloaded\n");
	return CODE_OK;
}
