// SPDX-License-Identifier: GPL-2.0
/* The deadline of --timeout, shared by load and unload. */
#include <time.h>

#include "deadline.h"

#define POLL_NS		50000000

static struct timespec deadline;

/**
 * deadline_set - start the timeout
 * @seconds: length of the timeout
 */
void deadline_set(unsigned long long seconds)
{
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += (time_t)seconds;
}

/**
 * deadline_sleep - sleep for 50 ms, unless the deadline has passed
 *
 * Return: true if it slept, so that the caller polls again; false after the deadline.
 */
bool deadline_sleep(void)
{
	struct timespec now, poll = { .tv_nsec = POLL_NS };

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > deadline.tv_sec ||
	    (now.tv_sec == deadline.tv_sec && now.tv_nsec >= deadline.tv_nsec))
		return false;
	nanosleep(&poll, NULL);
	return true;
}
