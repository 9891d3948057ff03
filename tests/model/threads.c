// SPDX-License-Identifier: GPL-2.0
/*
 * The module with one thread for each CPU, for ThreadSanitizer.
 *
 *	model_threads SECONDS
 *
 * Real files of the module, as they are: all of gate/, report/ and control/, kick.c and main.c.
 * The threads:
 *
 * - one for each CPU runs dispatch loops with random results, nested ones as well; the two
 *   CPUs of a core share the lock of their run queues and dispatch for each other;
 * - one loads and unloads the module, by the functions that main.c hands to module_init() and
 *   module_exit();
 * - one reads all files in sysfs, one writes the limits, and the reporter of report/log.c.
 *
 * A CPU has its own copy of all per-CPU data. That its lock is held and its interrupts are off
 * in the gate is true here as well, and synchronize_rcu() is a wait until each CPU had its
 * interrupts on. So what ThreadSanitizer reports is an access that the kernel does not order
 * either.
 *
 * After each unload the counters must be those of the rounds that went through the gate. An
 * entry that slc_hit_read() returns must be of one hit, and not of two.
 */
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "../../module/attach/attach.h"
#include "../../module/attach/host.h"
#include "../../module/gate/counters.h"
#include "../../module/gate/hit.h"
#include "../../module/report/stats.h"
#include "../../module/resolve/ksym.h"
#include "../../module/resolve/layout.h"
#include "../../module/resolve/why.h"

#include "adapter.h"
#include "machine.h"

#define SCHEDS		8
#define TASKS		4
#define CAP		8

struct sim_class sim_idle_class = { "idle" };
static struct sim_class ext_class = { "ext" };

struct sim_kernel sim_kernel = {
	.flush_args = SLC_FLUSH_SCH_RQ,
	.dspc_at = SLC_DSPC_SCHED,
	.levels = 2,
	.cap = CAP,
	.global_at = SLC_GLOBAL_PNODE,
	.core_sched = true,
	.instances = true,
};

DEFINE_PER_CPU_ALIGNED(struct rq, sim_runqueues);
/* The first half of them are outermost ones. */
static struct sched scheds[SCHEDS];
struct dsp_ctx *sim_dsp_ctx_ptr, *sim_dsp_ctx_template;
struct sched *sim_root;
void *sim_sched_list;
struct pnode **sim_pnodes;
char sim_ops[128];
struct sim_stats sim_stats;
u32 limits_loop, limits_pick;

static struct task tasks[MODEL_CPUS][TASKS];
static pthread_mutex_t core_locks[MODEL_CPUS / 2];

/* What the threads tell each other. */
static bool stop_cpus, stop_others;
static u64 quiescent[MODEL_CPUS];
static bool flush_patched, host_patched;
static u64 rounds_through_gate, loops_of_all;

/* Who reads or writes a file holds it to read, who makes or removes files to write. */
static pthread_rwlock_t files_lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static u64 nr_loads;

void __noreturn sim_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	abort();
}

static u32 random_below(u32 n)
{
	static _Thread_local u64 state;
	static u64 next_seed = 88172645463325252ULL;

	if (!state)
		state = __atomic_add_fetch(&next_seed, 0x9e3779b97f4a7c15ULL, __ATOMIC_RELAXED);
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (u32)(state >> 33) % n;
}

/* --- what shim.h declares ------------------------------------------------ */

void *model_current(void)
{
	return READ_ONCE(sim_rq(model_cpu)->curr);
}

void set_tsk_need_resched(struct task_struct *task)
{
}

u64 model_clock(void)
{
	static u64 now = 1000000000;

	return __atomic_add_fetch(&now, 1000, __ATOMIC_RELAXED);
}

void model_irq_wait(void)
{
	usleep(20);
}

void model_rcu_read_lock(void)
{
}

void model_rcu_read_unlock(void)
{
}

void model_trace_scx_loop_cap_hit(u32 cpu, u32 rounds, u32 limit, u32 level, u64 cgroup, u32 kind,
				  const char *ops)
{
}

void model_printk(const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (getenv("SIM_SAY"))
		fputs(line, stderr);
}

static void synchronize_rcu(void)
{
	u64 seen[MODEL_CPUS];
	unsigned int cpu;

	for (cpu = 0; cpu < MODEL_CPUS; cpu++)
		seen[cpu] = __atomic_load_n(&quiescent[cpu], __ATOMIC_SEQ_CST);
	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		while (__atomic_load_n(&quiescent[cpu], __ATOMIC_SEQ_CST) == seen[cpu])
			usleep(20);
	}
}

