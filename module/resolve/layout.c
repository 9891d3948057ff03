// SPDX-License-Identifier: GPL-2.0
/*
 * What the module needs to know of the running kernel, resolved at load.
 *
 * The dispatch loop has often moved and changed its data structures. Functions and
 * members are rows in the tables below, with the releases of upstream that have them. The
 * code under them picks the row that matches the symbols, the BTF and the machine code of
 * the kernel. Where the dispatch context and the scheduler's name are is a choice of two
 * places, made in slc_layout_dspc(), slc_layout_name() and slc_layout_scheds(). A kernel
 * that matches nothing is refused; no version number is looked at.
 *
 * All of it runs in process context while the module loads.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../../include/scx_loop_cap.h"
#include "../arch/arch.h"
#include "layout.h"
#include "why.h"

/*
 * The flush, which follows each ops.dispatch(): it moves tasks from the dispatch buffer
 * to the DSQs.
 */
static const struct slc_flush_shape {
	const char		*name;
	const char		*params[2];	/* what they point to */
	enum slc_flush_args	args;
} slc_flush_shapes[] = {
	/* 7.3 and later: the flush is not static any more */
	{ "scx_flush_dispatch_buf", { "scx_sched", "rq" }, SLC_FLUSH_SCH_RQ },
	/* 6.16 to 7.2: struct scx_sched was introduced */
	{ "flush_dispatch_buf", { "scx_sched", "rq" }, SLC_FLUSH_SCH_RQ },
	/* 6.12 to 6.15 */
	{ "flush_dispatch_buf", { "rq" }, SLC_FLUSH_RQ },
	/* vendor trees of 2023 and 2024, before sched_ext was merged in 6.12 */
	{ "flush_dispatch_buf", { "rq", "rq_flags" }, SLC_FLUSH_RQ_RF },
};

/*
 * Functions that may contain the outermost loop. It is a static inline function, or a
 * static one with a single caller, so the compiler decides which of these it is.
 */
static const char * const slc_root_hosts[] = {
	"balance_scx",		/* 6.12 to 6.18: balance_one() is inlined into it */
	"balance_one",		/* 6.12 to 7.2, if not inlined */
	"pick_task_scx",	/* 6.19: it calls balance_one() */
	"do_pick_task_scx",	/* 7.0 and later: the same, since 7.3 dispatch_one() */
	"dispatch_pick",	/* 7.2 and later, if not inlined */
	"dispatch_core_pick",	/* 7.2 and later with CONFIG_SCHED_CORE, the same */
	"dispatch_one",		/* 7.3 and later, if not inlined */
	"scx_dispatch_sched",	/* 7.1 and later, if not inlined */
};

/* A child scheduler's loop. */
static const char * const slc_nested_hosts[] = {
	"scx_bpf_sub_dispatch",	/* 7.1 and later with CONFIG_EXT_SUB_SCHED */
};

/* Functions that call the flush for something that is not a round. */
static const char * const slc_pass_hosts[] = {
	"scx_bpf_consume",		/* 6.12 to 6.16, and vendor trees before */
	"scx_bpf_dsq_move_to_local",	/* 6.13 and later */
	"scx_bpf_dsq_move_to_local___v2",	/* 7.1 and later */
	"scx_dsq_move_to_local",	/* 6.13 and later; not seen, if split off the above */
	"scx_process_sync_ecaps",	/* 7.3 and later with CONFIG_EXT_SUB_SCHED */
};

/* What the loop calls when the kernel's own cap fires. */
static const char * const slc_kick_names[] = {
	"scx_kick_cpu",			/* 6.18 and later */
	"scx_kick_cpu.part.0",		/* the same, split by gcc: 6.18 to 7.1 of Debian */
	"scx_kick_cpu.isra.0",		/* 6.18 and later; not seen, if gcc changes it */
	"scx_kick_cpu.constprop.0",	/* 6.18 and later; not seen, the same */
	"scx_bpf_kick_cpu",		/* 6.12 to 6.17 */
};

