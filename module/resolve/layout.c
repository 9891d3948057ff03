// SPDX-License-Identifier: GPL-2.0
/*
 * What the module needs to know of the running kernel, resolved at load.
 *
 * The dispatch loop has often moved and changed its data structures. Functions (sites.c)
 * and members (below) are rows in tables, with the releases of upstream that have them. The
 * code under these picks the row that matches the symbols, the BTF and the machine code of
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
#include "sites.h"
#include "why.h"

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
	SLC_MEMBER("rq", "balance_callback", 8, rq_balance_callback),
	SLC_MEMBER("rq", "clock_update_flags", 4, rq_clock_flags),
	SLC_MEMBER("task_struct", "sched_class", 8, task_class),
	/* sched_ext's: 6.12 and later, and vendor trees before */
	SLC_MEMBER("rq", "scx.local_dsq.nr", 4, rq_local_nr),
	SLC_MEMBER("task_struct", "scx.flags", 4, task_flags),
	SLC_MEMBER("task_struct", "scx.slice", 8, task_slice),
};

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

/*
 * With CONFIG_SCHED_CORE. Since 7.2 a selection for the CPUs of a core then begins again if
 * a dispatch dropped the rq lock meanwhile.
 */
static int slc_layout_core(const struct slc_kernel *kernel,
			   struct slc_layout *layout, struct slc_why *why)
{
	struct slc_btf_field field;
	s64 retry;
	int ret;

	if (slc_btf_field(kernel->btf, "rq", "core_enabled", &field))
		return 0;
	ret = slc_layout_field(kernel, "rq", "core_enabled", 4, &layout->rq_core_enabled,
			       why);
	if (ret || (slc_btf_field(kernel->btf, "rq", "scx.lock_drop_seq", &field) &&
		    slc_btf_enum(kernel->btf, "SCX_DSP_RETRY", &retry)))
		return ret;
	ret = slc_layout_field(kernel, "rq", "scx.lock_drop_seq", 4,
			       &layout->rq_lock_drop_seq, why);
	layout->restarts = !ret;
	return ret;
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

	ret = slc_btf_param(kernel->btf, SLC_SUB_DISPATCH, SLC_ARCH_REG_PARAMS, &type);
	if (ret != -ERANGE)
		return slc_refuse(why, "the parameters of %s are not known",
				  SLC_SUB_DISPATCH);
	ret = slc_layout_field(kernel, "scx_sched", "level", 4, &layout->sch_level,
			       why);
	if (ret)
		return ret;
	return slc_layout_field(kernel, "scx_sched", "ops.sub_cgroup_id", 8,
				&layout->sch_cgroup, why);
}

/* The section of per-CPU variables. */
struct slc_percpu {
	unsigned long	start;
	unsigned long	end;
};

static int slc_layout_percpu(const struct slc_kernel *kernel, struct slc_percpu *percpu,
			     struct slc_why *why)
{
	percpu->start = kernel->lookup("__per_cpu_start");
	percpu->end = kernel->lookup("__per_cpu_end");
	if (!percpu->end)
		return slc_refuse(why, "no symbol __per_cpu_end");
	/* Up to 6.14 per-CPU data is linked at 0, so 0 may be its address. */
	if (!percpu->start && (long)percpu->end < 0)
		return slc_refuse(why, "no symbol __per_cpu_start");
	return 0;
}

static bool slc_is_percpu(const struct slc_percpu *percpu, unsigned long addr)
{
	return addr >= percpu->start && addr < percpu->end;
}

/* This CPU's rq is found by the address that the kernel's own code uses. */
static int slc_layout_runqueues(const struct slc_kernel *kernel,
				struct slc_layout *layout,
				const struct slc_percpu *percpu, struct slc_why *why)
{
	const char *type;
	u32 kind;

	layout->runqueues = kernel->lookup("runqueues");
	if (!layout->runqueues)
		return slc_refuse(why, "no symbol runqueues");
	if (!slc_is_percpu(percpu, layout->runqueues) ||
	    slc_btf_var(kernel->btf, "runqueues", &kind, &type) ||
	    kind != BTF_KIND_STRUCT || strcmp(type, "rq"))
		return slc_refuse(why, "runqueues is not a per-CPU struct rq");
	return 0;
}

