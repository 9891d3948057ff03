// SPDX-License-Identifier: GPL-2.0
/*
 * Finds who else has patched a function, for the log.
 *
 * Livepatches can be listed. For a direct call of ftrace, which is also how BPF
 * programs are attached, the kernel does not tell the owner, but tracefs shows where
 * the call goes.
 */
#include <linux/list.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "../resolve/ksym.h"
#include "../resolve/layout.h"
#include "../resolve/why.h"
#include "conflict.h"

#ifdef CONFIG_LIVEPATCH
/* Does a livepatch replace this function of the kernel? */
static bool slc_conflict_replaces(struct klp_patch *patch, const char *name)
{
	struct klp_object *obj;
	struct klp_func *func;

	klp_for_each_object(patch, obj) {
		if (obj->name)
			continue;
		klp_for_each_func(obj, func) {
			if (!func->nop && !strcmp(func->old_name, name))
				return true;
		}
	}
	return false;
}

/**
 * slc_conflict_livepatch - has another livepatch replaced a function?
 * @name: the function
 * @why: names it, if so
 *
 * Context: process context, may sleep.
 * Return: true if so.
 */
bool slc_conflict_livepatch(const char *name, struct slc_why *why)
{
	struct list_head *patches;
	struct klp_patch *patch;
	struct mutex *lock;		/* of livepatch, protects its list */
	bool found = false;

	patches = (struct list_head *)slc_ksym_lookup("klp_patches");
	lock = (struct mutex *)slc_ksym_lookup("klp_mutex");
	if (!patches || !lock)
		return false;
	mutex_lock(lock);
	list_for_each_entry(patch, patches, list) {
		if (patch->mod == THIS_MODULE || !slc_conflict_replaces(patch, name))
			continue;
		slc_why_set(why, -EBUSY, "livepatch \"%s\" has replaced %s",
			    patch->mod->name, name);
		found = true;
		break;
	}
	mutex_unlock(lock);
	return found;
}

/**
 * slc_conflict_transition - is another livepatch being applied or removed?
 * @why: names it, if so
 *
 * Meanwhile the kernel refuses all others.
 *
 * Context: process context, may sleep.
 * Return: true if so.
 */
bool slc_conflict_transition(struct slc_why *why)
{
	unsigned long addr = slc_ksym_lookup("klp_transition_patch");
	struct list_head *patches;
	struct klp_patch *patch;
	struct mutex *lock;		/* of livepatch, protects its list */
	const void *transition;
	bool found = false;

	patches = (struct list_head *)slc_ksym_lookup("klp_patches");
	lock = (struct mutex *)slc_ksym_lookup("klp_mutex");
	if (!addr || !patches || !lock)
		return false;
	mutex_lock(lock);
	transition = slc_layout_ptr((const void *)addr, 0);
	list_for_each_entry(patch, patches, list) {
		if (patch != transition)
			continue;
		slc_why_set(why, -EBUSY,
			    "livepatch \"%s\" is in transition, and there can be only one",
			    patch->mod->name);
		found = true;
		break;
	}
	mutex_unlock(lock);
	return found;
}
#endif /* CONFIG_LIVEPATCH */

/**
 * slc_conflict_explain - find what keeps functions from being replaced
 * @targets: the functions
 * @nr: how many
 * @why: set to what it is
 *
 * Context: process context, may sleep; after an attempt failed with -EBUSY.
 */
void slc_conflict_explain(const struct slc_target *targets, unsigned int nr,
			  struct slc_why *why)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (slc_conflict_livepatch(targets[i].name, why))
			return;
	}
	if (slc_ksym_ftrace_is_off()) {
		slc_why_set(why, -EBUSY,
			    "ftrace is switched off, see sysctl kernel.ftrace_enabled");
		return;
	}
	slc_why_set(why, -EBUSY,
		    "another patch owns %s%s%s, see enabled_functions in tracefs",
		    targets[0].name, nr > 1 ? " or " : "",
		    nr > 1 ? targets[1].name : "");
}