/* Members found through BTF. */
static const struct slc_layout_member {
	const char	*type;
	const char	*path;
	u32		size;
	size_t		where;		/* in struct slc_layout */
} slc_members[] = {
#define SLC_MEMBER(type, path, size, field) \
	{ type, path, size, offsetof(struct slc_layout, field) }
	/* the scheduler's own, older than sched_ext */
	SLC_MEMBER("rq", "curr", 8, rq_curr),
	SLC_MEMBER("rq", "cpu", 4, rq_cpu),
	SLC_MEMBER("rq", "nr_switches", 8, rq_nr_switches),
	SLC_MEMBER("task_struct", "sched_class", 8, task_class),
	/* sched_ext's: 6.12 and later, and vendor trees before */
	SLC_MEMBER("rq", "scx.local_dsq.nr", 4, rq_local_nr),
	SLC_MEMBER("task_struct", "scx.flags", 4, task_flags),
	SLC_MEMBER("task_struct", "scx.slice", 8, task_slice),
};

/* What is not as expected in a kernel with sched_ext. */
#define slc_refuse(why, ...)	slc_why_set(why, -EOPNOTSUPP, __VA_ARGS__)

/* Look a member up and check that it has the size the code reads. */
static int slc_layout_field(const struct slc_kernel *kernel, const char *type,
			    const char *path, u32 size, u32 *offset, struct slc_why *why)
{
	struct slc_btf_field field;
	int ret;

	ret = slc_btf_field(kernel->btf, type, path, &field);
	if (ret)
		return slc_refuse(why, "BTF has no usable struct %s, member %s",
				  type, path);
	if (field.size != size)
		return slc_refuse(why,
				  "struct %s, member %s has %u bytes instead of %u",
				  type, path, field.size, size);
	*offset = field.offset;
	return 0;
}

static int slc_layout_members(const struct slc_kernel *kernel,
			      struct slc_layout *layout, struct slc_why *why)
{
	struct slc_btf_field donor;
	s64 queued;
	u32 i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(slc_members); i++) {
		const struct slc_layout_member *m = &slc_members[i];

		ret = slc_layout_field(kernel, m->type, m->path, m->size,
				       (u32 *)((char *)layout + m->where), why);
		if (ret)
			return ret;
	}
	/*
	 * With proxy execution the task that is scheduled and the one that runs
	 * differ, and which one the loop looks at depends on its version.
	 */
	if (!slc_btf_field(kernel->btf, "rq", "donor", &donor) &&
	    donor.offset != layout->rq_curr)
		return slc_refuse(why,
				  "struct rq, donor and curr differ (CONFIG_SCHED_PROXY_EXEC)");

	if (slc_btf_enum(kernel->btf, "SCX_TASK_QUEUED", &queued))
		return slc_refuse(why, "BTF has no enumerator SCX_TASK_QUEUED");
	if (queued <= 0 || queued > U32_MAX)
		return slc_refuse(why, "SCX_TASK_QUEUED is not a flag of 32 bits");
	layout->task_queued = (u32)queued;
	return 0;
}

static bool slc_flush_shape_fits(const struct slc_btf *btf,
				 const struct slc_flush_shape *shape)
{
	const char *type;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(shape->params) && shape->params[i]; i++) {
		if (slc_btf_param(btf, shape->name, i, &type) ||
		    strcmp(type, shape->params[i]))
			return false;
	}
	return slc_btf_param(btf, shape->name, i, &type) == -ERANGE;
}

static int slc_layout_flush(const struct slc_kernel *kernel,
			    struct slc_layout *layout, struct slc_why *why)
{
	const char *seen = NULL;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(slc_flush_shapes); i++) {
		const struct slc_flush_shape *shape = &slc_flush_shapes[i];
		unsigned long addr = kernel->lookup(shape->name);

		if (!addr)
			continue;
		seen = shape->name;
		if (!slc_flush_shape_fits(kernel->btf, shape))
			continue;
		layout->flush = addr;
		layout->flush_name = shape->name;
		layout->flush_args = shape->args;
		return 0;
	}
	if (seen)
		return slc_refuse(why, "the parameters of %s are not known", seen);
	return slc_refuse(why, "no symbol flush_dispatch_buf or scx_flush_dispatch_buf");
}

/*
 * Find the calls of @target in function @name.
 * Return their number, or an error if the function cannot be read.
 */
static int slc_layout_calls(const struct slc_kernel *kernel, const char *name,
			    unsigned long target, unsigned long *ret_addr,
			    struct slc_why *why)
{
	unsigned long addr = kernel->lookup(name), size;
	const u8 *text;

