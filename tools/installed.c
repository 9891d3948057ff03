// SPDX-License-Identifier: GPL-2.0
/* Is there a module for the running kernel? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli.h"
#include "files.h"
#include "installed.h"

static const char *release(void)
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
	cli_path(path, "/lib/modules/%s/modules.dep", release());
	text = rest = file_read(path, NULL);
	while (text && !found && (line = strsep(&rest, "\n"))) {
		const char *base;

		line[strcspn(line, ":")] = '\0';
		base = strrchr(line, '/');
		base = base ? base + 1 : line;
		if (strncmp(base, "scx_loop_cap.ko", 15))
			continue;
		snprintf(file, room, "/lib/modules/%s/%s", release(), line);
		found = true;
	}
	free(text);
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

	if (file_exists(cli_path(path, "/lib/modules/%s/build/", release())))
		snprintf(buf, room,
			 "build it with: dkms autoinstall -k %s (if that fails, /var/lib/dkms/scx_loop_cap has the log)",
			 release());
	else if (file_exists(cli_path(path, "/etc/debian_version")))
		snprintf(buf, room,
			 "install linux-headers-%s, which makes DKMS build it",
			 release());
	else
		snprintf(buf, room,
			 "install kernel-devel-%s, then build it with: dkms autoinstall -k %s",
			 release(), release());
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
			 release(), advice);
}
