// SPDX-License-Identifier: GPL-2.0
/*
 * Draws a screen of text repeatedly, and restores the terminal at the end.
 *
 * To avoid flicker, each frame overwrites the one before in a single write() and is
 * clipped to the size of the screen. The escape sequences are those of xterm and
 * compatible terminals; none is written if TERM is "dumb".
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "terminal.h"

/* Switch to the alternate screen and hide the cursor, and the reverse. */
#define ENTER		"\033[?1049h\033[?25l\033[2J"
#define LEAVE		"\033[?25h\033[?1049l"
#define HOME		"\033[H"
#define CLEAR_LINE	"\033[K"
#define CLEAR_BELOW	"\033[J"

static bool on_screen, keys;
static struct termios saved;
static sigset_t saved_mask;
static volatile sig_atomic_t quit, resized;

static void on_signal(int sig)
{
	if (sig == SIGWINCH)
		resized = 1;
	else
		quit = 1;
}

/**
 * terminal_usable - check whether stdout is a terminal that can be drawn on
 *
 * Return: true if it is.
 */
bool terminal_usable(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

/**
 * terminal_colour - check whether colours can be used; see no-color.org
 *
 * Return: true if they can.
 */
bool terminal_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return terminal_usable() && !(no && *no);
}

/**
 * terminal_begin - handle signals in terminal_wait(), and prepare the screen
 * @screen: true to prepare the screen; false if only signals are to be handled
 */
void terminal_begin(bool screen)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH,
	};
	struct sigaction action = { .sa_handler = on_signal };
	struct termios raw;
	sigset_t mask;
	unsigned int i;

	/* Signals are delivered only in ppoll(), in terminal_wait(). */
	sigemptyset(&mask);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaddset(&mask, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &mask, &saved_mask);
	if (!screen)
		return;
	on_screen = true;
	keys = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &saved);
	if (keys) {
		raw = saved;
		raw.c_lflag &= (tcflag_t)~(ICANON | ECHO);
		/* Ctrl-Z would leave the terminal in this mode. */
		raw.c_cc[VSUSP] = _POSIX_VDISABLE;
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	terminal_draw("");
}

static void put(const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(STDOUT_FILENO, text, len);
		if (n < 0 && errno != EINTR) {
			/* The terminal is gone. */
			quit = 1;
			return;
		}
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

/* Length in bytes of a line that is clipped to @columns. */
static int clip(const char *line, int columns)
{
	int len = 0, seen = 0;

	while (line[len] && line[len] != '\n') {
		/* Colour sequences have no width and are never clipped. */
		if (line[len] == '\033') {
			while (line[len] && line[len] != 'm')
				len++;
			len += !!line[len];
			continue;
		}
		if (seen++ == columns)
			break;
		len++;
	}
	return len;
}

/**
 * terminal_draw - draw a frame over the one before
 * @text: lines of the frame; "" enters the screen
 */
void terminal_draw(const char *text)
{
	struct winsize size = {};
	char *frame = NULL;
	size_t len = 0;
	FILE *f;
	int row;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ||
	    !size.ws_col) {
		size.ws_row = 24;
		size.ws_col = 80;
	}
	f = open_memstream(&frame, &len);
	if (!f)
		return;
	fputs(*text ? HOME : ENTER, f);
	for (row = 0; *text && row < size.ws_row; row++) {
		if (row)
			fputs("\n", f);
		fprintf(f, "%.*s\033[0m" CLEAR_LINE, clip(text, size.ws_col),
			text);
		text += strcspn(text, "\n");
		text += !!*text;
	}
	/* Not after a last row: clearing there would erase its last column. */
	if (row && row < size.ws_row)
		fputs("\n" CLEAR_BELOW, f);
	if (!fclose(f))
		put(frame, len);
	free(frame);
}

static bool quit_key(void)
{
	char buf[64];
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf)), i;

	/* End of file or an error: the terminal is gone. */
	if (!n || (n < 0 && errno != EINTR && errno != EAGAIN))
		return true;
	for (i = 0; i < n; i++) {
		if (buf[i] == 'q' || buf[i] == 'Q' || buf[i] == 3)
			return true;
	}
	return false;
}

/**
 * terminal_wait - wait until the next frame is due
 * @seconds: time to wait; it ends early if the size of the screen changes
 *
 * Return: false if the user quits, by a key or a signal.
 */
bool terminal_wait(double seconds)
{
	struct timespec now, end, left;
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	long long ns;
	int n;

	clock_gettime(CLOCK_MONOTONIC, &end);
	ns = end.tv_sec * 1000000000LL + end.tv_nsec + (long long)(seconds * 1e9);
	resized = 0;
	while (!quit && !resized) {
		long long rest;

		clock_gettime(CLOCK_MONOTONIC, &now);
		rest = ns - (now.tv_sec * 1000000000LL + now.tv_nsec);
		if (rest < 0)
			rest = 0;
		left.tv_sec = (time_t)(rest / 1000000000);
		left.tv_nsec = (long)(rest % 1000000000);
		n = ppoll(&fd, keys ? 1 : 0, &left, &saved_mask);
		if (n > 0 && quit_key())
			return false;
		if (!n)
			return true;
	}
	return !quit;
}

/** terminal_end - restore the terminal */
void terminal_end(void)
{
	if (!on_screen)
		return;
	put(LEAVE, strlen(LEAVE));
	if (keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	on_screen = false;
}
