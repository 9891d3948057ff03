/* SPDX-License-Identifier: GPL-2.0 */
/* What the module needs to know of the running kernel, resolved at load. */
#ifndef _SLC_LAYOUT_H
#define _SLC_LAYOUT_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "btf.h"

struct slc_why;

/* Room for call sites of the flush, and for the name of a symbol with its NUL. */
#define SLC_SITES_MAX		16
#define SLC_SYMBOL_LEN		64

/**
 * enum slc_site_role - what a call of the flush is part of
 * @SLC_SITE_ROOT: the outermost loop
 * @SLC_SITE_NESTED: a child scheduler's loop
 * @SLC_SITE_PASS: no loop
 */
enum slc_site_role {
	SLC_SITE_ROOT,
	SLC_SITE_NESTED,
	SLC_SITE_PASS,
};

/**
 * struct slc_site - a call site of the flush
 * @ret_addr: its return address
 * @func: the function it is in, without a suffix of the compiler
 * @role: what it is part of
 */
struct slc_site {
	unsigned long		ret_addr;
	const char		*func;
	enum slc_site_role	role;
};

/**
 * struct slc_sites - all call sites of the flush
 * @site: the sites in the order of their roles; the first is in the outermost loop
 * @nr: how many there are, at least one
 *
 * Several sites in the outermost loop are in one function, with its parts: the compiler
 * has duplicated the loop.
 */
struct slc_sites {
	struct slc_site		site[SLC_SITES_MAX];
	u32			nr;
};

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
 * enum slc_global_at - where a scheduler's global DSQs are found, one for each node
 * @SLC_GLOBAL_NONE: not known
 * @SLC_GLOBAL_SYMBOL: a global variable points to an array of pointers to them
 * @SLC_GLOBAL_SCHED: struct scx_sched points to such an array
 * @SLC_GLOBAL_PNODE: struct scx_sched points to an array of pointers to structures that
 *	contain them
 */
enum slc_global_at {
	SLC_GLOBAL_NONE,
	SLC_GLOBAL_SYMBOL,
	SLC_GLOBAL_SCHED,
	SLC_GLOBAL_PNODE,
};

/**
 * struct slc_layout - addresses and offsets of the running kernel
 * @flush_name: symbol of the flush
 * @host_name: symbol of the function that contains the outermost loop
 * @flush: address of the flush
 * @host: address of that function, or 0 if only a part of it was found
 * @sub_dispatch: address of scx_bpf_sub_dispatch(), which runs a child
 *	scheduler's loop; 0 where there is none
 * @sites: all call sites of the flush
 * @dspc: address of scx_dsp_ctx; unused with %SLC_DSPC_SCHED
 * @runqueues: address of runqueues, a per-CPU variable of type struct rq, like @dspc
 *	with %SLC_DSPC_STRUCT
 * @ops: address of scx_ops; 0 where the name is in struct scx_sched
 * @idle_class: address of idle_sched_class
 * @sched_all: address of scx_sched_all, the list of schedulers; or 0
 * @root: address of the pointer to the outermost scheduler, or up to 6.15 to
 *	what stands for it in sysfs; or 0
 * @global: address of global_dsqs; used with %SLC_GLOBAL_SYMBOL
 * @flush_args: parameters of the flush
 * @dspc_at: how the dispatch context is reached
 * @global_at: how global DSQs are reached
 * @sch_pcpu: struct scx_sched, pcpu; used with %SLC_DSPC_SCHED
 * @dspc_nr_tasks: nr_tasks, from the start of the per-CPU area
 * @rq_curr: struct rq, curr: the task that the loop calls prev
 * @rq_cpu: struct rq, cpu
 * @rq_nr_switches: struct rq, nr_switches
 * @rq_local_nr: struct rq, scx.local_dsq.nr
 * @rq_balance_callback: struct rq, balance_callback: NULL if nothing is queued for the
 *	end of the selection
 * @rq_clock_flags: struct rq, clock_update_flags: tells whether the clock of the rq may
 *	be read
 * @rq_core_enabled: struct rq, core_enabled: not 0 while core scheduling is in use; 0
 *	without CONFIG_SCHED_CORE
 * @rq_lock_drop_seq: struct rq, scx.lock_drop_seq: how often a dispatch dropped the rq
 *	lock; used where @restarts
 * @restarts: with core scheduling, this kernel restarts the selection if a dispatch
 *	dropped the rq lock
 * @task_flags: struct task_struct, scx.flags
 * @task_slice: struct task_struct, scx.slice
 * @task_queued: SCX_TASK_QUEUED
 * @task_class: struct task_struct, sched_class
 * @sch_level: struct scx_sched, level; used where @sub_dispatch is not 0
 * @sch_cgroup: struct scx_sched, ops.sub_cgroup_id; the same
 * @sch_node: its directory in sysfs, from what @root points to
 * @node_id: struct kernfs_node, id, which is never given out twice; or 0
 * @sch_all: struct scx_sched, all: the node in @sched_all
 * @sch_global: struct scx_sched, global_dsqs or pnode; not used with %SLC_GLOBAL_SYMBOL
 * @pnode_global: struct scx_sched_pnode, global_dsq; used with %SLC_GLOBAL_PNODE
 * @dsq_nr: struct scx_dispatch_q, nr; not used with %SLC_GLOBAL_NONE
 * @ops_name: offset of the scheduler's name from @ops or struct scx_sched
 * @ops_name_len: room for it, the terminating NUL included
 * @kernel_limit: the kernel's own cap in rounds; 0 where it has none, or where that
 *	cannot be told
 * @max_limit: highest limit for loops that the gate can count with: where it cannot be
 *	told whether the kernel has a cap, what that would be
 * @host_ret: mask of the bits of the result of @host, which are 0 if it found no
 *	task to run; 0 where that is not known
 * @host_rq: number of the parameter of @host, from 0, that is the struct rq *; used where
 *	@host_ret is not 0
 */
