// SPDX-License-Identifier: GPL-2.0
/* Finds the module that is installed for the running kernel. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli.h"
#include "files.h"
#include "installed.h"

/**
 * kernel_release - get the release of the running kernel
 *
 * Return: the release, as uname -r prints it.
 */
const char *kernel_release(void)
{
	static struct utsname name;
	static char line[sizeof(name.release)];
	char path[PATH_LEN];

	/* The same as from uname(2), but tests can replace the file. */
	if (file_read_line(cli_path(path, "/proc/sys/kernel/osrelease"), line,
			   sizeof(line)))
		return line;
	uname(&name);
	return name.release;
}

/**
 * installed_find - find the module for the running kernel, as modprobe does
 * @file: set to the path of the module
 * @room: size of @file
 *
 * Return: true if modules.dep lists the module.
 */
bool installed_find(char *file, size_t room)
{
	char path[PATH_LEN], *text, *line, *rest;
	bool found = false;

	/* A line is "directory/file.ko: dependencies"; the file may be compressed. */
	cli_path(path, "/lib/modules/%s/modules.dep", kernel_release());
	text = file_read(path, NULL);
	rest = text;
	while (text && !found && (line = strsep(&rest, "\n"))) {
		const char *base;

		line[strcspn(line, ":")] = '\0';
		base = strrchr(line, '/');
		base = base ? base + 1 : line;
		if (strncmp(base, "scx_loop_cap.ko", 15))
			continue;
		snprintf(file, room, "/lib/modules/%s/%s", kernel_release(), line);
		found = true;
	}
	free(text);
	return found;
}

/* Is the source that DKMS builds installed? */
static bool has_dkms_source(void)
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
 * installed_how_to_get - tell how to get a module for the running kernel
 * @buf: set to the advice
 * @room: size of @buf
 */
void installed_how_to_get(char *buf, size_t room)
{
	char path[PATH_LEN];
	bool debian = file_exists(cli_path(path, "/etc/debian_version"));

	if (!has_dkms_source())
		snprintf(buf, room, "install the package scx-loop-cap-dkms");
	else if (file_exists(cli_path(path, "/lib/modules/%s/build/",
				      kernel_release())))
		snprintf(buf, room,
			 "build it with: dkms autoinstall -k %s (if that fails, the log is in /var/lib/dkms)",
			 kernel_release());
	else if (debian)
		snprintf(buf, room,
			 "install linux-headers-%s, then DKMS builds the module",
			 kernel_release());
	else
		snprintf(buf, room,
			 "install kernel-devel-%s, then build it with: dkms autoinstall -k %s",
			 kernel_release(), kernel_release());
}

/**
 * installed_report_missing - report that there is no module for the running kernel
 *
 * Return: the exit code.
 */
int installed_report_missing(void)
{
	char advice[512];

	installed_how_to_get(advice, sizeof(advice));
	return cli_error(CODE_NO_MODULE, "there is no module for this kernel (%s); %s",
			 kernel_release(), advice);
}
