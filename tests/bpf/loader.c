// SPDX-License-Identifier: GPL-2.0
/* Functions that the loaders of the schedulers share. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "loader.h"

const char *pin_dir;

static bool verbose;
static sigset_t stop_signals;

/* Parse the numeric argument of option -@c; exit if it is invalid. */
unsigned long long parse_number(int c, const char *arg, unsigned long long min,
				unsigned long long max)
{
	unsigned long long v;
	char *end;

	/* strtoull() alone would accept blanks, signs and an empty string */
	errno = 0;
	v = strtoull(arg, &end, 10);
	if (*arg < '0' || *arg > '9' || *end || errno || v < min || v > max)
		errx(RC_USAGE, "-%c needs a number from %llu to %llu, not \"%s\"",
		     c, min, max, arg);
	return v;
}

static int libbpf_print(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	if (!verbose || level == LIBBPF_DEBUG)
		return 0;
	return vfprintf(stderr, fmt, ap);
}

void let_libbpf_print(bool print)
{
	verbose = print;
	libbpf_set_print(libbpf_print);
}

/* The clock of bpf_ktime_get_ns(). */
__u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* To be called first in every forked task: exit with @parent, and close inherited pipes. */
void init_child(pid_t parent)
{
	int null;

	/* the parent may have died before prctl() */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	/* a reader of a pipe on stdout would not see EOF while these tasks run */
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2; fd++) {
		if (null < 0)
			close(fd);
		else
			dup2(null, fd);
	}
	if (null > 2)
		close(null);
}

/* Block SIGINT and SIGTERM; wait_for_stop() receives them. */
void block_stop_signals(void)
{
	sigemptyset(&stop_signals);
	sigaddset(&stop_signals, SIGINT);
	sigaddset(&stop_signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop_signals, NULL);
}

/* Wait up to STATUS_MS; true if a signal was received. */
bool wait_for_stop(void)
{
	struct timespec tick = { .tv_nsec = STATUS_MS * 1000000L };

	return sigtimedwait(&stop_signals, NULL, &tick) > 0;
}

/* Skeletons do not have members that are arrays, so find the name through BTF. */
void set_ops_name(const struct bpf_object *obj, void *ops, const char *type,
		  const char *name)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_type *t;
	int i;

	t = btf__type_by_id(btf, btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT));
	for (i = 0; t && i < btf_vlen(t); i++) {
		const struct btf_member *m = &btf_members(t)[i];

		if (strcmp(btf__name_by_offset(btf, m->name_off), "name"))
			continue;
		if (strlen(name) >= (size_t)btf__resolve_size(btf, m->type))
			errx(RC_USAGE, "the name %s is too long", name);
		strcpy((char *)ops + btf_member_bit_offset(t, i) / 8, name);
		return;
	}
	errx(RC_LOAD, "the BPF object has no member for the name");
}

/*
 * The path at which @what of a scheduler is pinned. bpffs allows no dots in names. Loaders
 * that use the same names must be built from the same source.
 */
static const char *pin_path(const char *name, unsigned int timeout_ms, const char *what)
{
	static char path[PATH_MAX];
	size_t len = strlen(pin_dir);

	if (snprintf(path, sizeof(path), "%s/%s_%u%s", pin_dir, name, timeout_ms, what) >=
	    (int)sizeof(path))
		errx(RC_USAGE, "-p: the name is too long");
	for (char *c = path + len; *c; c++)
		if (*c == '.')
			*c = '+';
	return path;
}

void pin(const char *name, unsigned int timeout_ms, const char *what, int fd)
{
	if (mkdir(pin_path(name, timeout_ms, ""), 0700) && errno != EEXIST)
		err(RC_LOAD, "cannot create %s", pin_path(name, timeout_ms, ""));
	if (bpf_obj_pin(fd, pin_path(name, timeout_ms, what)))
		err(RC_LOAD, "cannot pin %s", pin_path(name, timeout_ms, what));
}

/* "/ops" is pinned last, so if it exists, the others exist as well. */
int find_pin(const char *name, unsigned int timeout_ms, const char *what)
{
	int fd = bpf_obj_get(pin_path(name, timeout_ms, what));

	if (fd < 0 && strcmp(what, "/ops"))
		err(RC_LOAD, "cannot open %s", pin_path(name, timeout_ms, what));
	return fd;
}

void *find_pinned_bss(const char *name, unsigned int timeout_ms, size_t size)
{
	int fd = find_pin(name, timeout_ms, "/bss");
	void *bss = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (bss == MAP_FAILED)
		err(RC_LOAD, "cannot map %s", pin_path(name, timeout_ms, "/bss"));
	close(fd);
	return bss;
}

void unpin(const char *name, unsigned int timeout_ms)
{
	unlink(pin_path(name, timeout_ms, "/ops"));
	unlink(pin_path(name, timeout_ms, "/bss"));
	unlink(pin_path(name, timeout_ms, "/cpus"));
	unlink(pin_path(name, timeout_ms, "/shared"));
	unlink(pin_path(name, timeout_ms, "/counts"));
	unlink(pin_path(name, timeout_ms, "/schedule"));
	unlink(pin_path(name, timeout_ms, "/pick"));
	unlink(pin_path(name, timeout_ms, "/wait"));
	rmdir(pin_path(name, timeout_ms, ""));
}
