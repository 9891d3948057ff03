// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap load */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "deadline.h"
#include "files.h"
#include "installed.h"
#include "kmsg.h"
#include "livepatch.h"
#include "snapshot.h"
#include "unload.h"

#define TIMEOUT_DEFAULT	30
#define TIMEOUT_MAX	86400

/* Prefix of the module's log message that says why it refused to load. */
#define NOT_LOADED	"not loaded: "

/* Part of that message while another livepatch is in transition. */
#define IN_TRANSITION	"is in transition"

/*
 * modprobe reports an error of the kernel only as strerror() text. These are the errors
 * that are recognised in it.
 */
static const int load_errors[] = {
	ENODEV, EOPNOTSUPP, EBUSY, EINVAL, ENOENT, EPERM, EACCES, ENOEXEC,
	ENOKEY, EKEYREJECTED, EEXIST, ENOMEM,
};

static int errno_from_text(const char *text)
{
	unsigned int i;

	for (i = 0; i < sizeof(load_errors) / sizeof(load_errors[0]); i++) {
		if (strcasestr(text, strerror(load_errors[i])))
			return load_errors[i];
	}
	return EIO;
}

/*
 * Run modprobe, which reads modprobe.d and handles compressed modules. @output is set to
 * what it prints, in one line. Return 0 or an errno.
 */
