/* SPDX-License-Identifier: GPL-2.0 */
/* Functions that the loaders of the schedulers share. */
#ifndef LOADER_H
#define LOADER_H

#include <stdbool.h>
#include <sys/types.h>
#include <linux/types.h>

#define STATUS_MS		100
#define TIMEOUT_MS_DFL		5000
#define TIMEOUT_MS_MAX		30000	/* SCX_WATCHDOG_MAX_TIMEOUT */

/* enum scx_exit_kind: unloaded from user space */
#define EXIT_UNREG		64

/* Exit status of a loader */
enum {
	RC_OK = 0,
	RC_LOAD = 1,
	RC_USAGE = 2,
	RC_EJECTED = 3,
};

struct bpf_object;

/* The directory in which loaded schedulers are pinned, NULL: they are not pinned. */
extern const char *pin_dir;

unsigned long long parse_number(int c, const char *arg, unsigned long long min,
				unsigned long long max);
void let_libbpf_print(bool print);
__u64 now_ns(void);
void init_child(pid_t parent);
void block_stop_signals(void);
bool wait_for_stop(void);
void set_ops_name(const struct bpf_object *obj, void *ops, const char *type,
		  const char *name);
void pin(const char *name, unsigned int timeout_ms, const char *what, int fd);
int find_pin(const char *name, unsigned int timeout_ms, const char *what);
void *find_pinned_bss(const char *name, unsigned int timeout_ms, size_t size);
void unpin(const char *name, unsigned int timeout_ms);

#endif /* LOADER_H */