/* --- kernel threads: there is one, the reporter -------------------------- */

static struct kthread {
	pthread_t	thread;
	pthread_mutex_t	lock;
	pthread_cond_t	woken;
	int		(*fn)(void *arg);
	void		*arg;
	int		state;
	bool		should_stop;
	bool		gone;
} reporter = { .lock = PTHREAD_MUTEX_INITIALIZER, .woken = PTHREAD_COND_INITIALIZER };

static void *kthread_run(void *arg)
{
	schedule();
	reporter.fn(reporter.arg);
	return NULL;
}

struct task_struct *kthread_create(int (*fn)(void *arg), void *arg, const char *name)
{
	reporter.fn = fn;
	reporter.arg = arg;
	reporter.state = TASK_IDLE;
	reporter.should_stop = false;
	__atomic_store_n(&reporter.gone, false, __ATOMIC_SEQ_CST);
	if (pthread_create(&reporter.thread, NULL, kthread_run, NULL))
		return (void *)(long)-EAGAIN;
	return (void *)&reporter;
}

int wake_up_process(struct task_struct *task)
{
	CHECK(!__atomic_load_n(&reporter.gone, __ATOMIC_SEQ_CST));
	pthread_mutex_lock(&reporter.lock);
	__atomic_store_n(&reporter.state, TASK_RUNNING, __ATOMIC_SEQ_CST);
	pthread_cond_signal(&reporter.woken);
	pthread_mutex_unlock(&reporter.lock);
	return 1;
}

int kthread_stop(struct task_struct *task)
{
	__atomic_store_n(&reporter.should_stop, true, __ATOMIC_SEQ_CST);
	wake_up_process(task);
	pthread_join(reporter.thread, NULL);
	__atomic_store_n(&reporter.gone, true, __ATOMIC_SEQ_CST);
	return 0;
}

bool kthread_should_stop(void)
{
	return __atomic_load_n(&reporter.should_stop, __ATOMIC_SEQ_CST);
}

void set_current_state(int state)
{
	__atomic_store_n(&reporter.state, state, __ATOMIC_SEQ_CST);
}

long schedule_timeout(long ticks)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	/* Ten times as fast as the kernel's. */
	if (ticks != MAX_SCHEDULE_TIMEOUT)
		until.tv_nsec += ticks * (1000000000 / HZ / 10);
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&reporter.lock);
	while (__atomic_load_n(&reporter.state, __ATOMIC_SEQ_CST) != TASK_RUNNING) {
		if (ticks == MAX_SCHEDULE_TIMEOUT)
			pthread_cond_wait(&reporter.woken, &reporter.lock);
		else if (pthread_cond_timedwait(&reporter.woken, &reporter.lock, &until))
			break;
	}
	pthread_mutex_unlock(&reporter.lock);
	return 0;
}

void schedule(void)
{
	schedule_timeout(MAX_SCHEDULE_TIMEOUT);
}

long schedule_timeout_idle(long ticks)
{
	set_current_state(TASK_IDLE);
	schedule_timeout(ticks);
	set_current_state(TASK_RUNNING);
	return 0;
}

/* --- sysfs --------------------------------------------------------------- */

struct kobject *kernel_kobj;

/* The module's directory, and stats/ in it. */
static struct dir {
	struct kobject	kobj;
	bool		exists;
	const struct attribute *const *attrs;
	const struct bin_attribute *bin_attr;
} top_dir, stats_dir;

static struct dir *dir_of(struct kobject *kobj)
{
	return container_of(kobj, struct dir, kobj);
}

struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	if (parent != kernel_kobj) {
		CHECK(parent == &top_dir.kobj && !strcmp(name, "stats"));
		return &stats_dir.kobj;
	}
	CHECK(!strcmp(name, "scx_loop_cap"));
	pthread_rwlock_wrlock(&files_lock);
	nr_loads++;
	pthread_rwlock_unlock(&files_lock);
	return &top_dir.kobj;
}

/* Waits for readers and writers, as the kernel does. */
void kobject_del(struct kobject *kobj)
{
	pthread_rwlock_wrlock(&files_lock);
	dir_of(kobj)->exists = false;
	pthread_rwlock_unlock(&files_lock);
}

void kobject_put(struct kobject *kobj)
{
}

int sysfs_create_files(struct kobject *kobj, const struct attribute *const *attrs)
{
	pthread_rwlock_wrlock(&files_lock);
	dir_of(kobj)->attrs = attrs;
	dir_of(kobj)->exists = true;
	pthread_rwlock_unlock(&files_lock);
	return 0;
}

