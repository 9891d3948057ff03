// SPDX-License-Identifier: GPL-2.0
/*
 * Finds out who else has patched or traces a kernel function.
 *
 * Livepatches are listed in sysfs. All other users of ftrace are listed in
 * enabled_functions in tracefs, see Documentation/trace/ftrace.rst:
 *
 *	function (USERS) R I D O M	tramp: ...
 *		direct-->target
 *
 * Each letter is a flag. This file uses two of them: I (a user may change the
 * instruction pointer, as livepatches do) and D (a direct call, as BPF programs use).
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "files.h"
#include "conflict.h"

#define OUR_MODULE	"scx_loop_cap"

static char *read_tracefs(const char *file)
{
	static const char * const dirs[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing",
	};
	char path[PATH_LEN], *text;
	unsigned int i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		text = file_read(cli_path(path, "%s/%s", dirs[i], file), NULL);
		if (text || errno != ENOENT)
			return text;
	}
	return NULL;
}

/* sysfs has a directory PATCH/vmlinux/FUNCTION,POSITION for each patched function. */
static bool patch_replaces(const char *patch, const char *func)
{
	size_t len = strlen(func);
	char path[PATH_LEN];
	struct dirent *d;
	bool found = false;
	DIR *dir;

	dir = opendir(cli_path(path, KLP_DIR "/%s/vmlinux", patch));
	while (dir && !found && (d = readdir(dir)))
		found = !strncmp(d->d_name, func, len) && d->d_name[len] == ',';
	if (dir)
		closedir(dir);
	return found;
}

static void find_livepatch(const char *func, struct conflict *conflict)
{
	char path[PATH_LEN];
	struct dirent *d;
	DIR *dir;

	dir = opendir(cli_path(path, KLP_DIR));
	while (dir && (d = readdir(dir))) {
		if (*d->d_name == '.' || !strcmp(d->d_name, OUR_MODULE) ||
		    !patch_replaces(d->d_name, func))
			continue;
		snprintf(conflict->livepatch, sizeof(conflict->livepatch), "%.63s",
			 d->d_name);
		break;
	}
	if (dir)
		closedir(dir);
}

/* The flags are the text after the parenthesis, up to the tab. */
static bool has_flag(const char *flags, char flag)
{
	for (; *flags && *flags != '\t'; flags++) {
		if (*flags == flag)
			return true;
	}
	return false;
}

/* Return the entry of @func, with the indented lines that belong to it, or NULL. */
static char *find_entry(char *text, const char *func)
{
	size_t len = strlen(func);
	char *line, *next;

	for (line = text; line && *line; line = next) {
		next = strchr(line, '\n');
		while (next && next[1] == '\t')
			next = strchr(next + 1, '\n');
		if (next)
			*next++ = '\0';
		if (!strncmp(line, func, len) && line[len] == ' ' &&
		    line[len + 1] == '(')
			return line;
	}
	return NULL;
}

/**
 * conflict_find - find the users of a kernel function, without our own module
 * @func: name of the function
 * @conflict: filled in
 */
void conflict_find(const char *func, struct conflict *conflict)
{
	char path[PATH_LEN], *text, *entry, *flags, *direct;
	bool ours;

	memset(conflict, 0, sizeof(*conflict));
	find_livepatch(func, conflict);
	text = read_tracefs("enabled_functions");
	if (!text) {
		conflict->unknown = true;
		return;
	}
	entry = find_entry(text, func);
	flags = entry ? strchr(entry, ')') : NULL;
	if (flags) {
		ours = file_exists(cli_path(path, SYSFS_DIR));
		if (has_flag(flags, 'I'))
			conflict->modifies = !ours && !*conflict->livepatch;
		direct = strstr(flags, "direct-->");
		if (!direct)
			direct = strstr(flags, "direct(jmp)-->");
		if (direct)
			direct = strchr(direct, '>') + 1;
		else if (has_flag(flags, 'D'))
			direct = "(unknown)";
		if (direct && !strstr(direct, "[" OUR_MODULE "]"))
			snprintf(conflict->direct, sizeof(conflict->direct), "%.*s",
				 (int)strcspn(direct, "+\n\t "), direct);
		conflict->traced = !has_flag(flags, 'I') && !direct;
	}
	free(text);
}

/**
 * ftrace_can_patch - check whether ftrace can patch a function
 * @func: name of the function
 *
 * Return: 1 if it can, 0 if it cannot, -1 if tracefs cannot be read.
 */
int ftrace_can_patch(const char *func)
{
	char *text = read_tracefs("available_filter_functions"), *p = text;
	size_t len = strlen(func);
	int found = text ? 0 : -1;

	while (p && !found) {
		found = !strncmp(p, func, len) && strchr("\n ", p[len]);
		p = strchr(p, '\n');
		if (p)
			p++;
	}
	free(text);
	return found;
}
