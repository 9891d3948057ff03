/* SPDX-License-Identifier: GPL-2.0 */
/* What the module needs to know of the running kernel, resolved at load. */
#ifndef _SLC_LAYOUT_H
#define _SLC_LAYOUT_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "btf.h"

struct slc_why;

/* Room for call sites of the flush that are not a round. */
#define SLC_PASS_SITES_MAX	8

/**
 * enum slc_flush_args - the parameters of the kernel's flush function
 * @SLC_FLUSH_RQ: flush(rq)
 * @SLC_FLUSH_SCH_RQ: flush(sch, rq)
 * @SLC_FLUSH_RQ_RF: flush(rq, rf)
 */
enum slc_flush_args {
	SLC_FLUSH_RQ,
	SLC_FLUSH_SCH_RQ,
	SLC_FLUSH_RQ_RF,
};

/**
 * enum slc_dspc_at - where the per-CPU dispatch context is found
 * @SLC_DSPC_POINTER: a global variable points to it
 * @SLC_DSPC_STRUCT: it is a per-CPU variable itself
 * @SLC_DSPC_SCHED: it is part of each scheduler's per-CPU area
 */
enum slc_dspc_at {
	SLC_DSPC_POINTER,
	SLC_DSPC_STRUCT,
	SLC_DSPC_SCHED,
};

/**
 * struct slc_layout - addresses and offsets of the running kernel
 * @flush_name: name of the flush
 * @host_name: the function that contains the outermost loop
 * @flush: address of the flush
 * @host: address of that function
 * @sub_dispatch: address of scx_bpf_sub_dispatch(), which runs a child
 *	scheduler's loop; 0 where there is none
 * @root_site: return address of the outermost loop's call of the flush
 * @nested_site: the same for a child scheduler's loop; 0 where there is none
 * @pass_sites: return addresses of calls of the flush that are not a round
 * @dspc: address of scx_dsp_ctx; unused with %SLC_DSPC_SCHED
 * @ops: address of scx_ops; 0 where the name is in struct scx_sched
 * @ext_class: address of ext_sched_class
 * @sched_all: address of scx_sched_all, the list of schedulers; or 0
 * @root: address of the pointer to the outermost scheduler, or up to 6.15 to
 *	what stands for it in sysfs; or 0
 * @flush_args: parameters of the flush
 * @dspc_at: how the dispatch context is reached
 * @nr_pass_sites: how many of @pass_sites there are
 * @sch_pcpu: struct scx_sched, pcpu; used with %SLC_DSPC_SCHED
 * @dspc_nr_tasks: nr_tasks, from the start of the per-CPU area
 * @rq_curr: struct rq, curr: the task that the loop calls prev
 * @rq_cpu: struct rq, cpu
 * @rq_nr_switches: struct rq, nr_switches
 * @rq_local_nr: struct rq, scx.local_dsq.nr
 * @task_flags: struct task_struct, scx.flags
 * @task_slice: struct task_struct, scx.slice
 * @task_queued: SCX_TASK_QUEUED
 * @task_class: struct task_struct, sched_class
 * @sch_level: struct scx_sched, level; used where @nested_site is not 0
 * @sch_cgroup: struct scx_sched, ops.sub_cgroup_id; the same
 * @sch_node: its directory in sysfs, from what @root points to
 * @node_id: struct kernfs_node, id, which is never given out twice; or 0
 * @sch_all: struct scx_sched, all: the node in @sched_all
 * @ops_name: offset of the scheduler's name from @ops or struct scx_sched
 * @ops_name_len: room for it, the terminating NUL included
 * @kernel_limit: the kernel's own cap in rounds; 0 where it has none
 * @host_ret: mask of the bits of the result of @host, which are 0 if it found no
 *	task to run; 0 where that is not known
 */
