// SPDX-License-Identifier: GPL-2.0
/* What the module says in the kernel's log while something is done with it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "kmsg.h"

/* As long as a record of the log may be; see kernel/printk. */
#define RECORD_MAX	8192

#define PREFIX		"scx_loop_cap: "

/**
 * kmsg_begin - remember where the log ends now
 *
 * Return: to be handed to kmsg_end(). Not being able to read the log is no error.
 */
int kmsg_begin(void)
{
	char path[PATH_LEN];
	int fd;

	fd = open(cli_path(path, "/dev/kmsg"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/**
 * kmsg_end - find the module's last line since then
 * @fd: from kmsg_begin(); is closed
 * @after: what the line has to begin with, behind the module's name
 * @line: set to what follows that
 * @room: size of @line
 *
 * Return: whether there is one; if not, @line is empty.
 */
bool kmsg_end(int fd, const char *after, char *line, size_t room)
{
	char record[RECORD_MAX + 1], *text;
	size_t skip = strlen(PREFIX);
	ssize_t n;

	*line = '\0';
	if (fd < 0)
		return false;
	for (;;) {
		n = read(fd, record, RECORD_MAX);
		/* EPIPE: records were overwritten before they were read. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		/* "priority,sequence,time,flags;text", then more lines. */
		text = strchr(record, ';');
		if (!text || strncmp(++text, PREFIX, skip))
			continue;
		text += skip;
		if (strncmp(text, after, strlen(after)))
			continue;
		text += strlen(after);
		snprintf(line, room, "%.*s", (int)strcspn(text, "\n"), text);
	}
	close(fd);
	return *line;
}