	if (!addr)
		return 0;
	size = kernel->size(addr);
	if (!size)
		return slc_refuse(why, "size of %s is not known", name);
	text = kernel->text(addr, size);
	if (!text)
		return slc_refuse(why, "text of %s cannot be read", name);
	return (int)slc_arch_find_calls(text, size, addr, target, ret_addr);
}

/* Find the one call of the flush among @nr functions; no call is no error. */
static int slc_layout_site(const struct slc_kernel *kernel,
			   struct slc_layout *layout, const char * const *hosts,
			   u32 nr, unsigned long *site, const char **host,
			   struct slc_why *why)
{
	unsigned long ret_addr;
	u32 i;
	int calls;

	for (i = 0; i < nr; i++) {
		calls = slc_layout_calls(kernel, hosts[i], layout->flush,
					 &ret_addr, why);
		if (calls < 0)
			return calls;
		if (!calls)
			continue;
		if (calls > 1)
			return slc_refuse(why, "%s calls %s %d times, expected once",
					  hosts[i], layout->flush_name, calls);
		if (*site)
			return slc_refuse(why, "both %s and %s call %s",
					  *host, hosts[i], layout->flush_name);
		*site = ret_addr;
		*host = hosts[i];
	}
	return 0;
}

/*
 * What it takes to tell child schedulers apart and to refuse to run one. The hook hands
 * on the parameters of the function that runs them unseen, in registers.
 */
static int slc_layout_nested(const struct slc_kernel *kernel,
			     struct slc_layout *layout, struct slc_why *why)
{
	const char *type;
	int ret;

	ret = slc_btf_param(kernel->btf, slc_nested_hosts[0], SLC_ARCH_REG_PARAMS, &type);
	if (ret != -ERANGE)
		return slc_refuse(why, "the parameters of %s are not known",
				  slc_nested_hosts[0]);
	ret = slc_layout_field(kernel, "scx_sched", "level", 4, &layout->sch_level,
			       why);
	if (ret)
		return ret;
	return slc_layout_field(kernel, "scx_sched", "ops.sub_cgroup_id", 8,
				&layout->sch_cgroup, why);
}

static int slc_layout_sites(const struct slc_kernel *kernel,
			    struct slc_layout *layout, struct slc_why *why)
{
	const char *nested_host = NULL;
	unsigned long ret_addr;
	u32 i;
	int ret;

	ret = slc_layout_site(kernel, layout, slc_root_hosts, ARRAY_SIZE(slc_root_hosts),
			      &layout->root_site, &layout->host_name, why);
	if (ret)
		return ret;
	if (!layout->root_site)
		return slc_refuse(why, "no known function calls %s in a dispatch loop",
				  layout->flush_name);

	ret = slc_layout_site(kernel, layout, slc_nested_hosts,
			      ARRAY_SIZE(slc_nested_hosts), &layout->nested_site,
			      &nested_host, why);
	if (ret)
		return ret;
	layout->sub_dispatch = kernel->lookup(slc_nested_hosts[0]);
	/* A kfunc is in BTF exactly if the kernel has it. */
	if (!layout->nested_site &&
	    (layout->sub_dispatch ||
	     slc_btf_find(kernel->btf, slc_nested_hosts[0], BTF_KIND_FUNC) >= 0))
		return slc_refuse(why, "no call of %s found in %s",
				  layout->flush_name, slc_nested_hosts[0]);
	if (layout->nested_site) {
		ret = slc_layout_nested(kernel, layout, why);
		if (ret)
			return ret;
	}
	for (i = 0; i < ARRAY_SIZE(slc_pass_hosts); i++) {
		ret = slc_layout_calls(kernel, slc_pass_hosts[i], layout->flush,
				       &ret_addr, why);
		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		if (ret > 1)
			return slc_refuse(why, "%s calls %s %d times, expected once",
					  slc_pass_hosts[i], layout->flush_name, ret);
		if (layout->nr_pass_sites == SLC_PASS_SITES_MAX)
			return slc_refuse(why, "too many callers of %s",
					  layout->flush_name);
		layout->pass_sites[layout->nr_pass_sites++] = ret_addr;
	}
	return 0;
}

