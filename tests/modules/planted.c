// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one of several bugs each time it is loaded, to test that the debug kernel of
 * "make test-debug" reports them. Loading it always fails, so it need not be unloaded.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static char *what = "";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "the bug: bounds, freed, sleep, cpu, locks, context, object or leak");

static DEFINE_SPINLOCK(one);
static DEFINE_SPINLOCK(other);
static DEFINE_MUTEX(sleeping);

static void read_byte(const char *p)
{
	pr_info("planted: %d\n", READ_ONCE(*p));
}

static void planted_bounds(void)
{
	char *p = kzalloc(16, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	if (p)
		read_byte(p + 16);
	kfree(p);
}

static void planted_freed(void)
{
	char *p = kzalloc(16, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	if (p)
		read_byte(p);
}

static void planted_sleep(void)
{
	local_irq_disable();
	might_sleep();
	local_irq_enable();
}

static void planted_cpu(void)
{
	pr_info("planted: CPU %u\n", smp_processor_id());
}

static void planted_locks(void)
{
	spin_lock(&one);
	spin_lock(&other);
	spin_unlock(&other);
	spin_unlock(&one);

	spin_lock(&other);
	spin_lock(&one);
	spin_unlock(&one);
	spin_unlock(&other);
}

/* The mutex is not contended, so it does not sleep: only a checker can report this. */
static void planted_context(void)
{
	spin_lock(&one);
	mutex_lock(&sleeping);
	mutex_unlock(&sleeping);
	spin_unlock(&one);
}

static void planted_work_fn(struct work_struct *work)
{
}

/* Free a delayed work while its timer is pending. */
static void planted_object(void)
{
	struct delayed_work *work = kzalloc(sizeof(*work), GFP_KERNEL);

	if (!work)
		return;
	INIT_DELAYED_WORK(work, planted_work_fn);
	schedule_delayed_work(work, 1000 * HZ);
	kfree(work);
}

static void planted_leak(void)
{
	void *p = kzalloc(4000, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static const struct {
	const char *name;
	void (*fn)(void);
} bugs[] = {
	{ "bounds", planted_bounds },
	{ "freed", planted_freed },
	{ "sleep", planted_sleep },
	{ "cpu", planted_cpu },
	{ "locks", planted_locks },
	{ "context", planted_context },
	{ "object", planted_object },
	{ "leak", planted_leak },
};

static int __init planted_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (!strcmp(what, bugs[i].name)) {
			bugs[i].fn();
			return -ECANCELED;
		}
	}
	return -EINVAL;
}
module_init(planted_init);

MODULE_DESCRIPTION("Bugs that the debug kernel must report, for the tests of scx_loop_cap");
MODULE_LICENSE("GPL");
