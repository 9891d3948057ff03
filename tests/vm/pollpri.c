// SPDX-License-Identifier: GPL-2.0
/*
 * Waits for a change of a sysfs file with poll(), as a monitoring agent does.
 *
 *	# pollpri /sys/kernel/scx_loop_cap/stats/hits 10000
 *	0
 *	27
 *
 * prints the content, waits up to 10000 ms for POLLPRI, and prints the new content. Exit
 * status: 0 if the file changed, 1 on timeout, 2 on error.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int show(int fd)
{
	char buf[64];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);

	if (n < 0) {
		perror("read");
		return -1;
	}
	fwrite(buf, 1, (size_t)n, stdout);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct pollfd pfd = { .events = POLLPRI };
	int ret;

	if (argc != 3) {
		fprintf(stderr, "usage: pollpri FILE MILLISECONDS\n");
		return 2;
	}
	pfd.fd = open(argv[1], O_RDONLY);
	if (pfd.fd < 0) {
		perror(argv[1]);
		return 2;
	}
	if (show(pfd.fd))
		return 2;
	ret = poll(&pfd, 1, atoi(argv[2]));
	if (ret < 0) {
		perror("poll");
		return 2;
	}
	if (!ret)
		return 1;
	return show(pfd.fd) ? 2 : 0;
}