/* scx_dsp_ctx up to 7.0: a pointer to a per-CPU structure, or one itself. */
static int slc_layout_dspc_global(const struct slc_kernel *kernel,
				  struct slc_layout *layout, struct slc_why *why)
{
	unsigned long start = kernel->lookup("__per_cpu_start");
	unsigned long end = kernel->lookup("__per_cpu_end");
	u32 kind;
	bool percpu, in_section;
	const char *type;
	int ret;

	layout->dspc = kernel->lookup("scx_dsp_ctx");
	if (!layout->dspc)
		return slc_refuse(why, "no symbol %s and no struct %s, member %s",
				  "scx_dsp_ctx", "scx_sched_pcpu",
				  "dsp_ctx.nr_tasks");
	if (!end)
		return slc_refuse(why, "no symbol __per_cpu_end");
	/* Up to 6.14 per-CPU data is linked at 0, so 0 may be its address. */
	if (!start && (long)end < 0)
		return slc_refuse(why, "no symbol __per_cpu_start");
	in_section = layout->dspc >= start && layout->dspc < end;

	/* BTF lists all per-CPU variables; what it does not list is not per-CPU. */
	ret = slc_btf_var(kernel->btf, "scx_dsp_ctx", &kind, &type);
	if (ret != -ENOENT &&
	    (ret || strcmp(type, "scx_dsp_ctx") ||
	     (kind != BTF_KIND_STRUCT && kind != BTF_KIND_PTR)))
		return slc_refuse(why, "the type of scx_dsp_ctx is not known");
	percpu = !ret && kind == BTF_KIND_STRUCT;
	if (percpu != in_section)
		return slc_refuse(why, "BTF and symbols disagree whether scx_dsp_ctx is per-CPU");

	layout->dspc_at = percpu ? SLC_DSPC_STRUCT : SLC_DSPC_POINTER;
	return slc_layout_field(kernel, "scx_dsp_ctx", "nr_tasks", 4,
				&layout->dspc_nr_tasks, why);
}

static int slc_layout_dspc(const struct slc_kernel *kernel,
			   struct slc_layout *layout, struct slc_why *why)
{
	struct slc_btf_field field;

	/* 7.1 and later: each scheduler has its own. */
	if (layout->flush_args == SLC_FLUSH_SCH_RQ &&
	    !slc_btf_field(kernel->btf, "scx_sched_pcpu", "dsp_ctx.nr_tasks",
			   &field)) {
		int ret;

		layout->dspc_at = SLC_DSPC_SCHED;
		ret = slc_layout_field(kernel, "scx_sched_pcpu", "dsp_ctx.nr_tasks",
				       4, &layout->dspc_nr_tasks, why);
		if (ret)
			return ret;
		return slc_layout_field(kernel, "scx_sched", "pcpu", 8,
					&layout->sch_pcpu, why);
	}
	return slc_layout_dspc_global(kernel, layout, why);
}

/*
 * A scheduler's directory in sysfs tells whether it is still the same, and still loaded.
 * Where that is not found only the log is less precise.
 */
static void slc_layout_scheds(const struct slc_kernel *kernel,
			      struct slc_layout *layout)
{
	const char *type = "scx_sched", *path = "kobj.sd", *root = "scx_root";
	struct slc_btf_field node, id, rcu, all;

	/* Up to 6.15 there is no struct scx_sched, only its struct kobject. */
	if (layout->flush_args != SLC_FLUSH_SCH_RQ) {
		type = "kobject";
		path = "sd";
		root = "scx_root_kobj";
	}
	layout->root = kernel->lookup(root);
	if (!slc_btf_field(kernel->btf, type, path, &node) && node.size == 8 &&
	    !slc_btf_field(kernel->btf, "kernfs_node", "id", &id) &&
	    id.size == 8 &&
	    !slc_btf_field(kernel->btf, "kernfs_node", "rcu", &rcu)) {
		layout->sch_node = node.offset;
		layout->node_id = id.offset;
	}

	/* From 7.1 on there may be several. */
	if (layout->flush_args == SLC_FLUSH_SCH_RQ &&
	    !slc_btf_field(kernel->btf, "scx_sched", "all", &all) &&
	    all.size == 16) {
		layout->sched_all = kernel->lookup("scx_sched_all");
		layout->sch_all = all.offset;
	}
}

/* The name of the scheduler, for the log and stats/last_hit. */
static int slc_layout_name(const struct slc_kernel *kernel,
			   struct slc_layout *layout, struct slc_why *why)
{
	const char *type = "scx_sched", *path = "ops.name";
	struct slc_btf_field field;

