// SPDX-License-Identifier: GPL-2.0
/*
 * The module's livepatch: its state, switching it off, and the tasks it waits for.
 *
 * In a transition the kernel switches one task at a time, as soon as the task is not
 * inside a patched function. /proc/PID/patch_state tells which tasks are left, see
 * Documentation/livepatch/livepatch.rst.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "files.h"
#include "livepatch.h"

/* Number of tasks that a message names. */
#define TASKS_SHOWN	5

/**
 * livepatch_exists - check whether the kernel has the module's livepatch
 *
 * Return: true if it is registered, also during a transition.
 */
bool livepatch_exists(void)
{
	char path[PATH_LEN];

	return file_exists(cli_path(path, KLP_MODULE_DIR));
}

/**
 * livepatch_is_disabled - check whether the livepatch was switched off
 *
 * Return: true if it was, also while the transition is still going on.
 */
bool livepatch_is_disabled(void)
{
	char path[PATH_LEN], enabled[8];

	return file_read_line(cli_path(path, KLP_MODULE_DIR "/enabled"), enabled,
			      sizeof(enabled)) && !strcmp(enabled, "0");
}

/**
 * livepatch_disable - start switching the livepatch off, unless that was done before
 *
 * Return: 0 or an errno.
 */
int livepatch_disable(void)
{
	char path[PATH_LEN];

	if (livepatch_is_disabled())
		return 0;
	return file_write(cli_path(path, KLP_MODULE_DIR "/enabled"), "0");
}

static bool is_number(const char *text)
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

/* Append "COMM[TID] in FUNCTION" for a task. */
static void append_task(char *buf, size_t room, const char *pid, const char *tid)
{
	char path[PATH_LEN], comm[64], frame[128], *where;

	file_read_line(cli_path(path, "/proc/%s/task/%s/comm", pid, tid), comm,
		       sizeof(comm));
	/* The first line is the innermost frame: "[<0>] function+0x1/0x2". */
	file_read_line(cli_path(path, "/proc/%s/task/%s/stack", pid, tid), frame,
		       sizeof(frame));
	where = strchr(frame, ']');
	where = where ? where + 1 + strspn(where + 1, " ") : frame;
	where[strcspn(where, "+ ")] = '\0';
	append(buf, room, "%s%s[%s]%s%s", *buf ? ", " : "", comm, tid,
	       *where ? " in " : "", where);
}

/**
 * livepatch_pending_tasks - list the tasks that the transition waits for
 * @buf: set to a list of at most %TASKS_SHOWN tasks and the number of the others
 * @room: size of @buf
 */
void livepatch_pending_tasks(char *buf, size_t room)
{
	char path[PATH_LEN], state[8], enabled[8];
	struct dirent *p, *t;
	unsigned int nr = 0;
	DIR *proc, *tasks;

	*buf = '\0';
	/* A task is switched if its patch_state equals "enabled"; -1: no transition. */
	file_read_line(cli_path(path, KLP_MODULE_DIR "/enabled"), enabled,
		       sizeof(enabled));
	proc = opendir(cli_path(path, "/proc"));
	while (proc && (p = readdir(proc))) {
		if (!is_number(p->d_name))
			continue;
		tasks = opendir(cli_path(path, "/proc/%s/task", p->d_name));
		while (tasks && (t = readdir(tasks))) {
			if (!is_number(t->d_name) ||
			    !file_read_line(cli_path(path,
						     "/proc/%s/task/%s/patch_state",
						     p->d_name, t->d_name),
					    state, sizeof(state)) ||
			    !strcmp(state, "-1") || !strcmp(state, enabled))
				continue;
			if (nr++ < TASKS_SHOWN)
				append_task(buf, room, p->d_name, t->d_name);
		}
		if (tasks)
			closedir(tasks);
	}
	if (proc)
		closedir(proc);
	if (nr > TASKS_SHOWN)
		append(buf, room, " and %u more", nr - TASKS_SHOWN);
	/* Idle tasks have no directory in /proc. */
	if (!nr)
		append(buf, room, "an idle task, or the kernel's livepatch worker");
}

/**
 * livepatch_starved_hint - name the scheduler that may starve the pending tasks
 *
 * Return: a remark to append to the list of tasks, or "" if no scheduler is loaded.
 */
const char *livepatch_starved_hint(void)
{
	static char text[128];
	char path[PATH_LEN], ops[64];

	/* The file exists only while a scheduler is loaded. */
	if (!file_read_line(cli_path(path, "/sys/kernel/sched_ext/root/ops"), ops,
			    sizeof(ops)) || !*ops)
		return "";
	snprintf(text, sizeof(text),
		 " (the sched_ext scheduler \"%s\" may starve it)", ops);
	return text;
}
