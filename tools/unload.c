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
#include "deadline.h"
#include "livepatch.h"
#include "snapshot.h"
#include "unload.h"

#define TIMEOUT_DEFAULT	60
#define TIMEOUT_MAX	86400
#define GRACE_US	200000

/* Seconds since the latest hit in which a scheduler counts as looping. */
#define RECENT_S		30

/**
 * module_remove - remove the module, as rmmod does
 *
 * Return: 0 or an errno; EBUSY or EAGAIN while the kernel still holds a reference.
 */
int module_remove(void)
{
	/* Tests must not remove a module from the kernel of the host. */
	if (*cli_root())
		return ENOTSUP;
	return syscall(SYS_delete_module, "scx_loop_cap", O_NONBLOCK) ? errno : 0;
}

/*
 * Remove the module in a child process: delete_module() can block for longer than the
 * timeout while a scheduler starves the tasks that the kernel waits for. Return 0 or an
 * errno; ETIME if the child is still waiting.
 */
static int remove_with_timeout(void)
{
	int status, err;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return errno;
	if (!pid) {
		/* The livepatch's directory goes away before its reference to the module. */
		do {
			err = module_remove();
		} while ((err == EBUSY || err == EAGAIN) && deadline_sleep());
		_exit(err);
	}
	do {
		pid_t done = waitpid(pid, &status, WNOHANG);

		if (done == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
		if (done < 0 && errno != EINTR)
			return errno;
	} while (deadline_sleep());
	/* The child has the same deadline. Give it time to exit. */
	usleep(GRACE_US);
	if (waitpid(pid, &status, WNOHANG) == pid && WIFEXITED(status))
		return WEXITSTATUS(status);
	return ETIME;
}

/*
 * Does only the module end the loops of a scheduler? True if a scheduler hit the limit in the
 * last RECENT_S seconds and the kernel has no cap of its own. Without the module such a
 * scheduler could hang the machine.
 */
static bool module_is_needed(void)
{
	struct snapshot snap;
	struct timespec now;
	bool needed;

	if (snapshot_take(&snap))
		return false;
	clock_gettime(CLOCK_BOOTTIME, &now);
	needed = !snap.kernel_limit && snapshot_hit_time(&snap) &&
		 snapshot_hit_time(&snap) / 1000000000 + RECENT_S >=
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
	char tasks[512];
	bool force = false;
	int opt, err;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (opt == 'f') {
			force = true;
			continue;
		}
		if (opt != 't')
			return cli_bad_option(argv, opt);
		if (!cli_parse_number(optarg, 0, TIMEOUT_MAX, &timeout))
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
	if (!force && module_is_needed())
		return cli_error(CODE_BUSY,
				 "a scheduler hit the limit in the last %d s, and this kernel has no cap of its own: without the module, the scheduler could hang the machine; remove the scheduler first: echo S >/proc/sysrq-trigger",
				 RECENT_S);
	deadline_set(timeout);
	err = livepatch_exists() ? livepatch_disable() : 0;
	if (err == EBUSY)
		return cli_error(CODE_BUSY,
				 "cannot switch off the livepatch while another one is in transition; run this again later");
	/* ENOENT: the livepatch was removed meanwhile. */
	if (err && err != ENOENT)
		return cli_error(CODE_FAILED, "cannot switch off the livepatch: %s%s",
				 strerror(err), cli_errno_hint(err));
	while (livepatch_exists()) {
		if (deadline_sleep())
			continue;
		livepatch_pending_tasks(tasks, sizeof(tasks));
		return cli_error(CODE_TIMEOUT,
				 "still loaded after %llu s; the kernel continues to switch the livepatch off, and waits for: %s%s; run this again later",
				 timeout, tasks, livepatch_starved_hint());
	}
	err = remove_with_timeout();
	if (err == ETIME)
		return cli_error(CODE_TIMEOUT,
				 "still loaded after %llu s; the kernel continues to remove the module%s; run this again later",
				 timeout, livepatch_starved_hint());
	if (err == EBUSY || err == EAGAIN)
		return cli_error(CODE_TIMEOUT,
				 "still loaded after %llu s: the module is in use; run this again later",
				 timeout);
	if (err)
		return cli_error(CODE_FAILED, "cannot remove the module: %s%s",
				 strerror(err), cli_errno_hint(err));
	printf("unloaded\n");
	return CODE_OK;
}