	/* Up to 6.15 there is one scheduler, in a global variable. */
	if (layout->flush_args != SLC_FLUSH_SCH_RQ) {
		type = "sched_ext_ops";
		path = "name";
		layout->ops = kernel->lookup("scx_ops");
		if (!layout->ops)
			return slc_refuse(why, "no symbol scx_ops");
	}
	if (slc_btf_field(kernel->btf, type, path, &field) || !field.size)
		return slc_refuse(why, "BTF has no usable struct %s, member %s",
				  type, path);
	layout->ops_name = field.offset;
	layout->ops_name_len = field.size;
	slc_layout_scheds(kernel, layout);
	return 0;
}

/*
 * gate/rerun.c needs a host whose parameters fit into registers and whose result tells
 * whether it found a task to run. With any other host the limit cannot be above the
 * kernel's own cap.
 */
static void slc_layout_host(const struct slc_kernel *kernel,
			    struct slc_layout *layout)
{
	const char *type;
	u32 size;

	layout->host = kernel->lookup(layout->host_name);
	if (slc_btf_param(kernel->btf, layout->host_name, SLC_ARCH_REG_PARAMS, &type) !=
	    -ERANGE ||
	    slc_btf_return(kernel->btf, layout->host_name, &size))
		return;
	if (size == 1 || size == 4 || size == 8)
		layout->host_ret = U64_MAX >> (64 - 8 * size);
}

/*
 * The enumerator alone does not prove that the loop is capped: the code that uses it may
 * have been removed. A loop with a cap also kicks the CPU. If no call of the kick is
 * found the kernel counts as uncapped and this module ends the loop itself. If there is
 * a cap after all, that does no harm.
 */
static int slc_layout_kernel_limit(const struct slc_kernel *kernel,
				   struct slc_layout *layout, struct slc_why *why)
{
	unsigned long kick, ret_addr;
	s64 max_loops;
	u32 i;
	int calls;

	if (slc_btf_enum(kernel->btf, "SCX_DSP_MAX_LOOPS", &max_loops))
		return 0;
	if (max_loops < SCX_LOOP_CAP_LIMIT_MIN ||
	    max_loops > SCX_LOOP_CAP_LIMIT_MAX)
		return slc_refuse(why, "SCX_DSP_MAX_LOOPS is outside of %d to %d",
				  SCX_LOOP_CAP_LIMIT_MIN, SCX_LOOP_CAP_LIMIT_MAX);
	for (i = 0; i < ARRAY_SIZE(slc_kick_names); i++) {
		kick = kernel->lookup(slc_kick_names[i]);
		if (!kick)
			continue;
		calls = slc_layout_calls(kernel, layout->host_name, kick,
					 &ret_addr, why);
		if (calls < 0)
			return calls;
		if (calls)
			layout->kernel_limit = (u32)max_loops;
	}
	return 0;
}

/**
 * slc_layout_resolve - find everything the module needs in a kernel
 * @kernel: access to its symbols, types and machine code
 * @layout: filled in; not to be used after an error
 * @why: after an error, what was missing
 *
 * Context: process context while the module loads.
 * Return: 0; -ENODEV if the kernel has no sched_ext; -EOPNOTSUPP if it has, but
 * something is missing or not as expected.
 */
int slc_layout_resolve(const struct slc_kernel *kernel,
		       struct slc_layout *layout, struct slc_why *why)
{
	int ret;

	memset(layout, 0, sizeof(*layout));
	why->text[0] = '\0';
	layout->ext_class = kernel->lookup("ext_sched_class");
	if (!layout->ext_class)
		return slc_why_set(why, -ENODEV,
				   "this kernel has no sched_ext (CONFIG_SCHED_CLASS_EXT)");
	ret = slc_layout_members(kernel, layout, why);
	if (!ret)
		ret = slc_layout_flush(kernel, layout, why);
	if (!ret)
		ret = slc_layout_sites(kernel, layout, why);
	if (!ret)
		ret = slc_layout_dspc(kernel, layout, why);
	if (!ret)
		ret = slc_layout_name(kernel, layout, why);
	if (!ret)
		ret = slc_layout_kernel_limit(kernel, layout, why);
	if (!ret)
		slc_layout_host(kernel, layout);
	return ret;
}
