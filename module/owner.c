// SPDX-License-Identifier: GPL-2.0
/*
 * Finds out who else has patched a function, for the log.
 *
 * Livepatches can be listed. Of a direct call, which is also how BPF programs
 * are attached to functions, the kernel does not tell whose it is, but it shows
 * where it goes.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "ksym.h"
#include "layout.h"
#include "owner.h"

#ifdef CONFIG_LIVEPATCH
/* Does a livepatch replace this function of the kernel? */
static bool owner_patches(struct klp_patch *patch, const char *name)
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
 * scx_owner_livepatch - has another livepatch replaced a function?
 * @name: the function
 * @why: room for %SCX_WHY_LEN bytes; set to which one, if so
 *
 * Context: process context, may sleep.
 * Return: true if so.
 */
bool scx_owner_livepatch(const char *name, char *why)
{
	struct list_head *patches;
	struct klp_patch *patch;
	struct mutex *lock;		/* of livepatch, protects its list */
	bool found = false;

	patches = (struct list_head *)scx_ksym_lookup("klp_patches");
	lock = (struct mutex *)scx_ksym_lookup("klp_mutex");
	if (!patches || !lock)
		return false;
	mutex_lock(lock);
	list_for_each_entry(patch, patches, list) {
		if (patch->mod == THIS_MODULE || !owner_patches(patch, name))
			continue;
		snprintf(why, SCX_WHY_LEN, "livepatch \"%s\" has replaced %s",
			 patch->mod->name, name);
		found = true;
		break;
	}
	mutex_unlock(lock);
	return found;
}

/**
 * scx_owner_in_transition - is another livepatch being applied or removed?
 * @why: room for %SCX_WHY_LEN bytes; set to which one, if so
 *
 * Meanwhile the kernel refuses all others.
 *
 * Context: process context, may sleep.
 * Return: true if so.
 */
bool scx_owner_in_transition(char *why)
{
	unsigned long addr = scx_ksym_lookup("klp_transition_patch");
	struct list_head *patches;
	struct klp_patch *patch;
	struct mutex *lock;		/* of livepatch, protects its list */
	const void *transition;
	bool found = false;

	patches = (struct list_head *)scx_ksym_lookup("klp_patches");
	lock = (struct mutex *)scx_ksym_lookup("klp_mutex");
	if (!addr || !patches || !lock)
		return false;
	mutex_lock(lock);
	transition = scx_layout_ptr((const void *)addr, 0);
	list_for_each_entry(patch, patches, list) {
		if (patch != transition)
			continue;
		snprintf(why, SCX_WHY_LEN,
			 "livepatch \"%s\" is in transition, and there can be only one",
			 patch->mod->name);
		found = true;
		break;
	}
	mutex_unlock(lock);
	return found;
}
#else
bool scx_owner_livepatch(const char *name, char *why)
{
	return false;
}
#endif

/**
 * scx_owner_tell - say what is in the way of replacing functions
 * @targets: the functions that were to be
 * @nr: how many
 * @why: room for %SCX_WHY_LEN bytes; set to it
 *
 * Context: process context, may sleep; after an attempt failed with -EBUSY.
 */
void scx_owner_tell(const struct scx_target *targets, unsigned int nr,
		    char *why)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (scx_owner_livepatch(targets[i].name, why))
			return;
	}
	if (scx_ksym_ftrace_is_off()) {
		snprintf(why, SCX_WHY_LEN,
			 "ftrace is switched off, see sysctl kernel.ftrace_enabled");
		return;
	}
	snprintf(why, SCX_WHY_LEN,
		 "somebody else has patched %s%s%s, see enabled_functions in tracefs",
		 targets[0].name, nr > 1 ? " or " : "",
		 nr > 1 ? targets[1].name : "");
}
