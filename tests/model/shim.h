/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stands for all headers of the kernel that module/gate/, kick.c and report/ include, so that
 * these files compile in user space as they are. The Makefile forces it into each of them, and
 * makes an empty file for each kernel header that they name.
 *
 * What it does as the kernel: per-CPU data, accesses that other CPUs may see, sequence
 * counters, irq_works. A simulated CPU is an index, model_cpu: the fuzzed model sets it before
 * it calls the gate, and in threads.c each thread has its own.
 *
 * READ_ONCE() and WRITE_ONCE() are relaxed atomics: ThreadSanitizer then reports an access of
 * shared data that has none of them.
 */
#ifndef _MODEL_SHIM_H
#define _MODEL_SHIM_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
/* As in the kernel, where it is not the type of uint64_t. */
typedef unsigned long long u64;
typedef int32_t s32;
typedef long long s64;

#define U32_MAX		UINT32_MAX
#define U64_MAX		ULLONG_MAX

/* --- the compiler -------------------------------------------------------- */

#undef __always_inline
#ifdef MODEL_COVERAGE
/* One copy of each function, so that each branch is one. */
#define __always_inline		inline __attribute__((unused))
#else
#define __always_inline		inline __attribute__((always_inline))
#endif
#define noinline		__attribute__((noinline))
#define __noreturn		__attribute__((noreturn))
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define notrace
#define __percpu
#define __init
#define __exit
#define __read_mostly
#define __noendbr
#define L1_CACHE_BYTES		64
#define ____cacheline_aligned	__attribute__((aligned(L1_CACHE_BYTES)))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define static_assert(cond, text...)	_Static_assert(cond, "" text)
#define typeof			__typeof__
#define offsetofend(type, member)	(offsetof(type, member) + sizeof(((type *)0)->member))
#define container_of(ptr, type, member)	((type *)(void *)((char *)(ptr) - offsetof(type, member)))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define min(a, b)		({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b)		({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define ilog2(n)		(63 - __builtin_clzll(n))

/* Where the hooks are called from; set before each call. */
extern _Thread_local unsigned long model_ret_ip;
#define _RET_IP_		model_ret_ip

/* --- accesses that other CPUs see ---------------------------------------- */

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, val)	__atomic_store_n(&(x), (val), __ATOMIC_RELAXED)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define xchg(p, val)		__atomic_exchange_n(p, val, __ATOMIC_SEQ_CST)

/*
 * Within a reader's section ThreadSanitizer looks away: the copy that it makes may be torn, and
 * is then made again. The check that none gets out is in threads.c.
 */
#if defined(__SANITIZE_THREAD__)
#define MODEL_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MODEL_TSAN 1
#endif
#endif
#ifdef MODEL_TSAN
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
#define model_torn_begin()	AnnotateIgnoreReadsBegin(__FILE__, __LINE__)
#define model_torn_end()	AnnotateIgnoreReadsEnd(__FILE__, __LINE__)
#else
#define model_torn_begin()	((void)0)
#define model_torn_end()	((void)0)
#endif

typedef struct {
	unsigned int sequence;
} seqcount_t;

static inline void seqcount_init(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, 0);
}

static inline void raw_write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}

static inline void raw_write_seqcount_end(seqcount_t *s)
{
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

static inline unsigned int raw_read_seqcount_begin(const seqcount_t *s)
{
	unsigned int seq;

	do {
		seq = smp_load_acquire(&s->sequence);
	} while (seq & 1);
	model_torn_begin();
	return seq;
}

static inline bool read_seqcount_retry(const seqcount_t *s, unsigned int seq)
{
	model_torn_end();
	smp_rmb();
	return READ_ONCE(s->sequence) != seq;
}

#define rcu_read_lock()		model_rcu_read_lock()
#define rcu_read_unlock()	model_rcu_read_unlock()
void model_rcu_read_lock(void);
void model_rcu_read_unlock(void);

/* --- per-CPU data -------------------------------------------------------- */

/*
 * As in the kernel the address of a per-CPU variable is that of a template, and each CPU has a
 * copy of all of them at an offset of its own.
 */
#define MODEL_CPUS		4

extern _Thread_local unsigned int model_cpu;
extern unsigned long model_cpu_offset[MODEL_CPUS];
extern unsigned long model_online;

#define DEFINE_PER_CPU(type, name)	\
	__attribute__((section("model_percpu"))) typeof(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name)	\
	DEFINE_PER_CPU(type, name) ____cacheline_aligned
#define DECLARE_PER_CPU_ALIGNED(type, name)	extern DEFINE_PER_CPU_ALIGNED(type, name)
#define per_cpu_ptr(ptr, cpu)	\
	((typeof(ptr))(void *)((unsigned long)(ptr) + model_cpu_offset[cpu]))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))
