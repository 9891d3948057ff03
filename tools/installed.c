// SPDX-License-Identifier: GPL-2.0
/* Is there a module for the running kernel? */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli.h"
#include "files.h"
#include "installed.h"

/**
 * installed_release - which kernel is running
 *
 * Return: its release.
 */
const char *installed_release(void)
{
	static struct utsname name;
	static char line[sizeof(name.release)];
	char path[PATH_LEN];

	/* The same as uname(2), but the tests can set it. */
	if (file_line(cli_path(path, "/proc/sys/kernel/osrelease"), line,
		      sizeof(line)))
		return line;
	uname(&name);
	return name.release;
}

/**
 * installed_module - find the module, where modprobe looks
 * @file: set to its path
 * @room: size of @file
 *
 * Return: whether there is one.
 */
bool installed_module(char *file, size_t room)
{
	char path[PATH_LEN], *text, *line, *rest;
	bool found = false;

	/* "directory/file.ko: dependencies", the file may be compressed. */
	cli_path(path, "/lib/modules/%s/modules.dep", installed_release());
	text = file_read(path, NULL);
	rest = text;
	while (text && !found && (line = strsep(&rest, "\n"))) {
		const char *base;

		line[strcspn(line, ":")] = '\0';
		base = strrchr(line, '/');
		base = base ? base + 1 : line;
		if (strncmp(base, "scx_loop_cap.ko", 15))
			continue;
		snprintf(file, room, "/lib/modules/%s/%s", installed_release(), line);
		found = true;
	}
	free(text);
	return found;
}

/* Is the source there that DKMS builds? */
static bool has_source(void)
{
	char path[PATH_LEN];
	struct dirent *d;
	bool found = false;
	DIR *dir;

	dir = opendir(cli_path(path, "/usr/src"));
	while (dir && !found && (d = readdir(dir)))
		found = !strncmp(d->d_name, "scx_loop_cap-", 13) ||
			!strncmp(d->d_name, "scx-loop-cap-", 13);
	if (dir)
		closedir(dir);
	return found;
}

/**
 * installed_advice - what to do to get one
 * @buf: set to it
 * @room: size of @buf
 */
void installed_advice(char *buf, size_t room)
{
	char path[PATH_LEN];
	bool debian = file_exists(cli_path(path, "/etc/debian_version"));

	if (!has_source())
		snprintf(buf, room, "install the package scx-loop-cap-dkms");
	else if (file_exists(cli_path(path, "/lib/modules/%s/build/",
				      installed_release())))
		snprintf(buf, room,
			 "build it with: dkms autoinstall -k %s (if that fails, the log is in /var/lib/dkms)",
			 installed_release());
	else if (debian)
		snprintf(buf, room,
			 "install linux-headers-%s, for DKMS to build it",
			 installed_release());
	else
		snprintf(buf, room,
			 "install kernel-devel-%s, then build it with: dkms autoinstall -k %s",
			 installed_release(), installed_release());
}

/**
 * installed_not - say that there is none
 *
 * Return: the exit code for it.
 */
int installed_not(void)
{
	char advice[512];

	installed_advice(advice, sizeof(advice));
	return cli_error(CODE_NO_MODULE, "there is no module for this kernel (%s); %s",
			 installed_release(), advice);
}