/* scx_dsp_ctx up to 7.0: a pointer to a per-CPU structure, or one itself. */
static int slc_layout_dspc_global(const struct slc_kernel *kernel,
				  struct slc_layout *layout,
				  const struct slc_percpu *percpu, struct slc_why *why)
{
	u32 kind;
	bool is_struct;
	const char *type;
	int ret;

	layout->dspc = kernel->lookup("scx_dsp_ctx");
	if (!layout->dspc)
		return slc_refuse(why, "no symbol %s and no struct %s, member %s",
				  "scx_dsp_ctx", "scx_sched_pcpu",
				  "dsp_ctx.nr_tasks");

	/* BTF lists all per-CPU variables; what it does not list is not per-CPU. */
	ret = slc_btf_var(kernel->btf, "scx_dsp_ctx", &kind, &type);
	if (ret != -ENOENT &&
	    (ret || strcmp(type, "scx_dsp_ctx") ||
	     (kind != BTF_KIND_STRUCT && kind != BTF_KIND_PTR)))
		return slc_refuse(why, "the type of scx_dsp_ctx is not known");
	is_struct = !ret && kind == BTF_KIND_STRUCT;
	if (is_struct != slc_is_percpu(percpu, layout->dspc))
		return slc_refuse(why, "BTF and symbols disagree whether scx_dsp_ctx is per-CPU");

	layout->dspc_at = is_struct ? SLC_DSPC_STRUCT : SLC_DSPC_POINTER;
	return slc_layout_field(kernel, "scx_dsp_ctx", "nr_tasks", 4,
				&layout->dspc_nr_tasks, why);
}

static int slc_layout_dspc(const struct slc_kernel *kernel, struct slc_layout *layout,
			   const struct slc_percpu *percpu, struct slc_why *why)
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
	return slc_layout_dspc_global(kernel, layout, percpu, why);
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
 * A scheduler's global DSQs. Where they are not found the gate is less exact about hits
 * in loops that ended with a task from there.
 */
static void slc_layout_global(const struct slc_kernel *kernel, struct slc_layout *layout)
{
	struct slc_btf_field nr, array, dsq;

	if (slc_btf_field(kernel->btf, "scx_dispatch_q", "nr", &nr) || nr.size != 4)
		return;
	if (layout->flush_args != SLC_FLUSH_SCH_RQ) {
		/* 6.12 to 6.15. Vendor trees before had one for all nodes, with another name. */
		layout->global = kernel->lookup("global_dsqs");
		if (layout->global)
			layout->global_at = SLC_GLOBAL_SYMBOL;
	} else if (!slc_btf_field(kernel->btf, "scx_sched", "global_dsqs", &array)) {
		/* 6.16 to 7.0 */
		if (slc_btf_points_to(kernel->btf, array.type, 2, "scx_dispatch_q"))
			layout->global_at = SLC_GLOBAL_SCHED;
	} else if (!slc_btf_field(kernel->btf, "scx_sched", "pnode", &array) &&
		   !slc_btf_field(kernel->btf, "scx_sched_pnode", "global_dsq", &dsq)) {
		/* 7.1 and later */
		if (slc_btf_points_to(kernel->btf, array.type, 2, "scx_sched_pnode") &&
		    slc_btf_points_to(kernel->btf, dsq.type, 0, "scx_dispatch_q"))
			layout->global_at = SLC_GLOBAL_PNODE;
	}
	if (layout->global_at == SLC_GLOBAL_NONE)
		return;
	layout->dsq_nr = nr.offset;
	if (layout->global_at != SLC_GLOBAL_SYMBOL)
		layout->sch_global = array.offset;
	if (layout->global_at == SLC_GLOBAL_PNODE)
		layout->pnode_global = dsq.offset;
}

/**
 * slc_layout_resolve - find everything the module needs in a kernel
 * @kernel: access to its symbols, types and machine code
 * @layout: filled in; not to be used after an error
 * @why: after an error, what was missing
 *
 * Context: process context while the module loads; not concurrent with itself. Reads all
 * of the kernel's text.
 * Return: 0; -ENODEV if the kernel has no sched_ext; -EOPNOTSUPP if it has, but
 * something is missing or not as expected.
 */
int slc_layout_resolve(const struct slc_kernel *kernel,
		       struct slc_layout *layout, struct slc_why *why)
{
	struct slc_percpu percpu;
	int ret;

	memset(layout, 0, sizeof(*layout));
	why->text[0] = '\0';
	if (!kernel->lookup("ext_sched_class"))
		return slc_why_set(why, -ENODEV,
				   "this kernel has no sched_ext (CONFIG_SCHED_CLASS_EXT)");
	layout->idle_class = kernel->lookup("idle_sched_class");
	if (!layout->idle_class)
		return slc_refuse(why, "no symbol idle_sched_class");
	ret = slc_layout_members(kernel, layout, why);
	if (!ret)
		ret = slc_layout_core(kernel, layout, why);
	if (!ret)
		ret = slc_sites_resolve(kernel, layout, why);
	if (!ret && layout->sub_dispatch)
		ret = slc_layout_nested(kernel, layout, why);
	if (!ret)
		ret = slc_layout_percpu(kernel, &percpu, why);
	if (!ret)
		ret = slc_layout_runqueues(kernel, layout, &percpu, why);
	if (!ret)
		ret = slc_layout_dspc(kernel, layout, &percpu, why);
	if (!ret)
		ret = slc_layout_name(kernel, layout, why);
	if (ret)
		return ret;
	slc_layout_global(kernel, layout);
	return 0;
}