#define __my_cpu_offset		model_cpu_offset[model_cpu]
#define per_cpu_offset(cpu)	model_cpu_offset[cpu]
#define this_cpu_ptr(ptr)	per_cpu_ptr(ptr, model_cpu)
#define this_cpu_read(var)	READ_ONCE(*this_cpu_ptr(&(var)))
#define raw_cpu_read		this_cpu_read
#define this_cpu_write(var, val)	WRITE_ONCE(*this_cpu_ptr(&(var)), val)
#define this_cpu_inc(var)	this_cpu_write(var, this_cpu_read(var) + 1)
#define alloc_percpu(type)	((type *)model_alloc_percpu(sizeof(type)))
#define free_percpu(ptr)	model_free_percpu(ptr)
void *model_alloc_percpu(size_t size);
void model_free_percpu(void *ptr);

#define nr_cpu_ids		MODEL_CPUS
#define smp_processor_id()	model_cpu
#define num_possible_cpus()	MODEL_CPUS
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < MODEL_CPUS; (cpu)++)
#define cpu_online(cpu)		(READ_ONCE(model_online) >> (cpu) & 1)

/* --- the rest ------------------------------------------------------------ */

/* The kernel patches the call; here it is a pointer. */
#define DEFINE_STATIC_CALL(key, func)		typeof(func) *model_call_##key = func
#define DEFINE_STATIC_CALL_NULL(key, func)	typeof(func) *model_call_##key
#define static_call(key)	smp_load_acquire(&model_call_##key)
#define static_call_update(key, func)	smp_store_release(&model_call_##key, func)

struct irq_work {
	void		(*func)(struct irq_work *work);
	unsigned int	flags;
};

#define IRQ_WORK_INIT_HARD(f)	((struct irq_work){ .func = (f) })
bool irq_work_queue(struct irq_work *work);
bool irq_work_queue_on(struct irq_work *work, int cpu);
void irq_work_sync(struct irq_work *work);

struct task_struct;
#define current			((struct task_struct *)model_current())
void *model_current(void);
void set_tsk_need_resched(struct task_struct *task);
#define set_preempt_need_resched()	((void)0)

#define ktime_get_boot_fast_ns()	model_clock()
u64 model_clock(void);

#define HZ			250
/* A counter that runs with 1 GHz. */
#define rdtsc()			model_clock()
#define tsc_khz			1000000
#define NSEC_PER_MSEC		1000000
#define mul_u64_u64_div_u64(a, b, c)	((a) * (b) / (c))
#define numa_node_id()		0
#define jiffies			((unsigned long)(model_clock() / 4000000))
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)

/* module/arch/x86/entry.h */
#define MCOUNT_INSN_SIZE	5
#define CALL_INSN_OPCODE	0xe8
#define INT3_INSN_OPCODE	0xcc
#define copy_from_kernel_nofault(dst, src, size)	(memcpy(dst, src, size), 0)

/* A tracepoint is a call of model_trace_NAME() with the same arguments. */
#define TP_PROTO(args...)	args
#define TP_ARGS(args...)	args
#define TRACE_EVENT(name, proto, args, fields, assign, print)	\
void model_trace_##name(proto);					\
static inline void trace_##name(proto)				\
{								\
	model_trace_##name(args);				\
}								\
static inline void trace_##name(proto)

#endif /* _MODEL_SHIM_H */