struct slc_layout {
	const char		*flush_name;
	const char		*host_name;
	unsigned long		flush;
	unsigned long		host;
	unsigned long		sub_dispatch;
	unsigned long		root_site;
	unsigned long		nested_site;
	unsigned long		pass_sites[SLC_PASS_SITES_MAX];
	unsigned long		dspc;
	unsigned long		ops;
	unsigned long		ext_class;
	unsigned long		sched_all;
	unsigned long		root;
	enum slc_flush_args	flush_args;
	enum slc_dspc_at	dspc_at;
	u32			nr_pass_sites;
	u32			sch_pcpu;
	u32			dspc_nr_tasks;
	u32			rq_curr;
	u32			rq_cpu;
	u32			rq_nr_switches;
	u32			rq_local_nr;
	u32			task_flags;
	u32			task_slice;
	u32			task_queued;
	u32			task_class;
	u32			sch_level;
	u32			sch_cgroup;
	u32			sch_node;
	u32			node_id;
	u32			sch_all;
	u32			ops_name;
	u32			ops_name_len;
	u32			kernel_limit;
	u64			host_ret;
};

/**
 * struct slc_kernel - access to the kernel that is to be resolved
 * @btf: its type information
 * @lookup: returns the address of a symbol, 0 if there is none
 * @size: returns the size in bytes of the function at an address, 0 if unknown
 * @text: returns @len readable bytes of machine code at @addr, or NULL; valid
 *	until the next call
 *
 * The module fills this in with the running kernel, the unit tests with the
 * image of another one.
 */
struct slc_kernel {
	const struct slc_btf	*btf;
	unsigned long		(*lookup)(const char *name);
	unsigned long		(*size)(unsigned long addr);
	const u8		*(*text)(unsigned long addr, size_t len);
};

int slc_layout_resolve(const struct slc_kernel *kernel,
		       struct slc_layout *layout, struct slc_why *why);

#ifdef __KERNEL__
/* The running kernel's layout; constant once the module is loaded. */
extern struct slc_layout slc_layout;
#endif

/*
 * These accessors are the only way to touch kernel memory whose layout is not known at
 * build time. Offsets come from struct slc_layout. The members have at most 64 bits and
 * are naturally aligned, so a read that races with their owner returns the old or the new
 * value. The rq lock protects what is written.
 */

/**
 * slc_layout_u32 - read a member of 32 bits
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: any in which the structure cannot be freed.
 * Return: its value.
 */
static __always_inline u32 slc_layout_u32(const void *base, u32 offset)
{
	return READ_ONCE(*(const u32 *)((const char *)base + offset));
}

/**
 * slc_layout_u64 - read a member of 64 bits
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: any in which the structure cannot be freed.
 * Return: its value.
 */
static __always_inline u64 slc_layout_u64(const void *base, u32 offset)
{
	return READ_ONCE(*(const u64 *)((const char *)base + offset));
}

/**
 * slc_layout_ptr - read a member that is a pointer
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: any in which the structure cannot be freed.
 * Return: its value.
 */
static __always_inline void *slc_layout_ptr(const void *base, u32 offset)
{
	return READ_ONCE(*(void *const *)((const char *)base + offset));
}

/**
 * slc_layout_str - address of a member that is an array of characters
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: any.
 * Return: its first character.
 */
static __always_inline const char *slc_layout_str(const void *base, u32 offset)
{
	return (const char *)base + offset;
}

/**
 * slc_layout_container - the structure that contains a member
 * @member: address of the member
 * @offset: of the member, in bytes
 *
 * Context: any.
 * Return: the structure.
 */
static __always_inline const void *slc_layout_container(const void *member,
							u32 offset)
{
	return (const char *)member - offset;
}

/**
 * slc_layout_set_u32 - write a member of 32 bits
 * @base: the structure
 * @offset: of the member, in bytes
 * @val: its new value
 *
 * Context: rq lock held.
 */
static __always_inline void slc_layout_set_u32(void *base, u32 offset, u32 val)
{
	WRITE_ONCE(*(u32 *)((char *)base + offset), val);
}

#endif /* _SLC_LAYOUT_H */