int sysfs_create_bin_file(struct kobject *kobj, const struct bin_attribute *attr)
{
	pthread_rwlock_wrlock(&files_lock);
	dir_of(kobj)->bin_attr = attr;
	pthread_rwlock_unlock(&files_lock);
	return 0;
}

void sysfs_notify(struct kobject *kobj, const char *dir, const char *attr)
{
}

/* --- resolve/ and attach/ ------------------------------------------------ */

/* main.c calls slc_hit_init() and slc_kick_init() itself. */
int slc_ksym_init(struct slc_why *why)
{
	return 0;
}

int slc_ksym_resolve(struct slc_why *why)
{
	adapter_layout();
	return 0;
}

unsigned long slc_ksym_lookup(const char *name)
{
	CHECK(!strcmp(name, "irq_work_queue_on"));
	return (unsigned long)irq_work_queue_on;
}

int slc_attach_choose(const char *name, struct slc_why *why)
{
	return 0;
}

const char *slc_attach_backend(void)
{
	return "threads";
}

const char *slc_attach_state(void)
{
	if (!__atomic_load_n(&flush_patched, __ATOMIC_RELAXED))
		return "disabled";
	return slc_stats_unknown_callers() ? "degraded" : "active";
}

int slc_attach(struct slc_why *why)
{
	adapter_set_originals();
	__atomic_store_n(&flush_patched, true, __ATOMIC_RELEASE);
	return 0;
}

void slc_detach(void)
{
	__atomic_store_n(&flush_patched, false, __ATOMIC_RELEASE);
	synchronize_rcu();
}

bool slc_host_possible(void)
{
	return true;
}

int slc_host_attach(struct slc_why *why)
{
	adapter_set_original_host();
	__atomic_store_n(&host_patched, true, __ATOMIC_RELEASE);
	return 0;
}

