// SPDX-License-Identifier: GPL-2.0
/*
 * The livepatch of the module.
 *
 * The kernel moves tasks over one by one, each when it is not inside of a patched
 * function. Which ones it waits for is in /proc, see
 * Documentation/livepatch/livepatch.rst.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "files.h"
#include "livepatch.h"

/* How many tasks are named. */
#define HOLDERS_MAX	5

static struct timespec deadline;

/**
 * deadline_set - begin to wait
 * @seconds: for how long at most
 */
void deadline_set(unsigned long long seconds)
{
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += (time_t)seconds;
}

/**
 * deadline_over - wait for a moment
 *
 * Return: whether it is time to give up.
 */
bool deadline_over(void)
{
	struct timespec now, moment = { .tv_nsec = 50000000 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > deadline.tv_sec ||
	    (now.tv_sec == deadline.tv_sec && now.tv_nsec >= deadline.tv_nsec))
		return true;
	nanosleep(&moment, NULL);
	return false;
}

/**
 * livepatch_there - is the kernel patched, at least for some tasks?
 *
 * Return: true if so.
 */
bool livepatch_there(void)
{
	char path[PATH_LEN];

	return file_exists(cli_path(path, KLP_CAP_DIR));
}

/**
 * livepatch_is_off - is it being switched off, or was?
 *
 * Return: true if so.
 */
bool livepatch_is_off(void)
{
	char path[PATH_LEN], enabled[8];

	return file_line(cli_path(path, KLP_CAP_DIR "/enabled"), enabled,
			 sizeof(enabled)) && !strcmp(enabled, "0");
}

/**
 * livepatch_disable - switch it off, if it is not being switched off
 *
 * Return: 0 or an errno.
 */
int livepatch_disable(void)
{
	char path[PATH_LEN];

	if (livepatch_is_off())
		return 0;
	return file_write(cli_path(path, KLP_CAP_DIR "/enabled"), "0");
}

static bool all_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static void append(char *buf, size_t room, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void append(char *buf, size_t room, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, room - len, fmt, ap);
	va_end(ap);
}

/* Name a task, and where in the kernel it is. */
static void append_task(char *buf, size_t room, const char *pid, const char *tid)
{
	char path[PATH_LEN], comm[64], frame[128], *where;

	file_line(cli_path(path, "/proc/%s/task/%s/comm", pid, tid), comm,
		  sizeof(comm));
	/* The innermost is first: "[<0>] function+0x1/0x2". */
	file_line(cli_path(path, "/proc/%s/task/%s/stack", pid, tid), frame,
		  sizeof(frame));
	where = strchr(frame, ']');
	where = where ? where + 1 + strspn(where + 1, " ") : frame;
	where[strcspn(where, "+ ")] = '\0';
	append(buf, room, "%s%s[%s]%s%s", *buf ? ", " : "", comm, tid,
	       *where ? " in " : "", where);
}

/**
 * livepatch_holders - who holds up the transition
 * @buf: set to a list of tasks
 * @room: size of @buf
 */
void livepatch_holders(char *buf, size_t room)
{
	char path[PATH_LEN], state[8], enabled[8];
	struct dirent *p, *t;
	unsigned int nr = 0;
	DIR *proc, *tasks;

	*buf = '\0';
	/* Tasks are where they should be if they have the state of the patch. */
	file_line(cli_path(path, KLP_CAP_DIR "/enabled"), enabled,
		  sizeof(enabled));
	proc = opendir(cli_path(path, "/proc"));
	while (proc && (p = readdir(proc))) {
		if (!all_digits(p->d_name))
			continue;
		tasks = opendir(cli_path(path, "/proc/%s/task", p->d_name));
		while (tasks && (t = readdir(tasks))) {
			if (!all_digits(t->d_name) ||
			    !file_line(cli_path(path,
						"/proc/%s/task/%s/patch_state",
						p->d_name, t->d_name),
				       state, sizeof(state)) ||
			    !strcmp(state, "-1") || !strcmp(state, enabled))
				continue;
			if (nr++ < HOLDERS_MAX)
				append_task(buf, room, p->d_name, t->d_name);
		}
		if (tasks)
			closedir(tasks);
	}
	if (proc)
		closedir(proc);
	if (nr > HOLDERS_MAX)
		append(buf, room, " and %u more", nr - HOLDERS_MAX);
	/* Those are in no directory. */
	if (!nr)
		append(buf, room, "an idle task, or its own worker");
}

/**
 * livepatch_starved - who may keep tasks from getting there
 *
 * Return: a remark to put behind what the kernel waits for, or "".
 */
const char *livepatch_starved(void)
{
	static char text[128];
	char path[PATH_LEN], ops[64];

	/* The kernel has this file only while a scheduler is loaded. */
	if (!file_line(cli_path(path, "/sys/kernel/sched_ext/root/ops"), ops,
		       sizeof(ops)) || !*ops)
		return "";
	snprintf(text, sizeof(text),
		 " (the sched_ext scheduler \"%s\" may starve it)", ops);
	return text;
}
