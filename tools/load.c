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
#include "files.h"
#include "installed.h"
#include "kmsg.h"
#include "livepatch.h"
#include "module.h"
#include "snapshot.h"

#define TIMEOUT_DEFAULT	30
#define TIMEOUT_MAX	86400

/* What the module's reason for a refusal begins with. */
#define NOT_LOADED	"not loaded: "

/* And says of another livepatch that has to come to an end first. */
#define IN_TRANSITION	"is in transition"

/* What modprobe says of an error of the kernel; it has no codes for them. */
static const int load_errors[] = {
	ENODEV, EOPNOTSUPP, EBUSY, EINVAL, ENOENT, EPERM, EACCES, ENOEXEC,
	ENOKEY, EKEYREJECTED, EEXIST, ENOMEM,
};

static int errno_in(const char *text)
{
	unsigned int i;

	for (i = 0; i < sizeof(load_errors) / sizeof(load_errors[0]); i++) {
		if (strcasestr(text, strerror(load_errors[i])))
			return load_errors[i];
	}
	return EIO;
}

/*
 * Run modprobe, which knows the configuration and compressed modules. Its last line
 * goes to @said. Return 0 or an errno.
 */
static int run_modprobe(char **params, char *said, size_t room)
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
		/* Tests bring their own. */
		execvp(*cli_root() ? cli_path(path, "/sbin/modprobe") : argv[0],
		       argv);
		dprintf(STDERR_FILENO, "cannot run modprobe: %s\n",
			strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	for (;;) {
		/* What does not fit is read and dropped. */
		char rest[256];
		bool full = used == room - 1;

		n = full ? read(fds[0], rest, sizeof(rest)) :
			   read(fds[0], said + used, room - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (!full)
			used += (size_t)n;
	}
	close(fds[0]);
	said[used] = '\0';
	while (used && said[used - 1] == '\n')
		said[--used] = '\0';
	for (i = 0; said[i]; i++) {
		if (said[i] == '\n')
			said[i] = ' ';
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return errno;
	}
	return status ? errno_in(said) : 0;
}

/* The parameters as the kernel takes them, in one string. */
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

/* Load this file, as insmod does. Return 0 or an errno. */
static int insert_file(const char *file, char **params)
{
	char *text;
	int fd, err = 0;

	/* Not that of the tests' files. */
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
 * Load the module, from @file unless that is NULL. What the kernel or modprobe said about
 * an error goes to @why. Return 0 or an errno.
 */
static int load(const char *file, char **params, char *why, size_t room)
{
	char said[512] = "";
	int log = kmsg_begin(), err;

	err = file ? insert_file(file, params) : run_modprobe(params, said, sizeof(said));
	kmsg_end(log, "", why, room);
	/* Without this it is about a parameter. */
	if (!strncmp(why, NOT_LOADED, strlen(NOT_LOADED)))
		memmove(why, why + strlen(NOT_LOADED),
			strlen(why) - strlen(NOT_LOADED) + 1);
	if (!*why)
		snprintf(why, room, "%s", said);
	return err;
}

/* What an error means, and what to do. */
static int explain(int err, const char *why)
{
	switch (err) {
	case ENODEV:
	case EOPNOTSUPP:
		return cli_error(CODE_UNSUPPORTED,
				 "this kernel cannot be patched, nothing was changed: %s",
				 *why ? why : strerror(err));
	case EBUSY:
		return cli_error(CODE_BUSY,
				 "%s; nothing was changed, load again when that is gone",
				 *why ? why : "somebody else has patched the function");
	case EPERM:
	case EACCES:
		if (geteuid())
			return cli_error(CODE_FAILED,
					 "not permitted to load modules; run this as root");
		return cli_error(CODE_FAILED,
				 "not permitted to load modules: kernel.modules_disabled is set, or the kernel is locked down (kernel_lockdown(7)) and only takes signed ones; then enrol the key of DKMS: mokutil --import /var/lib/dkms/mok.pub");
	case ENOKEY:
	case EKEYREJECTED:
		return cli_error(CODE_FAILED,
				 "this kernel only takes signed modules (%s); enrol the key of DKMS: mokutil --import /var/lib/dkms/mok.pub",
				 strerror(err));
	case ENOEXEC:
		return cli_error(CODE_FAILED,
				 "the module was not built for this kernel; build it anew");
	case EINVAL:
		return cli_error(CODE_FAILED,
				 "%s; check the parameters, also those in /etc/modprobe.d",
				 *why ? why : "the kernel does not take the module's parameters");
	default:
		return cli_error(CODE_FAILED, "the module was not loaded: %s; see dmesg",
				 *why ? why : strerror(err));
	}
}

/* A patch that was switched off, or is about to be, can only be loaded anew. */
static int make_way(void)
{
	char path[PATH_LEN], state[32], holders[512];
	int err;

	cli_path(path, CAP_DIR "/state");
	while (file_line(path, state, sizeof(state)) &&
	       !strcmp(state, "transition") && livepatch_is_off()) {
		if (!deadline_over())
			continue;
		livepatch_holders(holders, sizeof(holders));
		return cli_error(CODE_TIMEOUT,
				 "the module is being switched off, and the kernel waits for: %s%s; run this again later",
				 holders, livepatch_starved());
	}
	if (!strcmp(state, "replaced") && livepatch_there())
		return cli_error(CODE_BUSY,
				 "the module is loaded, but another livepatch has replaced it; remove that one");
	if (strcmp(state, "disabled") && strcmp(state, "replaced")) {
		printf("already loaded, state %s\n", state);
		return CODE_OK;
	}
	/* The kernel holds on to it for a moment longer. */
	do
		err = module_remove();
	while ((err == EBUSY || err == EAGAIN) && !deadline_over());
	if (err)
		return cli_error(CODE_FAILED,
				 "the module is switched off and cannot be removed: %s%s",
				 strerror(err), cli_hint(err));
	return CODE_NOT_LOADED;
}

/*
 * Until the limit is in effect. That it takes long is no error: it goes on. Return an exit
 * code.
 */
static int wait_active(void)
{
	char path[PATH_LEN], state[32], holders[512];

	cli_path(path, CAP_DIR "/state");
	do {
		/* modprobe does what it is told instead, if it is told. */
		if (!file_line(path, state, sizeof(state)))
			return cli_error(CODE_FAILED,
					 "modprobe has not loaded the module; look for \"install scx_loop_cap\" in /etc/modprobe.d");
	} while (!strcmp(state, "transition") && !deadline_over());
	printf("loaded, state %s\n", state);
	if (strcmp(state, "transition"))
		return CODE_OK;
	livepatch_holders(holders, sizeof(holders));
	cli_warn("not in effect yet, which goes on without this command; the kernel waits for: %s",
		 holders);
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
			if (cli_number(optarg, 0, TIMEOUT_MAX, &timeout))
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
					 "\"%s\" is no parameter; they look like limit=8",
					 argv[opt]);
	}
	deadline_set(timeout);
	if (snapshot_loaded()) {
		code = make_way();
		if (code == CODE_OK && argv[optind])
			cli_warn("the parameters were not used, as they are fixed by now; change limits with: "
				 PROGRAM " set");
		if (code != CODE_NOT_LOADED)
			return code;
	}
	if (!file && !installed_module(found, sizeof(found)))
		return installed_not();
	do
		err = load(file, argv + optind, why, sizeof(why));
	while (err == EBUSY && strstr(why, IN_TRANSITION) && !deadline_over());
	if (file && err == ENOENT && !*why)
		return cli_error(CODE_NO_MODULE, "%s: %s", file, strerror(err));
	if (err)
		return explain(err, why);
	return wait_active();
}