void slc_host_detach(void)
{
	if (!__atomic_load_n(&host_patched, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&host_patched, false, __ATOMIC_RELEASE);
	synchronize_rcu();
}

void slc_host_release(void)
{
	slc_host_detach();
}

/* --- CPUs ---------------------------------------------------------------- */

static _Thread_local struct rq *dispatch_rq;
static _Thread_local struct sched *child;

static void lock_core(void)
{
	pthread_mutex_lock(&core_locks[model_cpu / 2]);
}

static void unlock_core(void)
{
	pthread_mutex_unlock(&core_locks[model_cpu / 2]);
}

static struct dsp_ctx *dsp_ctx_of(struct sched *sch)
{
	return this_cpu_ptr((struct dsp_ctx *)sch->pcpu);
}

static void switch_to(struct rq *rq, struct task *next)
{
	if (next == rq->curr)
		return;
	WRITE_ONCE(rq->curr, next);
	WRITE_ONCE(rq->nr_switches, rq->nr_switches + 1);
}

void sim_flush_sch_rq(void *data, void *runqueue)
{
	struct sched *sch = data;
	struct rq *rq = runqueue;
	struct dsp_ctx *ctx = dsp_ctx_of(sch);

	switch (random_below(16)) {
	case 0:
		WRITE_ONCE(rq->local_nr, rq->local_nr + 1);
		break;
	case 1:
		__atomic_add_fetch(&sch->node_0.global_dsq.nr, 1, __ATOMIC_RELAXED);
		break;
	case 2:
	case 3:
		unlock_core();
		sched_yield();
		lock_core();
		break;
	}
	WRITE_ONCE(ctx->nr_tasks, ctx->nr_tasks + !!random_below(24));
}

void sim_flush_rq(void *rq, void *unused)
{
	sim_flush_sch_rq(&scheds[0], rq);
}

static void flush(struct sched *sch, struct rq *rq, unsigned long site)
{
	if (!__atomic_load_n(&flush_patched, __ATOMIC_ACQUIRE)) {
		sim_flush_sch_rq(sch, rq);
		return;
	}
	if (site != SIM_SITE_PASS)
		__atomic_add_fetch(&rounds_through_gate, 1, __ATOMIC_RELAXED);
	adapter_flush(sch, rq, site);
}

static bool consume(struct sched *sch, struct rq *rq)
{
	u32 nr = __atomic_load_n(&sch->node_0.global_dsq.nr, __ATOMIC_RELAXED);

	if (!nr || !__atomic_compare_exchange_n(&sch->node_0.global_dsq.nr, &nr, nr - 1, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return false;
	WRITE_ONCE(rq->local_nr, rq->local_nr + 1);
	return true;
}

static bool dispatch_loop(struct sched *sch, struct rq *rq)
{
	struct dsp_ctx *ctx = dsp_ctx_of(sch);
	u32 rounds = 0;

	do {
		WRITE_ONCE(ctx->nr_tasks, 0);
		if (!sch->level && !random_below(4)) {
			dispatch_rq = rq;
			child = &scheds[SCHEDS / 2 + random_below(SCHEDS / 2)];
			if (__atomic_load_n(&flush_patched, __ATOMIC_ACQUIRE))
				adapter_sub_dispatch(1);
			else
				sim_sub_dispatch(1, 2, 3, 4, 5, 6);
		}
		if (!random_below(8))
			flush(sch, rq, SIM_SITE_PASS);
		flush(sch, rq, sch->level ? SIM_SITE_NESTED : SIM_SITE_ROOT);
		if ((rq->curr->flags & SIM_QUEUED) && rq->curr->slice)
			return true;
		if (rq->local_nr || consume(sch, rq))
			return true;
		if (++rounds == CAP)
			break;
	} while (READ_ONCE(ctx->nr_tasks));
	return false;
}

unsigned long sim_sub_dispatch(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
			       unsigned long e, unsigned long f)
{
	return dispatch_loop(child, dispatch_rq);
}

unsigned long sim_host(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		       unsigned long e, unsigned long f)
{
	return dispatch_loop(&scheds[random_below(SCHEDS / 2)], (struct rq *)a);
}

static void schedule_once(unsigned int cpu)
{
	struct rq *rq = sim_rq(cpu ^ !random_below(4));
	struct task *next;

	lock_core();
	if (__atomic_load_n(&host_patched, __ATOMIC_ACQUIRE))
		adapter_host((unsigned long)rq, 2);
	else
		sim_host((unsigned long)rq, 2, 3, 4, 5, 6);
	next = &tasks[cpu][random_below(TASKS)];
	WRITE_ONCE(next->flags, random_below(2) ? SIM_QUEUED : 0);
	WRITE_ONCE(next->slice, !random_below(8));
	rq = sim_rq(cpu);
	switch_to(rq, next);
	if (rq->local_nr)
		WRITE_ONCE(rq->local_nr, rq->local_nr - 1);
	unlock_core();
}

static void *cpu_thread(void *arg)
{
	unsigned int cpu = (unsigned int)(unsigned long)arg;
	u32 late = 0;

	model_cpu = cpu;
	while (!__atomic_load_n(&stop_cpus, __ATOMIC_RELAXED)) {
		schedule_once(cpu);
		/* That of another CPU may take its time to arrive. */
		if (!late && !random_below(64))
			late = random_below(400);
		late -= !!late;
		if (!late)
			model_irq_run();
		__atomic_add_fetch(&quiescent[cpu], 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

/* --- readers and writers ------------------------------------------------- */

static void check_sched(const struct slc_hit_sched *s)
{
	unsigned int nr;

	CHECK(sscanf(s->last.sched.ops, "sched%u", &nr) == 1);
	CHECK(nr < SCHEDS && s->last.sched.sch == &scheds[nr]);
	CHECK(s->last.sched.level == scheds[nr].level);
	CHECK(s->last.sched.cgroup == scheds[nr].cgroup);
	CHECK(s->last.sched.instance == scheds[nr].dir.id);
	CHECK(s->last.kinds && s->hits + s->pick_hits > s->before + s->pick_before);
	CHECK(s->max_rounds >= s->last.rounds && s->max_pick_rounds >= s->last.pick_rounds);
}

static void read_dir(const struct dir *dir)
{
	static char buf[PAGE_SIZE];
	const struct attribute *const *attr;

	for (attr = dir->attrs; *attr; attr++) {
		struct kobj_attribute *a = container_of(*attr, struct kobj_attribute, attr);

		CHECK(a->show(NULL, a, buf) > 0 || !strcmp((*attr)->name, "by_ops"));
	}
	if (dir->bin_attr)
		dir->bin_attr->read((void *)buf, NULL, dir->bin_attr, buf, 0, sizeof(buf));
}

static void read_hits(void)
{
	struct slc_hit_sched sched;
	u32 cpu, i;

	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		for (i = 0; i < SLC_HIT_SCHEDS; i++) {
			if (slc_hit_read((int)cpu, i, &sched))
				check_sched(&sched);
		}
	}
}

static void *reader_thread(void *arg)
{
	u64 rounds, last = 0, load = 0;

	while (!__atomic_load_n(&stop_others, __ATOMIC_RELAXED)) {
		pthread_rwlock_rdlock(&files_lock);
		if (top_dir.exists)
			read_dir(&top_dir);
		if (stats_dir.exists) {
			read_dir(&stats_dir);
			read_hits();
			rounds = slc_stats_rounds();
			CHECK(load != nr_loads || rounds >= last);
			last = rounds;
			load = nr_loads;
		}
		pthread_rwlock_unlock(&files_lock);
		usleep(100);
	}
	return NULL;
}

static void write_file(const char *name, const char *value)
{
	const struct attribute *const *attr;

	for (attr = top_dir.attrs; *attr; attr++) {
		struct kobj_attribute *a = container_of(*attr, struct kobj_attribute, attr);

		if (!strcmp((*attr)->name, name)) {
			CHECK(a->store(NULL, a, value, strlen(value)) == (ssize_t)strlen(value));
			return;
		}
	}
	CHECK(!"no such file");
}

static void *writer_thread(void *arg)
{
	static const char *const values[] = { "1", "2", "3\n", "7", "8", "9", "20", "100" };

	while (!__atomic_load_n(&stop_others, __ATOMIC_RELAXED)) {
		pthread_rwlock_rdlock(&files_lock);
		if (top_dir.exists) {
			write_file("limit", values[random_below(ARRAY_SIZE(values))]);
			write_file("pick_limit", random_below(4) ?
				   values[random_below(ARRAY_SIZE(values))] : "0");
		}
		pthread_rwlock_unlock(&files_lock);
		usleep(random_below(2000));
	}
	return NULL;
}

/* A fresh module: its static per-CPU data is zero. */
static void load_and_unload(u32 ms)
{
	u64 through, all;

	adapter_fresh_percpu();
	/* With restarts the host stays attached; without, the limit decides. */
	sim_kernel.picks_restart = random_below(2);
	__atomic_store_n(&rounds_through_gate, 0, __ATOMIC_RELAXED);
	CHECK(!model_module_init());
	usleep(ms * 1000);
	model_module_exit();
	through = __atomic_load_n(&rounds_through_gate, __ATOMIC_RELAXED);
	all = slc_stats_rounds();
	if (through != all) {
		fprintf(stderr, "%llu rounds went through the gate, it counted %llu\n", through,
			all);
		abort();
	}
	loops_of_all += slc_stats_loops();
	sim_stats.rounds += all;
	sim_stats.inputs++;
}

static void init_machine(void)
{
	void **at = &sim_sched_list;
	unsigned int i, t;

	model_percpu_reset();
	sim_root = &scheds[0];
	for (i = 0; i < SCHEDS; i++) {
		struct sched *s = &scheds[i];

		s->level = i >= SCHEDS / 2;
		s->cgroup = s->level ? 100 + i : 1;
		s->dir.id = 1000 + i;
		s->node = &s->dir;
		s->pnode = &s->node_0;
		s->pnodes = &s->pnode;
		s->pcpu = alloc_percpu(struct dsp_ctx);
		snprintf(s->name, sizeof(s->name), "sched%u", i);
		*at = &s->next_in_list;
		at = &s->next_in_list;
	}
	*at = &sim_sched_list;
	for (i = 0; i < MODEL_CPUS; i++) {
		sim_rq(i)->cpu = i;
		sim_rq(i)->curr = &tasks[i][0];
		sim_rq(i)->core_enabled = 1;
		for (t = 0; t < TASKS; t++)
			tasks[i][t].class = t ? &ext_class : &sim_idle_class;
	}
	for (i = 0; i < ARRAY_SIZE(core_locks); i++)
		pthread_mutex_init(&core_locks[i], NULL);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 2);
	pthread_t threads[MODEL_CPUS], reader, writer;
	unsigned long i;

	init_machine();
	for (i = 0; i < MODEL_CPUS; i++)
		pthread_create(&threads[i], NULL, cpu_thread, (void *)i);
	pthread_create(&reader, NULL, reader_thread, NULL);
	pthread_create(&writer, NULL, writer_thread, NULL);
	do {
		load_and_unload(random_below(8) ? random_below(10) : random_below(100));
	} while (time(NULL) < end);
	__atomic_store_n(&stop_others, true, __ATOMIC_RELAXED);
	pthread_join(reader, NULL);
	pthread_join(writer, NULL);
	__atomic_store_n(&stop_cpus, true, __ATOMIC_RELAXED);
	for (i = 0; i < MODEL_CPUS; i++)
		pthread_join(threads[i], NULL);
	printf("%llu loads: %llu rounds, %llu loops\n", sim_stats.inputs, sim_stats.rounds,
	       loops_of_all);
	return 0;
}