struct slc_layout {
	char			flush_name[SLC_SYMBOL_LEN];
	char			host_name[SLC_SYMBOL_LEN];
	unsigned long		flush;
	unsigned long		host;
	unsigned long		sub_dispatch;
	struct slc_sites	sites;
	unsigned long		dspc;
	unsigned long		runqueues;
	unsigned long		ops;
	unsigned long		idle_class;
	unsigned long		sched_all;
	unsigned long		root;
	unsigned long		global;
	enum slc_flush_args	flush_args;
	enum slc_dspc_at	dspc_at;
	enum slc_global_at	global_at;
	u32			sch_pcpu;
	u32			dspc_nr_tasks;
	u32			rq_curr;
	u32			rq_cpu;
	u32			rq_nr_switches;
	u32			rq_local_nr;
	u32			rq_balance_callback;
	u32			rq_clock_flags;
	u32			rq_core_enabled;
	u32			rq_lock_drop_seq;
	bool			restarts;
	u32			task_flags;
	u32			task_slice;
	u32			task_queued;
	u32			task_class;
	u32			sch_level;
	u32			sch_cgroup;
	u32			sch_node;
	u32			node_id;
	u32			sch_all;
	u32			sch_global;
	u32			pnode_global;
	u32			dsq_nr;
	u32			ops_name;
	u32			ops_name_len;
	u32			kernel_limit;
	u32			max_limit;
	u64			host_ret;
	u32			host_rq;
};

/**
 * typedef slc_symbol_fn - called for a symbol
 * @data: what the caller of struct slc_kernel's each handed over
 * @name: the symbol; valid until the function returns
 * @addr: its address
 *
 * Return: 0 to go on with the next symbol.
 */
typedef int (*slc_symbol_fn)(void *data, const char *name, unsigned long addr);

/**
 * struct slc_kernel - access to the kernel that is to be resolved
 * @btf: its type information
 * @lookup: returns the address of a symbol, 0 if there is none
 * @each: calls a function for each symbol, in any order, until one returns an error
 * @where: returns the name of the function that contains an address, and sets @start to
 *	its address; NULL if there is none. The name is valid until the next call
 * @size: returns the size in bytes of the function at an address, 0 if unknown
 * @text: returns @len readable bytes of machine code at @addr, or NULL; valid
 *	until the next call. It is asked for %SLC_TEXT_MAX bytes at most
 *
 * The module fills this in with the running kernel, the unit tests with the
 * image of another one.
 */
struct slc_kernel {
	const struct slc_btf	*btf;
	unsigned long		(*lookup)(const char *name);
	void			(*each)(slc_symbol_fn fn, void *data);
	const char		*(*where)(unsigned long addr, unsigned long *start);
	unsigned long		(*size)(unsigned long addr);
	const u8		*(*text)(unsigned long addr, size_t len);
};

/* What is not as expected in a kernel with sched_ext; with why.h. */
#define slc_refuse(why, ...)	slc_why_set(why, -EOPNOTSUPP, __VA_ARGS__)

/* More than the size of any function concerned, and a bound on a wrong size. */
#define SLC_TEXT_MAX		65536

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

/*
 * The same for a member that the rq lock protects, or that only this CPU writes. No one
 * else writes it meanwhile, and the compiler may put the offset into the instruction.
 */

/**
 * slc_layout_own_u32 - read a member of 32 bits that cannot change meanwhile
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: rq lock held, or on the only CPU that writes it, with IRQs off.
 * Return: its value.
 */
static __always_inline u32 slc_layout_own_u32(const void *base, u32 offset)
{
	return *(const u32 *)((const char *)base + offset);
}

/**
 * slc_layout_own_u64 - read a member of 64 bits that cannot change meanwhile
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: as slc_layout_own_u32().
 * Return: its value.
 */
static __always_inline u64 slc_layout_own_u64(const void *base, u32 offset)
{
	return *(const u64 *)((const char *)base + offset);
}

/**
 * slc_layout_own_ptr - read a member that is a pointer and cannot change meanwhile
 * @base: the structure
 * @offset: of the member, in bytes
 *
 * Context: as slc_layout_own_u32().
 * Return: its value.
 */
static __always_inline void *slc_layout_own_ptr(const void *base, u32 offset)
{
	return *(void *const *)((const char *)base + offset);
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
