/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of shim.h for code in process context: main.c, control/ and report/ of the module.
 * Used by threads.c only, where threads stand for the kernel's.
 */
#ifndef _MODEL_SHIM_PROCESS_H
#define _MODEL_SHIM_PROCESS_H

#include <pthread.h>
#include <stdarg.h>

/* --- module and parameters ----------------------------------------------- */

#define THIS_MODULE		NULL
#define KBUILD_MODNAME		"scx_loop_cap"
#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define module_init(f)		int (*const model_module_init)(void) = f
#define module_exit(f)		void (*const model_module_exit)(void) = f
#define MODULE_LICENSE(text)	struct model_unused
#define MODULE_AUTHOR(text)	struct model_unused
#define MODULE_DESCRIPTION(text)	struct model_unused
#define MODULE_VERSION(text)	struct model_unused
#define MODULE_PARM_DESC(name, text)	struct model_unused
#define module_param_cb(name, ops, arg, perm)	\
	const struct kernel_param_ops *const model_param_##name __attribute__((unused)) = ops
#define module_param_named(name, var, type, perm)	struct model_unused
extern int (*const model_module_init)(void);
extern void (*const model_module_exit)(void);

struct kernel_param;
struct kernel_param_ops {
	int	(*set)(const char *val, const struct kernel_param *kp);
	int	(*get)(char *buf, const struct kernel_param *kp);
};

static inline int param_get_uint(char *buf, const struct kernel_param *kp)
{
	return 0;
}

/* --- printing, strings, memory ------------------------------------------- */

__printf(1, 2) void model_printk(const char *fmt, ...);
#define pr_info(fmt, args...)	model_printk(pr_fmt(fmt), ##args)
#define pr_warn			pr_info
#define pr_err			pr_info
#define pr_crit			pr_info

#define PAGE_SIZE		4096
#define GFP_KERNEL		0
#define kvmalloc(size, gfp)	malloc(size)
#define kvmalloc_array(n, size, gfp)	calloc(n, size)
#define kvfree(ptr)		free(ptr)

#define MAX_ERRNO		4095
#define IS_ERR(ptr)		((unsigned long)(ptr) >= (unsigned long)-MAX_ERRNO)
#define PTR_ERR(ptr)		((long)(ptr))

__printf(3, 4)
static inline int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n < (int)size ? n : (int)size - 1;
}

#define sysfs_emit(buf, fmt...)	scnprintf(buf, PAGE_SIZE, fmt)
#define sysfs_emit_at(buf, at, fmt...)	scnprintf((buf) + (at), PAGE_SIZE - (size_t)(at), fmt)

static inline int kstrtoll(const char *text, unsigned int base, long long *val)
{
	char *end;

	errno = 0;
	*val = strtoll(text, &end, (int)base);
	return end == text || (*end && *end != '\n') ? -EINVAL : -errno;
}

static inline ssize_t memory_read_from_buffer(void *to, size_t count, loff_t *pos,
					      const void *from, size_t available)
{
	size_t left = (size_t)*pos < available ? available - (size_t)*pos : 0;

	count = min(count, left);
	memcpy(to, (const char *)from + *pos, count);
	*pos += (loff_t)count;
	return (ssize_t)count;
}

/* --- locks, bits --------------------------------------------------------- */

struct mutex {
	pthread_mutex_t mutex;
};

#define DEFINE_MUTEX(name)	struct mutex name = { PTHREAD_MUTEX_INITIALIZER }
#define mutex_lock(m)		pthread_mutex_lock(&(m)->mutex)
#define mutex_unlock(m)		pthread_mutex_unlock(&(m)->mutex)

#define DECLARE_BITMAP(name, bits)	unsigned long name[((bits) + 63) / 64]
#define bitmap_zero(map, bits)	memset(map, 0, sizeof(map))
#define __set_bit(bit, map)	((map)[(bit) / 64] |= 1UL << (bit) % 64)
#define test_bit(bit, map)	((map)[(bit) / 64] >> (bit) % 64 & 1)

/* --- kernel threads ------------------------------------------------------ */

#define TASK_RUNNING		0
#define TASK_IDLE		1
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

struct task_struct *kthread_create(int (*fn)(void *arg), void *arg, const char *name);
int kthread_stop(struct task_struct *task);
bool kthread_should_stop(void);
int wake_up_process(struct task_struct *task);
void set_current_state(int state);
#define __set_current_state	set_current_state
void schedule(void);
long schedule_timeout(long ticks);
long schedule_timeout_idle(long ticks);
#define sched_set_fifo_low(task)	((void)(task))

/* --- sysfs --------------------------------------------------------------- */

struct file;
struct kobject {
	int	unused;
};

struct attribute {
	const char	*name;
	unsigned int	mode;
};

struct kobj_attribute {
	struct attribute attr;
	ssize_t		(*show)(struct kobject *kobj, struct kobj_attribute *attr, char *buf);
	ssize_t		(*store)(struct kobject *kobj, struct kobj_attribute *attr,
				 const char *buf, size_t count);
};

struct bin_attribute {
	struct attribute attr;
	ssize_t		(*read)(struct file *file, struct kobject *kobj,
				const struct bin_attribute *attr, char *buf, loff_t pos,
				size_t size);
};

#define __ATTR(name_, mode_, show_, store_)	\
	{ .attr = { .name = #name_, .mode = mode_ }, .show = show_, .store = store_ }

extern struct kobject *kernel_kobj;

struct kobject *kobject_create_and_add(const char *name, struct kobject *parent);
void kobject_del(struct kobject *kobj);
void kobject_put(struct kobject *kobj);
int sysfs_create_files(struct kobject *kobj, const struct attribute *const *attrs);
int sysfs_create_bin_file(struct kobject *kobj, const struct bin_attribute *attr);
void sysfs_notify(struct kobject *kobj, const char *dir, const char *attr);

#endif /* _MODEL_SHIM_PROCESS_H */
