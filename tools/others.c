// SPDX-License-Identifier: GPL-2.0
/*
 * Who else is on a function of the kernel.
 *
 * Livepatches are listed in sysfs. All else that uses ftrace shows up in
 * enabled_functions in tracefs, see Documentation/trace/ftrace.rst:
 *
 *	function (USERS) R I D O M	tramp: ...
 *		direct-->where
 *
 * with a letter for each that applies, of which I (the instruction pointer may be
 * changed: livepatch) and D (direct call: a BPF program) matter here.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "files.h"
#include "others.h"

#define OURSELVES	"scx_loop_cap"

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

/* A patch has a directory vmlinux/FUNCTION,POSITION for each function. */
static bool patch_has(const char *patch, const char *func)
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

static void find_livepatch(const char *func, struct others *others)
{
	char path[PATH_LEN];
	struct dirent *d;
	DIR *dir;

	dir = opendir(cli_path(path, KLP_DIR));
	while (dir && (d = readdir(dir))) {
		if (*d->d_name == '.' || !strcmp(d->d_name, OURSELVES) ||
		    !patch_has(d->d_name, func))
			continue;
		snprintf(others->livepatch, sizeof(others->livepatch), "%.63s",
			 d->d_name);
		break;
	}
	if (dir)
		closedir(dir);
}

/* Does the word come in what is between the parentheses and the tab? */
static bool has_flag(const char *flags, char flag)
{
	for (; *flags && *flags != '\t'; flags++) {
		if (*flags == flag)
			return true;
	}
	return false;
}

/* The entry of the function, up to and with the indented lines that follow. */
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
 * others_find - find out who is on a function, apart from our module
 * @func: its name
 * @others: filled in
 */
void others_find(const char *func, struct others *others)
{
	char path[PATH_LEN], *text, *entry, *flags, *direct;
	bool ours;

	memset(others, 0, sizeof(*others));
	find_livepatch(func, others);
	text = read_tracefs("enabled_functions");
	if (!text) {
		others->unknown = true;
		return;
	}
	entry = find_entry(text, func);
	flags = entry ? strchr(entry, ')') : NULL;
	if (flags) {
		ours = file_exists(cli_path(path, CAP_DIR));
		if (has_flag(flags, 'I'))
			others->modifies = !ours && !*others->livepatch;
		direct = strstr(flags, "direct-->");
		if (!direct)
			direct = strstr(flags, "direct(jmp)-->");
		if (direct)
			direct = strchr(direct, '>') + 1;
		else if (has_flag(flags, 'D'))
			direct = "somewhere";
		if (direct && !strstr(direct, "[" OURSELVES "]"))
			snprintf(others->direct, sizeof(others->direct), "%.*s",
				 (int)strcspn(direct, "+\n\t "), direct);
		others->traced = !has_flag(flags, 'I') && !direct;
	}
	free(text);
}

/**
 * others_traceable - can ftrace patch the function?
 * @func: its name
 *
 * Return: 1 if so, 0 if not, -1 if that is not known.
 */
int others_traceable(const char *func)
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
