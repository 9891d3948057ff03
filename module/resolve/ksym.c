// SPDX-License-Identifier: GPL-2.0
/*
 * Reaches what the running kernel does not export.
 *
 * A kprobe gives the address of kallsyms_lookup_name(), which looks up all others.
 * Unexported functions are called through static_call() only: it compiles to a
 * direct call. An indirect one would trip kernel control flow integrity, or
 * fault under IBT where the target was sealed.
 *
 * Everything here runs in process context while the module loads.
 */
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/static_call.h>
#include <linux/uaccess.h>

#include "btf.h"
#include "ksym.h"
#include "layout.h"
#include "why.h"

DEFINE_STATIC_CALL_NULL(slc_ksym_lookup_name, kallsyms_lookup_name);
DEFINE_STATIC_CALL_NULL(slc_ksym_lookup_size, kallsyms_lookup_size_offset);
DEFINE_STATIC_CALL_NULL(slc_ksym_call_on_each, kallsyms_on_each_symbol);
DEFINE_STATIC_CALL_NULL(slc_ksym_call_ftrace_location, ftrace_location);

struct slc_layout slc_layout __ro_after_init;

static u8 *slc_ksym_text_buf;

/**
 * slc_ksym_init - find the kernel's symbol table
 * @why: after an error, what was missing
 *
 * Context: process context, may sleep. Must succeed before any other function
 * of this file is called.
 * Return: 0, or -EOPNOTSUPP.
 */
int slc_ksym_init(struct slc_why *why)
{
	struct kprobe kp = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long addr;
	int ret;

	ret = register_kprobe(&kp);
	if (ret)
		return slc_why_set(why, -EOPNOTSUPP,
				   "no kprobe on kallsyms_lookup_name (error %d)", ret);
	addr = (unsigned long)kp.addr;
	unregister_kprobe(&kp);
	/* The probe may be after an ENDBR64, which a direct call may skip. */
	static_call_update(slc_ksym_lookup_name,
			   (typeof(kallsyms_lookup_name) *)addr);

	addr = slc_ksym_lookup("kallsyms_lookup_size_offset");
	if (!addr)
		return slc_why_set(why, -EOPNOTSUPP,
				   "no symbol kallsyms_lookup_size_offset");
	static_call_update(slc_ksym_lookup_size,
			   (typeof(kallsyms_lookup_size_offset) *)addr);

	addr = slc_ksym_lookup("kallsyms_on_each_symbol");
	if (!addr)
		return slc_why_set(why, -EOPNOTSUPP, "no symbol kallsyms_on_each_symbol");
	static_call_update(slc_ksym_call_on_each,
			   (typeof(kallsyms_on_each_symbol) *)addr);

	addr = slc_ksym_lookup("ftrace_location");
	if (!addr)
		return slc_why_set(why, -EOPNOTSUPP, "no symbol ftrace_location");
	static_call_update(slc_ksym_call_ftrace_location,
			   (typeof(ftrace_location) *)addr);
	return 0;
}

/**
 * slc_ksym_lookup - address of a kernel symbol
 * @name: function or variable
 *
 * Context: process context; walks the symbol table.
 * Return: the address, or 0 if there is no such symbol. Per-CPU variables are
 * returned as kallsyms shows them, without the offset of a CPU.
 */
unsigned long slc_ksym_lookup(const char *name)
{
	return static_call(slc_ksym_lookup_name)(name);
}

/**
 * slc_ksym_ftrace_location - where ftrace hooks a function
 * @func: its address
 *
 * Context: process context.
 * Return: address of the instruction that ftrace patches, 0 if it cannot
 * patch this function. See ftrace_location().
 */
unsigned long slc_ksym_ftrace_location(unsigned long func)
{
	return static_call(slc_ksym_call_ftrace_location)(func);
}

/**
 * slc_ksym_int - value of one of the kernel's own variables
 * @name: a global int
 * @otherwise: what to return if there is no such variable
 *
 * Context: process context.
 * Return: its value.
 */
int slc_ksym_int(const char *name, int otherwise)
{
	unsigned long addr = slc_ksym_lookup(name);
	int val;

	if (!addr || copy_from_kernel_nofault(&val, (const void *)addr, sizeof(val)))
		return otherwise;
	return val;
}

/**
 * slc_ksym_ftrace_is_off - has an administrator switched all of ftrace off?
 *
 * Context: process context.
 * Return: true if so, by the sysctl kernel.ftrace_enabled. Newer kernels still have
 * that, but do not let it be 0.
 */
bool slc_ksym_ftrace_is_off(void)
{
	return !slc_ksym_int("ftrace_enabled", 1);
}

static unsigned long slc_ksym_size(unsigned long addr)
{
	unsigned long size, offset;

	if (!static_call(slc_ksym_lookup_size)(addr, &size, &offset) || offset)
		return 0;
	return size;
}

static void slc_ksym_each(slc_symbol_fn fn, void *data)
{
	static_call(slc_ksym_call_on_each)(fn, data);
}

static const char *slc_ksym_where(unsigned long addr, unsigned long *start)
{
	static char slc_ksym_name[KSYM_SYMBOL_LEN];
	unsigned long size, offset;

	if (!static_call(slc_ksym_lookup_size)(addr, &size, &offset))
		return NULL;
	*start = addr - offset;
	sprint_symbol_no_offset(slc_ksym_name, addr);
	return slc_ksym_name;
}

static const u8 *slc_ksym_text(unsigned long addr, size_t len)
{
	/* The resolver reads megabytes. */
	cond_resched();
	if (len > SLC_TEXT_MAX ||
	    copy_from_kernel_nofault(slc_ksym_text_buf, (const void *)addr, len))
		return NULL;
	return slc_ksym_text_buf;
}

/**
 * slc_ksym_resolve - resolve the layout of the running kernel into slc_layout
 * @why: as for slc_layout_resolve()
 *
 * Context: process context, may sleep.
 * Return: as slc_layout_resolve(), or -ENOMEM.
 */
int slc_ksym_resolve(struct slc_why *why)
{
	unsigned long start = slc_ksym_lookup("__start_BTF");
	unsigned long stop = slc_ksym_lookup("__stop_BTF");
	struct slc_btf btf = {};
	struct slc_kernel kernel = {
		.btf	= &btf,
		.lookup	= slc_ksym_lookup,
		.each	= slc_ksym_each,
		.where	= slc_ksym_where,
		.size	= slc_ksym_size,
		.text	= slc_ksym_text,
	};
	int ret;

	/*
	 * A kernel without BTF cannot have sched_ext; let the resolver say so
	 * with an empty index instead of complaining about BTF.
	 */
	if (start && stop > start) {
		ret = slc_btf_open(&btf, (const void *)start, stop - start);
		if (ret) {
			if (ret != -ENOMEM)
				ret = slc_why_set(why, -EOPNOTSUPP,
						  "the kernel's BTF is not understood");
			goto out;
		}
	}
	slc_ksym_text_buf = kvmalloc(SLC_TEXT_MAX, GFP_KERNEL);
	if (!slc_ksym_text_buf) {
		ret = -ENOMEM;
		goto out;
	}
	ret = slc_layout_resolve(&kernel, &slc_layout, why);
	kvfree(slc_ksym_text_buf);
	slc_ksym_text_buf = NULL;
out:
	slc_btf_close(&btf);
	return ret;
}
