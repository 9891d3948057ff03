// SPDX-License-Identifier: GPL-2.0
/* Reads the module's messages from the kernel log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "kmsg.h"

/* Longest record that /dev/kmsg returns; see kernel/printk. */
#define RECORD_MAX	8192

#define PREFIX		"scx_loop_cap: "

/**
 * kmsg_open - open the kernel log at its end, before an operation on the module
 *
 * Return: a descriptor for kmsg_last_line(), which accepts it also if the open failed.
 */
int kmsg_open(void)
{
	char path[PATH_LEN];
	int fd;

	fd = open(cli_path(path, "/dev/kmsg"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/**
 * kmsg_last_line - get the last message that the module logged since kmsg_open()
 * @fd: from kmsg_open(); is closed
 * @after: text that the message has to begin with, after "scx_loop_cap: "
 * @line: set to the rest of the message
 * @room: size of @line
 *
 * Return: true if there is such a message; otherwise @line is empty.
 */
bool kmsg_last_line(int fd, const char *after, char *line, size_t room)
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
		/* A record is "priority,sequence,time,flags;text" and further lines. */
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