static int run_modprobe(char **params, char *output, size_t room)
{
	char *argv[64] = { "modprobe", "scx_loop_cap" }, path[PATH_LEN];
	size_t used = 0;
	int fds[2], status;
	unsigned int i;
	ssize_t n;
	pid_t pid;

	for (i = 2; *params; params++) {
		if (i == sizeof(argv) / sizeof(argv[0]) - 1)
			return E2BIG;
		argv[i++] = *params;
	}
	if (pipe2(fds, O_CLOEXEC))
		return errno;
	pid = fork();
	if (pid < 0)
		return errno;
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		setenv("LC_ALL", "C", 1);
		/* Tests provide their own modprobe. */
		execvp(*cli_root() ? cli_path(path, "/sbin/modprobe") : argv[0],
		       argv);
		dprintf(STDERR_FILENO, "cannot run modprobe: %s\n",
			strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	for (;;) {
		/* Read to the end, but drop what does not fit into @output. */
		char rest[256];
		bool full = used == room - 1;

		n = full ? read(fds[0], rest, sizeof(rest)) :
			   read(fds[0], output + used, room - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (!full)
			used += (size_t)n;
	}
	close(fds[0]);
	output[used] = '\0';
	while (used && output[used - 1] == '\n')
		output[--used] = '\0';
	for (i = 0; output[i]; i++) {
		if (output[i] == '\n')
			output[i] = ' ';
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return errno;
	}
	return status ? errno_from_text(output) : 0;
}

/* Join the parameters into one string, as finit_module() expects. */
static char *join(char **params)
{
	size_t room = 1;
	char *text, *p;
	unsigned int i;

	for (i = 0; params[i]; i++)
		room += strlen(params[i]) + 1;
	text = calloc(1, room);
	p = text;
	for (i = 0; text && params[i]; i++)
		p = stpcpy(stpcpy(p, i ? " " : ""), params[i]);
	return text;
}

/* Load a file, as insmod does. Return 0 or an errno. */
static int insert_file(const char *file, char **params)
{
	char *text;
	int fd, err = 0;

	/* Tests must not load a module into the kernel of the host. */
	if (*cli_root())
		return ENOTSUP;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	text = join(params);
	if (!text)
		err = ENOMEM;
	else if (syscall(SYS_finit_module, fd, text, 0))
		err = errno;
	free(text);
	close(fd);
	return err;
}

/*
 * Load the module from @file, or with modprobe if @file is NULL. After an error, @why is
 * set to the message of the kernel or of modprobe. Return 0 or an errno.
 */
static int load(const char *file, char **params, char *why, size_t room)
{
	char output[512] = "";
	int log = kmsg_open(), err;

	err = file ? insert_file(file, params) : run_modprobe(params, output, sizeof(output));
	kmsg_last_line(log, "", why, room);
	/* A message without this prefix is about a parameter. */
	if (!strncmp(why, NOT_LOADED, strlen(NOT_LOADED)))
		memmove(why, why + strlen(NOT_LOADED),
			strlen(why) - strlen(NOT_LOADED) + 1);
	if (!*why)
		snprintf(why, room, "%s", output);
	return err;
}

/* Report why loading failed, and what to do. Return an exit code. */
static int load_error(int err, const char *why)
{
	switch (err) {
	case ENODEV:
	case EOPNOTSUPP:
		return cli_error(CODE_UNSUPPORTED,
				 "this kernel cannot be patched, nothing was changed: %s",
				 *why ? why : strerror(err));
	case EBUSY:
		return cli_error(CODE_BUSY,
				 "%s; nothing was changed; load the module again when that is removed",
				 *why ? why : "another patch is on the function");
	case EPERM:
	case EACCES:
		if (geteuid())
			return cli_error(CODE_FAILED,
					 "not permitted to load modules; run this as root");
		return cli_error(CODE_FAILED,
				 "not permitted to load modules: kernel.modules_disabled is set (only a reboot clears it), or the kernel is locked down (kernel_lockdown(7)) and accepts only signed modules (enrol the DKMS key: mokutil --import /var/lib/dkms/mok.pub)");
	case ENOKEY:
	case EKEYREJECTED:
		return cli_error(CODE_FAILED,
				 "this kernel accepts only signed modules (%s); enrol the DKMS key: mokutil --import /var/lib/dkms/mok.pub",
				 strerror(err));
	case ENOEXEC:
		return cli_error(CODE_FAILED,
				 "the module was not built for this kernel; rebuild it for this kernel");
	case EINVAL:
		return cli_error(CODE_FAILED,
				 "%s; check the parameters, also those in /etc/modprobe.d",
				 *why ? why : "the kernel rejected the module's parameters");
	default:
		return cli_error(CODE_FAILED, "the module was not loaded: %s; see dmesg",
				 *why ? why : strerror(err));
	}
}

/*
 * The module is loaded. If its livepatch was switched off, remove the module so that it can
 * be loaded again: the kernel cannot switch a livepatch on again. Return CODE_OK if the
 * loaded module can stay, CODE_NOT_LOADED if it was removed, or another exit code.
 */
static int handle_loaded(void)
{
	char path[PATH_LEN], state[32], tasks[512];
	int err;

	cli_path(path, SYSFS_DIR "/state");
	while (file_read_line(path, state, sizeof(state)) &&
	       !strcmp(state, "transition") && livepatch_is_disabled()) {
		if (deadline_sleep())
			continue;
		livepatch_pending_tasks(tasks, sizeof(tasks));
		return cli_error(CODE_TIMEOUT,
				 "the module is being switched off, and the kernel waits for: %s%s; run this again later",
				 tasks, livepatch_starved_hint());
	}
	if (!strcmp(state, "replaced") && livepatch_exists())
		return cli_error(CODE_BUSY,
				 "the module is loaded, but another livepatch has replaced it; remove that livepatch first");
	if (strcmp(state, "disabled") && strcmp(state, "replaced")) {
		printf("already loaded, state %s\n", state);
		return CODE_OK;
	}
	/* The kernel may hold a reference for a moment longer. */
	do
		err = module_remove();
	while ((err == EBUSY || err == EAGAIN) && deadline_sleep());
	if (err)
		return cli_error(CODE_FAILED,
				 "the module is switched off and cannot be removed: %s%s",
				 strerror(err), cli_errno_hint(err));
	return CODE_NOT_LOADED;
}

/*
 * Wait until the limit is in effect. A timeout is no error, as the kernel completes the
 * transition by itself. Return an exit code.
 */
static int wait_active(void)
{
	char path[PATH_LEN], state[32], tasks[512];

	cli_path(path, SYSFS_DIR "/state");
	do {
		/* An "install" line in modprobe.d makes modprobe run another command. */
		if (!file_read_line(path, state, sizeof(state)))
			return cli_error(CODE_FAILED,
					 "modprobe succeeded, but the module is not loaded; remove the line \"install scx_loop_cap\" from /etc/modprobe.d");
	} while (!strcmp(state, "transition") && deadline_sleep());
	printf("loaded, state %s\n", state);
	if (strcmp(state, "transition"))
		return CODE_OK;
	livepatch_pending_tasks(tasks, sizeof(tasks));
	cli_warn("the limit is not in effect yet; the kernel completes the transition without this command, and waits for: %s",
		 tasks);
	return CODE_OK;
}

int cmd_load(int argc, char **argv)
{
	static const struct option options[] = {
		{ "module", required_argument, NULL, 'm' },
		{ "timeout", required_argument, NULL, 't' },
		{}
	};
	unsigned long long timeout = TIMEOUT_DEFAULT;
	char why[512], found[PATH_LEN];
	const char *file = NULL;
	int opt, code, err;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (opt) {
		case 'm':
			file = optarg;
			break;
		case 't':
			if (cli_parse_number(optarg, 0, TIMEOUT_MAX, &timeout))
				break;
			return cli_error(CODE_USAGE,
					 "--timeout takes 0 to %d seconds, not \"%s\"",
					 TIMEOUT_MAX, optarg);
		default:
			return cli_bad_option(argv, opt);
		}
	}
	for (opt = optind; argv[opt]; opt++) {
		if (!strchr(argv[opt], '='))
			return cli_error(CODE_USAGE,
					 "\"%s\" is not a parameter; give NAME=VALUE, as in limit=8",
					 argv[opt]);
	}
	deadline_set(timeout);
	if (snapshot_loaded()) {
		code = handle_loaded();
		if (code == CODE_OK && argv[optind])
			cli_warn("the parameters were ignored, as they are fixed once the module is loaded; change limits with: "
				 PROGRAM " set");
		if (code != CODE_NOT_LOADED)
			return code;
	}
	if (!file && !installed_find(found, sizeof(found)))
		return installed_report_missing();
	do
		err = load(file, argv + optind, why, sizeof(why));
	while (err == EBUSY && strstr(why, IN_TRANSITION) && deadline_sleep());
	if (file && err == ENOENT && !*why)
		return cli_error(CODE_NO_MODULE, "%s: %s", file, strerror(err));
	if (err)
		return load_error(err, why);
	return wait_active();
}
