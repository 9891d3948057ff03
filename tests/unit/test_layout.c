// SPDX-License-Identifier: GPL-2.0
/*
 * Resolves the layout of made-up kernels: variants that no packaged image has, and
 * kernels that must be refused because something is not as expected. test_image does
 * the same with real kernels.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cmocka_compat.h"
#include "btf_builder.h"
#include "layout.h"
#include "why.h"

#define TEXT_BASE	0xffffffff81400000UL
#define DATA_BASE	0xffffffff83000000UL
#define IDLE_CLASS	(DATA_BASE + 0x40)
#define FUNC_SIZE	0x80
#define FUNC_ROOM	0x1000	/* the rest is padding */
#define MAX_SYMBOLS	64
#define TEXT_SIZE	(MAX_SYMBOLS * FUNC_ROOM)

/* Offsets in struct rq and the others, as build_types() writes them. */
#define RQ_CPU		4
#define RQ_SWITCHES	8
#define RQ_CURR		16
#define RQ_BALANCE	24
#define RQ_SCX		32
#define RQ_CORE		80
#define RQ_CLOCK	84
#define RQ_SIZE		128
#define SEQ		24	/* in struct scx_rq */
#define DSQ_NR		12
#define TASK_SCX	40
#define TASK_CLASS	8
#define SCX_FLAGS	4
#define SCX_SLICE	16
#define DSPC_NR_TASKS	12
#define SCHED_PCPU	8
#define SCHED_OPS	24
#define SCHED_LEVEL	16
#define SCHED_KOBJ	192
#define SCHED_ALL	176
#define SCHED_GLOBAL	168
#define PNODE_GLOBAL	32
#define PCPU_DSPC	64
#define OPS_NAME	8
#define OPS_CGROUP	136
#define NAME_SIZE	128

/* Unlike the kernels' values, none is 0, so that an unset value is noticed. */
#define KOBJ_SD		48
#define NODE_ID		40

#define MAX_PARAMS	8

#define NO_TYPE		1000

enum dspc_var {
	VAR_NONE,		/* not in BTF, as it is no per-CPU variable */
	VAR_STRUCT,
	VAR_POINTER,
	VAR_OTHER,		/* of a type with another name */
	VAR_UNION,		/* of a union with that name */
	VAR_BROKEN,		/* of a type that does not exist */
};

/* Differences between the kernels' types. */
struct types {
	const char	*flush;
	const char	*params[3];	/* type that they point to; "" for a number */
	enum dspc_var	dspc_var;
	bool		dspc_in_pcpu;	/* 7.1 and later */
	bool		sub_sched;
	u32		sub_params;	/* number of parameters of scx_bpf_sub_dispatch() */
	u32		donor;		/* its offset; 0 for none */
	u32		slice_size;
	u32		tasks_size;	/* struct scx_dsp_ctx, nr_tasks */
	u32		name_size;	/* size of a scheduler's name */
	const char	*host;		/* function whose prototype is in BTF */
	u32		host_params;
	u32		host_ret;	/* size of its return value; 0 for void */
	bool		no_rcu;		/* struct kernfs_node is freed at once */
	u32		host_rq;	/* which parameter of the host is the rq */
	bool		host_no_rq;	/* none is */
	enum dspc_var	rq_var;		/* the variable runqueues */
	/* Sizes in bytes of members of struct scx_sched; 0 for none. */
	u32		level_size;
	u32		cgroup_size;
	u32		kobj_size;	/* its member sd */
	u32		node_id_size;	/* struct kernfs_node, id */
	u32		all_size;
	/* Pointers on the way to these, or 0 if they are not there. */
	u32		global_depth;	/* global_dsqs */
	u32		pnode_depth;
	bool		no_pnode_dsq;	/* struct scx_sched_pnode has no global_dsq */
	bool		pnode_dsq_ptr;	/* it has only a pointer to one */
	/* Sizes in bytes of members of struct rq; 0 for none. */
	u32		balance_size;
	u32		clock_size;
	u32		core_size;
	u32		seq_size;
	u32		dsq_nr_size;	/* struct scx_dispatch_q, nr */
	s64		queued;
	s32		max_loops;	/* 0 for none */
	bool		retry;		/* the enumerator SCX_DSP_RETRY is there */
};

struct fake_symbol {
	const char	*name;
	unsigned long	addr;
	unsigned long	size;	/* 0 for data */
};

static struct {
	struct btf_builder	builder;
	struct types		types;
	struct fake_symbol	symbols[MAX_SYMBOLS];
	u32			nr;
	u8			text[TEXT_SIZE];
	bool			no_size;
	u32			text_reads;
	u32			text_fails;	/* number of the read that fails, from 1 */
} fake;

static struct fake_symbol *fake_find(const char *name)
{
	u32 i;

	for (i = 0; i < fake.nr; i++) {
		if (!strcmp(fake.symbols[i].name, name))
			return &fake.symbols[i];
	}
	return NULL;
}

static unsigned long fake_lookup(const char *name)
{
	struct fake_symbol *s = fake_find(name);

	return s ? s->addr : 0;
}

static void fake_each(slc_symbol_fn fn, void *data)
{
	u32 i;

	for (i = 0; i < fake.nr; i++) {
		if (*fake.symbols[i].name &&
		    fn(data, fake.symbols[i].name, fake.symbols[i].addr))
			break;
	}
}

/* As in the kernel, a function reaches up to the next one. */
static const char *fake_where(unsigned long addr, unsigned long *start)
{
	const struct fake_symbol *best = NULL;
	u32 i;

	for (i = 0; i < fake.nr; i++) {
		const struct fake_symbol *s = &fake.symbols[i];

		if (s->size && s->addr <= addr && (!best || s->addr > best->addr))
			best = s;
	}
	if (!best || !*best->name)
		return NULL;
	*start = best->addr;
	return best->name;
}

static unsigned long fake_size(unsigned long addr)
{
	u32 i;

	for (i = 0; !fake.no_size && i < fake.nr; i++) {
		if (fake.symbols[i].addr == addr)
			return fake.symbols[i].size;
	}
	return 0;
}

static const u8 *fake_text(unsigned long addr, size_t len)
{
	assert_true(len && len <= SLC_TEXT_MAX);
	assert_true(addr >= TEXT_BASE && addr - TEXT_BASE + len <= TEXT_SIZE);
	if (++fake.text_reads == fake.text_fails)
		return NULL;
	return fake.text + (addr - TEXT_BASE);
}

static void add_data(const char *name, unsigned long addr)
{
	assert_true(fake.nr < MAX_SYMBOLS);
	fake.symbols[fake.nr].name = name;
	fake.symbols[fake.nr++].addr = addr;
}

static void add_func(const char *name)
{
	struct fake_symbol *s = &fake.symbols[fake.nr];

	add_data(name, TEXT_BASE + fake.nr * (unsigned long)FUNC_ROOM);
	s->size = FUNC_SIZE;
}

static u8 *func_text(const char *name)
{
	struct fake_symbol *s = fake_find(name);

	assert_true(s && s->size);
	return fake.text + (s->addr - TEXT_BASE);
}

/* Write at @at in @caller an instruction that goes to @callee, @entry bytes behind it. */
static void add_insn(const char *caller, u32 at, u8 opcode, const char *callee, int entry)
{
	struct fake_symbol *from = fake_find(caller);
	struct fake_symbol *to = fake_find(callee);
	u8 *p = func_text(caller) + at;

	assert_true(from && to && at + 5 <= FUNC_ROOM);
	p[0] = opcode;
	put_u32(p + 1, (u32)(to->addr + (unsigned long)(long)entry - (from->addr + at + 5)));
}

/* Write a call of @callee at @at in @caller. */
static void add_call(const char *caller, u32 at, const char *callee)
{
	add_insn(caller, at, 0xe8, callee, 0);
}

static void remove_call(const char *caller, u32 at)
{
	memset(func_text(caller) + at, 0x90, 5);
}

static unsigned long site(const char *caller, u32 at)
{
	return fake_find(caller)->addr + at + 5;
}

static void remove_symbol(const char *name)
{
	struct fake_symbol *s = fake_find(name);

	assert_non_null(s);
	s->name = "";
}

static u32 build_proto(struct btf_builder *b, u32 ret, const u32 *params, u32 nr)
{
	u32 proto = bb_type(b, "", KIND_FUNC_PROTO, nr, ret), i;

	for (i = 0; i < nr; i++)
		bb_param(b, "", params[i]);
	return proto;
}

/* Build all types of fake.types; their order does not matter to the reader. */
static void build_types(void)
{
	struct btf_builder *b = &fake.builder;
	const struct types *t = &fake.types;
	u32 u32_t, u64_t, chars, vptr, dsq, scx_rq, rq, entity, dspc, dspc_ptr;
	u32 slice, pcpu, ops, kobj, proto, i, nr, vars[5], params[MAX_PARAMS], rq_ptr;
	u32 dsqs[4], pnodes[4];		/* by the number of pointers */
	u32 sized[17] = { 0 };		/* a type by its size */

	bb_init(b);
	u32_t = bb_int(b, "unsigned int", 4);
	u64_t = bb_int(b, "unsigned long long", 8);
	chars = bb_array(b, bb_int(b, "char", 1), t->name_size);
	vptr = bb_ptr(b, 0);
	sized[1] = bb_int(b, "_Bool", 1);
	sized[2] = bb_int(b, "short", 2);
	sized[3] = NO_TYPE;
	sized[4] = u32_t;
	sized[8] = u64_t;
	sized[16] = bb_type(b, "list_head", KIND_STRUCT, 2, 16);
	bb_member(b, "next", vptr, 0);
	bb_member(b, "prev", vptr, 64);

	dsq = bb_type(b, "scx_dispatch_q", KIND_STRUCT, 1, 16);
	bb_member(b, t->dsq_nr_size ? "nr" : "other",
		  sized[t->dsq_nr_size ? t->dsq_nr_size : 4], DSQ_NR * 8);
	/* The local DSQ has its number, so that only the global one lacks it. */
	scx_rq = bb_type(b, "local", KIND_STRUCT, 1, 16);
	bb_member(b, "nr", u32_t, DSQ_NR * 8);
	i = scx_rq;
	scx_rq = bb_type(b, "scx_rq", KIND_STRUCT, 1 + !!t->seq_size, 32);
	bb_member(b, "local_dsq", i, 0);
	if (t->seq_size)
		bb_member(b, "lock_drop_seq", sized[t->seq_size], SEQ * 8);
	rq = bb_type(b, "rq", KIND_STRUCT, 4 + !!t->donor + !!t->balance_size +
		     !!t->clock_size + !!t->core_size, RQ_SIZE);
	bb_member(b, "cpu", u32_t, RQ_CPU * 8);
	bb_member(b, "nr_switches", u64_t, RQ_SWITCHES * 8);
	bb_member(b, "curr", vptr, RQ_CURR * 8);
	bb_member(b, "scx", scx_rq, RQ_SCX * 8);
	if (t->donor)
		bb_member(b, "donor", vptr, t->donor * 8);
	if (t->balance_size)
		bb_member(b, "balance_callback", sized[t->balance_size], RQ_BALANCE * 8);
	if (t->clock_size)
		bb_member(b, "clock_update_flags", sized[t->clock_size], RQ_CLOCK * 8);
	if (t->core_size)
		bb_member(b, "core_enabled", sized[t->core_size], RQ_CORE * 8);
	rq_ptr = bb_ptr(b, rq);

	slice = sized[t->slice_size];
	entity = bb_type(b, "sched_ext_entity", KIND_STRUCT, 2, 24);
	bb_member(b, "flags", u32_t, SCX_FLAGS * 8);
	bb_member(b, "slice", slice, SCX_SLICE * 8);
	bb_type(b, "task_struct", KIND_STRUCT, 2, 64);
	bb_member(b, "scx", entity, TASK_SCX * 8);
	bb_member(b, "sched_class", vptr, TASK_CLASS * 8);

	dspc = bb_type(b, "scx_dsp_ctx", KIND_STRUCT, 1, 16);
	bb_member(b, "nr_tasks", sized[t->tasks_size], DSPC_NR_TASKS * 8);
	dspc_ptr = bb_ptr(b, dspc);
	vars[0] = dspc;
	vars[1] = dspc_ptr;
	vars[2] = rq;
	vars[3] = bb_type(b, "scx_dsp_ctx", KIND_UNION, 0, 16);
	vars[4] = NO_TYPE;
	i = vars[0];
	vars[0] = rq;
	vars[2] = i;
	if (t->rq_var != VAR_NONE)
		bb_var(b, "runqueues", vars[t->rq_var - VAR_STRUCT]);
	vars[0] = i;
	vars[2] = rq;
	if (t->dspc_var != VAR_NONE)
		bb_var(b, "scx_dsp_ctx", vars[t->dspc_var - VAR_STRUCT]);

	ops = bb_type(b, "sched_ext_ops", KIND_STRUCT, 1 + !!t->cgroup_size, 144);
	bb_member(b, "name", chars, OPS_NAME * 8);
	if (t->cgroup_size)
		bb_member(b, "sub_cgroup_id", sized[t->cgroup_size],
			  OPS_CGROUP * 8);
	pcpu = bb_type(b, "scx_sched_pcpu", KIND_STRUCT, 1, 80);
	bb_member(b, t->dspc_in_pcpu ? "dsp_ctx" : "other", dspc,
		  PCPU_DSPC * 8);
	pcpu = bb_ptr(b, pcpu);
	kobj = bb_type(b, "kobject", KIND_STRUCT, 1, 64);
	bb_member(b, t->kobj_size ? "sd" : "other",
		  sized[t->kobj_size ? t->kobj_size : 8], KOBJ_SD * 8);
	bb_type(b, "kernfs_node", KIND_STRUCT, 2, 64);
	bb_member(b, t->node_id_size ? "id" : "other",
		  sized[t->node_id_size ? t->node_id_size : 8], NODE_ID * 8);
	bb_member(b, t->no_rcu ? "more" : "rcu", u64_t, 0);
	pnodes[0] = bb_type(b, "scx_sched_pnode", KIND_STRUCT, 1, 64);
	bb_member(b, t->no_pnode_dsq ? "other" : "global_dsq",
		  t->pnode_dsq_ptr ? vptr : dsq, PNODE_GLOBAL * 8);
	dsqs[0] = dsq;
	for (i = 1; i < ARRAY_SIZE(dsqs); i++) {
		dsqs[i] = bb_ptr(b, dsqs[i - 1]);
		pnodes[i] = bb_ptr(b, pnodes[i - 1]);
	}
	nr = 3 + !!t->level_size + !!t->all_size + !!t->global_depth + !!t->pnode_depth;
	bb_type(b, "scx_sched", KIND_STRUCT, nr, 256);
	bb_member(b, "pcpu", pcpu, SCHED_PCPU * 8);
	bb_member(b, "ops", ops, SCHED_OPS * 8);
	if (t->level_size)
		bb_member(b, "level", sized[t->level_size], SCHED_LEVEL * 8);
	bb_member(b, "kobj", kobj, SCHED_KOBJ * 8);
	if (t->all_size)
		bb_member(b, "all", sized[t->all_size], SCHED_ALL * 8);
	if (t->global_depth)
		bb_member(b, "global_dsqs", dsqs[t->global_depth], SCHED_GLOBAL * 8);
	if (t->pnode_depth)
		bb_member(b, "pnode", pnodes[t->pnode_depth], SCHED_GLOBAL * 8);
	bb_type(b, "rq_flags", KIND_STRUCT, 0, 8);

	bb_type(b, "scx_ent_flags", KIND_ENUM64, 1 | KFLAG, 8);
	bb_word(b, bb_str(b, "SCX_TASK_QUEUED"));
	bb_word(b, (u32)t->queued);
	bb_word(b, (u32)((u64)t->queued >> 32));
	if (t->max_loops) {
		bb_type(b, "scx_consts", KIND_ENUM, 1 | KFLAG, 4);
		bb_word(b, bb_str(b, "SCX_DSP_MAX_LOOPS"));
		bb_word(b, (u32)t->max_loops);
	}
	if (t->retry) {
		bb_type(b, "scx_dsp_verdict", KIND_ENUM, 1 | KFLAG, 4);
		bb_word(b, bb_str(b, "SCX_DSP_RETRY"));
		bb_word(b, 3);
	}

	for (nr = 0; nr < ARRAY_SIZE(t->params) && t->params[nr]; nr++)
		;
	/* The pointers first, as a type cannot be begun while another is being built. */
	for (i = 0; i < nr; i++) {
		struct slc_btf btf;
		size_t len;
		u8 *blob = bb_blob(b, &len);
		s32 to = -1;

		assert_int_equal(slc_btf_open(&btf, blob, len), 0);
		if (*t->params[i])
			to = slc_btf_find(&btf, t->params[i], BTF_KIND_STRUCT);
		params[i] = to > 0 ? bb_ptr(b, (u32)to) : u32_t;
		slc_btf_close(&btf);
		free(blob);
	}
	proto = build_proto(b, 0, params, nr);
	bb_type(b, t->flush, KIND_FUNC, 0, proto);
	if (t->sub_sched) {
		assert_true(t->sub_params <= MAX_PARAMS);
		for (i = 0; i < t->sub_params; i++)
			params[i] = i ? vptr : u64_t;
		proto = build_proto(b, 0, params, t->sub_params);
		bb_type(b, "scx_bpf_sub_dispatch", KIND_FUNC, 1, proto);
	}
	if (t->host) {
		for (i = 0; i < t->host_params; i++)
			params[i] = i == t->host_rq && !t->host_no_rq ? rq_ptr : vptr;
		proto = build_proto(b, sized[t->host_ret], params,
				    t->host_params);
		bb_type(b, t->host, KIND_FUNC, 0, proto);
	}
}

static int resolve(struct slc_layout *layout, struct slc_why *why)
{
	struct slc_kernel kernel = {
		.lookup = fake_lookup,
		.each = fake_each,
		.where = fake_where,
		.size = fake_size,
		.text = fake_text,
	};
	struct slc_btf btf;
	size_t len;
	u8 *blob;
	int ret;

	build_types();
	blob = bb_blob(&fake.builder, &len);
	assert_int_equal(slc_btf_open(&btf, blob, len), 0);
	kernel.btf = &btf;
	fake.text_reads = 0;
	memset(why->text, '#', SLC_WHY_LEN);
	memset(layout, 0x5a, sizeof(*layout));
	ret = slc_layout_resolve(&kernel, layout, why);
	assert_non_null(memchr(why->text, '\0', SLC_WHY_LEN));
	assert_int_equal(!ret, !*why->text);
	slc_btf_close(&btf);
	free(blob);
	return ret;
}

static void check_resolves(struct slc_layout *layout)
{
	struct slc_why why;

	if (resolve(layout, &why))
		fail_msg("refused: %s", why.text);
	assert_int_equal(layout->rq_cpu, RQ_CPU);
	assert_int_equal(layout->rq_nr_switches, RQ_SWITCHES);
	assert_int_equal(layout->rq_curr, RQ_CURR);
	assert_int_equal(layout->rq_local_nr, RQ_SCX + DSQ_NR);
	assert_int_equal(layout->task_flags, TASK_SCX + SCX_FLAGS);
	assert_int_equal(layout->task_slice, TASK_SCX + SCX_SLICE);
	assert_int_equal(layout->task_class, TASK_CLASS);
	assert_int_equal(layout->idle_class, IDLE_CLASS);
	assert_int_equal(layout->task_queued, 1);
	assert_int_equal(layout->ops_name_len, NAME_SIZE);
	assert_int_equal(layout->runqueues, fake_lookup("runqueues"));
	assert_int_equal(layout->rq_balance_callback, RQ_BALANCE);
	assert_int_equal(layout->rq_clock_flags, RQ_CLOCK);
}

/* Are the call sites these, given by the functions and offsets of the calls? */
static void check_sites(const struct slc_layout *l, const struct slc_site *want, u32 nr)
{
	u32 i;

	assert_int_equal(l->sites.nr, nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(l->sites.site[i].role, want[i].role);
		assert_string_equal(l->sites.site[i].func, want[i].func);
		assert_int_equal(l->sites.site[i].ret_addr,
				 site(want[i].func, (u32)want[i].ret_addr));
	}
}

static void check_refused(const char *want)
{
	struct slc_layout layout;
	struct slc_why why;

	assert_int_equal(resolve(&layout, &why), -EOPNOTSUPP);
	if (!strstr(why.text, want))
		fail_msg("\"%s\" is not in \"%s\"", want, why.text);
}

static void fake_init(const char *flush, const char *p0, const char *p1)
{
	memset(&fake, 0, sizeof(fake));
	fake.types.flush = flush;
	fake.types.params[0] = p0;
	fake.types.params[1] = p1;
	fake.types.slice_size = 8;
	fake.types.tasks_size = 4;
	fake.types.name_size = NAME_SIZE;
	fake.types.kobj_size = 8;
	fake.types.node_id_size = 8;
	fake.types.queued = 1;
	fake.types.balance_size = 8;
	fake.types.clock_size = 4;
	fake.types.core_size = 4;
	fake.types.dsq_nr_size = 4;
	fake.types.rq_var = VAR_STRUCT;
	memset(fake.text, 0x90, sizeof(fake.text));
	add_func(flush);
	add_data("_stext", TEXT_BASE);
	add_data("_etext", TEXT_BASE + TEXT_SIZE);
	add_data("ext_sched_class", DATA_BASE);
	add_data("idle_sched_class", IDLE_CLASS);
}

/* Per-CPU data, which is linked at 0 up to 6.14. */
static void add_percpu(unsigned long start)
{
	add_data("__per_cpu_start", start);
	add_data("runqueues", start + 0x20000);
	add_data("__per_cpu_end", start + 0x39000);
}

/* A vendor tree of 2023 or 2024: no cap, and a per-CPU structure. */
static void fake_vendor(const char *host)
{
	fake_init("flush_dispatch_buf", "rq", "rq_flags");
	fake.types.dspc_var = VAR_STRUCT;
	add_percpu(0);
	add_data("scx_dsp_ctx", 0x21340);
	add_data("scx_ops", DATA_BASE + 0x100);
	add_data("scx_root_kobj", DATA_BASE + 0x80);
	add_func(host);
	add_call(host, 0x30, "flush_dispatch_buf");
	add_func("scx_bpf_consume");
	add_call("scx_bpf_consume", 0x18, "flush_dispatch_buf");
	add_func("scx_bpf_kick_cpu");
}

/* 6.12: as it was merged, with the cap. */
static void fake_6_12(void)
{
	fake_init("flush_dispatch_buf", "rq", NULL);
	fake.types.max_loops = 32;
	add_data("scx_root_kobj", DATA_BASE + 0x80);
	add_percpu(0);
	add_data("scx_dsp_ctx", DATA_BASE + 0x200);
	add_data("global_dsqs", DATA_BASE + 0x280);
	add_data("scx_ops", DATA_BASE + 0x100);
	add_func("scx_bpf_kick_cpu");
	add_func("balance_scx");
	add_call("balance_scx", 0x28, "flush_dispatch_buf");
	add_call("balance_scx", 0x70, "scx_bpf_kick_cpu");
	add_func("scx_bpf_consume");
	add_call("scx_bpf_consume", 0, "flush_dispatch_buf");
}

/* 6.18: a scheduler object; per-CPU data is no longer linked at 0. */
static void fake_6_18(void)
{
	fake_init("flush_dispatch_buf", "scx_sched", "rq");
	fake.types.max_loops = 32;
	fake.types.donor = RQ_CURR;
	add_data("scx_root", DATA_BASE + 0x80);
	fake.types.global_depth = 2;
	add_percpu(DATA_BASE + 0x10000);
	add_data("scx_dsp_ctx", DATA_BASE + 0x60000);
	add_func("scx_kick_cpu.part.0");
	add_func("scx_bpf_kick_cpu");
	add_func("balance_scx");
	add_call("balance_scx", 0x28, "flush_dispatch_buf");
	add_call("balance_scx", 0x60, "scx_kick_cpu.part.0");
	add_func("scx_bpf_dsq_move_to_local");
	add_call("scx_bpf_dsq_move_to_local", 0x40, "flush_dispatch_buf");
	add_func("pick_task_scx");
}

/* 7.3: nested schedulers, each with its own context. */
static void fake_7_3(void)
{
	fake_init("scx_flush_dispatch_buf", "scx_sched", "rq");
	fake.types.max_loops = 32;
	fake.types.donor = RQ_CURR;
	fake.types.dspc_in_pcpu = true;
	fake.types.sub_sched = true;
	fake.types.sub_params = 2;
	fake.types.level_size = 4;
	fake.types.cgroup_size = 8;
	fake.types.all_size = 16;
	fake.types.pnode_depth = 2;
	fake.types.seq_size = 4;
	add_percpu(DATA_BASE + 0x10000);
	add_data("scx_root", DATA_BASE + 0x80);
	add_data("scx_sched_all", DATA_BASE + 0xa0);
	add_func("scx_kick_cpu");
	add_func("do_pick_task_scx");
	add_call("do_pick_task_scx", 0x28, "scx_flush_dispatch_buf");
	add_call("do_pick_task_scx", 0x60, "scx_kick_cpu");
	add_func("scx_bpf_sub_dispatch");
	add_call("scx_bpf_sub_dispatch", 0x10, "scx_flush_dispatch_buf");
	add_func("scx_bpf_dsq_move_to_local___v2");
	add_call("scx_bpf_dsq_move_to_local___v2", 0x40,
		 "scx_flush_dispatch_buf");
	add_func("scx_process_sync_ecaps");
	add_call("scx_process_sync_ecaps", 0x7b, "scx_flush_dispatch_buf");
}

static void test_vendor(void **state)
{
	static const char * const hosts[] = { "balance_scx", "balance_one" };
	struct slc_layout l;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		fake_vendor(hosts[i]);
		check_resolves(&l);
		assert_string_equal(l.flush_name, "flush_dispatch_buf");
		assert_string_equal(l.host_name, hosts[i]);
		assert_int_equal(l.flush, fake_lookup("flush_dispatch_buf"));
		assert_int_equal(l.flush_args, SLC_FLUSH_RQ_RF);
		check_sites(&l, (const struct slc_site[]) {
			{ 0x30, hosts[i], SLC_SITE_ROOT },
			{ 0x18, "scx_bpf_consume", SLC_SITE_PASS },
		}, 2);
		assert_int_equal(l.dspc_at, SLC_DSPC_STRUCT);
		assert_int_equal(l.dspc, 0x21340);
		assert_int_equal(l.dspc_nr_tasks, DSPC_NR_TASKS);
		assert_int_equal(l.ops, DATA_BASE + 0x100);
		assert_int_equal(l.ops_name, OPS_NAME);
		assert_int_equal(l.kernel_limit, 0);
		assert_int_equal(l.root, DATA_BASE + 0x80);
		assert_int_equal(l.sch_node, KOBJ_SD);
		assert_int_equal(l.node_id, NODE_ID);
		assert_int_equal(l.sub_dispatch, 0);
		assert_int_equal(l.global_at, SLC_GLOBAL_NONE);
		assert_int_equal(l.dsq_nr, 0);
		assert_false(l.restarts);
	}
}

static void test_6_12(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_6_12();
	check_resolves(&l);
	assert_int_equal(l.flush_args, SLC_FLUSH_RQ);
	check_sites(&l, (const struct slc_site[]) {
		{ 0x28, "balance_scx", SLC_SITE_ROOT },
		{ 0, "scx_bpf_consume", SLC_SITE_PASS },
	}, 2);
	assert_int_equal(l.dspc_at, SLC_DSPC_POINTER);
	assert_int_equal(l.dspc, DATA_BASE + 0x200);
	assert_int_equal(l.ops, DATA_BASE + 0x100);
	assert_int_equal(l.kernel_limit, 32);
	assert_int_equal(l.max_limit, 65535);
	assert_int_equal(l.global_at, SLC_GLOBAL_SYMBOL);
	assert_int_equal(l.global, DATA_BASE + 0x280);
	assert_int_equal(l.dsq_nr, DSQ_NR);
	assert_false(l.restarts);
	assert_int_equal(l.root, DATA_BASE + 0x80);
	assert_int_equal(l.sch_node, KOBJ_SD);
	assert_int_equal(l.node_id, NODE_ID);

	/* pahole can be told to list other variables than per-CPU ones. */
	fake.types.dspc_var = VAR_POINTER;
	check_resolves(&l);
	assert_int_equal(l.dspc_at, SLC_DSPC_POINTER);
}

static void test_6_18(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_6_18();
	check_resolves(&l);
	assert_int_equal(l.flush_args, SLC_FLUSH_SCH_RQ);
	assert_int_equal(l.dspc_at, SLC_DSPC_POINTER);
	assert_int_equal(l.ops, 0);
	assert_int_equal(l.ops_name, SCHED_OPS + OPS_NAME);
	assert_int_equal(l.kernel_limit, 32);
	assert_int_equal(l.sub_dispatch, 0);
	assert_int_equal(l.global_at, SLC_GLOBAL_SCHED);
	assert_int_equal(l.global, 0);
	assert_int_equal(l.sch_global, SCHED_GLOBAL);
	assert_int_equal(l.pnode_global, 0);
	assert_int_equal(l.dsq_nr, DSQ_NR);
	assert_int_equal(l.root, DATA_BASE + 0x80);
	assert_int_equal(l.sch_node, SCHED_KOBJ + KOBJ_SD);
	assert_int_equal(l.node_id, NODE_ID);
	assert_int_equal(l.sched_all, 0);
	assert_int_equal(l.sch_all, 0);
}

static void test_7_3(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	check_resolves(&l);
	assert_string_equal(l.flush_name, "scx_flush_dispatch_buf");
	assert_string_equal(l.host_name, "do_pick_task_scx");
	check_sites(&l, (const struct slc_site[]) {
		{ 0x28, "do_pick_task_scx", SLC_SITE_ROOT },
		{ 0x10, "scx_bpf_sub_dispatch", SLC_SITE_NESTED },
		{ 0x40, "scx_bpf_dsq_move_to_local___v2", SLC_SITE_PASS },
		{ 0x7b, "scx_process_sync_ecaps", SLC_SITE_PASS },
	}, 4);
	assert_int_equal(l.sub_dispatch, fake_lookup("scx_bpf_sub_dispatch"));
	assert_int_equal(l.global_at, SLC_GLOBAL_PNODE);
	assert_int_equal(l.sch_global, SCHED_GLOBAL);
	assert_int_equal(l.pnode_global, PNODE_GLOBAL);
	assert_int_equal(l.dsq_nr, DSQ_NR);
	assert_true(l.restarts);
	assert_int_equal(l.rq_core_enabled, RQ_CORE);
	assert_int_equal(l.rq_lock_drop_seq, RQ_SCX + SEQ);
	assert_int_equal(l.dspc_at, SLC_DSPC_SCHED);
	assert_int_equal(l.sch_pcpu, SCHED_PCPU);
	assert_int_equal(l.sch_level, SCHED_LEVEL);
	assert_int_equal(l.sch_cgroup, SCHED_OPS + OPS_CGROUP);
	assert_int_equal(l.root, DATA_BASE + 0x80);
	assert_int_equal(l.sch_node, SCHED_KOBJ + KOBJ_SD);
	assert_int_equal(l.node_id, NODE_ID);
	assert_int_equal(l.sched_all, DATA_BASE + 0xa0);
	assert_int_equal(l.sch_all, SCHED_ALL);
	assert_int_equal(l.dspc_nr_tasks, PCPU_DSPC + DSPC_NR_TASKS);
	assert_int_equal(l.kernel_limit, 32);

	/* The same without CONFIG_EXT_SUB_SCHED: the list still exists. */
	remove_call("scx_bpf_sub_dispatch", 0x10);
	remove_symbol("scx_bpf_sub_dispatch");
	fake.types.sub_sched = false;
	fake.types.level_size = 0;
	fake.types.cgroup_size = 0;
	check_resolves(&l);
	assert_int_equal(l.sites.nr, 3);
	assert_int_equal(l.sub_dispatch, 0);
	assert_int_equal(l.sch_level, 0);
	assert_int_equal(l.sch_cgroup, 0);
	assert_int_equal(l.sched_all, DATA_BASE + 0xa0);
}

static void test_no_sched_ext(void **state)
{
	struct slc_layout layout;
	struct slc_why why;

	(void)state;
	fake_7_3();
	remove_symbol("ext_sched_class");
	assert_int_equal(resolve(&layout, &why), -ENODEV);
	fake_7_3();
	remove_symbol("idle_sched_class");
	check_refused("no symbol idle_sched_class");
}

/* A cap counts only if the loop also kicks, and within bounds. */
static void test_kernel_limit(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	remove_call("do_pick_task_scx", 0x60);
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);
	assert_int_equal(l.max_limit, 65535);

	fake_7_3();
	remove_symbol("scx_kick_cpu");
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);

	/* A kick, but not after how many rounds. */
	fake_7_3();
	fake.types.max_loops = 0;
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);
	assert_int_equal(l.max_limit, 32);
	remove_call("do_pick_task_scx", 0x60);
	check_resolves(&l);
	assert_int_equal(l.max_limit, 65535);

	/* It may be called anywhere in the host. */
	fake_7_3();
	remove_call("do_pick_task_scx", 0x60);
	add_func("do_pick_task_scx.cold");
	add_call("do_pick_task_scx.cold", 0x10, "scx_kick_cpu");
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 32);

	/* A part of it that has another name. */
	fake_7_3();
	fake_find("scx_kick_cpu")->name = "scx_kick_cpu.constprop.0.isra.1";
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 32);
	fake_find("scx_kick_cpu.constprop.0.isra.1")->name = "scx_kick_cpu.llvm.7215";
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 32);
	/* Not these. */
	fake_find("scx_kick_cpu.llvm.7215")->name = "scx_kick_cpus";
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);
	fake_find("scx_kick_cpus")->name = "scx_kick_cpu.cold";
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);
	assert_int_equal(l.max_limit, 65535);

	/* A second call of the kick does not matter. */
	fake_7_3();
	add_call("do_pick_task_scx", 0x70, "scx_kick_cpu");
	fake.types.max_loops = 65535;
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 65535);

	fake.types.max_loops = 65536;
	check_refused("SCX_DSP_MAX_LOOPS");
	fake.types.max_loops = -5;
	check_refused("SCX_DSP_MAX_LOOPS");
}

/* If the kick may have been inlined, it cannot be told whether there is a cap. */
static void test_inlined_kick(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	add_func("irq_work_queue");
	add_call("do_pick_task_scx", 0x70, "irq_work_queue");
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 32);
	assert_int_equal(l.max_limit, 65535);

	remove_call("do_pick_task_scx", 0x60);
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);
	assert_int_equal(l.max_limit, 32);

	/* In a part of the host, and with another name. */
	remove_call("do_pick_task_scx", 0x70);
	fake_find("irq_work_queue")->name = "irq_work_queue.llvm.99";
	add_func("do_pick_task_scx.cold.1");
	add_call("do_pick_task_scx.cold.1", 0, "irq_work_queue.llvm.99");
	check_resolves(&l);
	assert_int_equal(l.max_limit, 32);

	/* Another function. */
	fake_find("irq_work_queue.llvm.99")->name = "irq_work_queue_on";
	check_resolves(&l);
	assert_int_equal(l.kernel_limit, 0);
	assert_int_equal(l.max_limit, 65535);

	/* A kernel whose loop was never capped. */
	fake_find("irq_work_queue_on")->name = "irq_work_queue";
	fake.types.max_loops = 0;
	check_resolves(&l);
	assert_int_equal(l.max_limit, 65535);
}

/* What running the loop again needs; without it the kernel is still accepted. */
static void test_host(void **state)
{
	static const struct {
		u32 params, ret;
		u64 mask;
	} hosts[] = {
		{ 2, 8, ~0ULL },	/* do_pick_task_scx() */
		{ 6, 4, ~0U },		/* as balance_scx() returns it */
		{ 3, 1, 0xff },
		{ 7, 8, 0 },
		{ 2, 2, 0 },
		{ 2, 3, 0 },		/* its type does not exist */
		{ 2, 16, 0 },
		{ 2, 0, 0 },
	};
	struct slc_layout l;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		fake_7_3();
		fake.types.host = "do_pick_task_scx";
		fake.types.host_params = hosts[i].params;
		fake.types.host_ret = hosts[i].ret;
		check_resolves(&l);
		assert_int_equal(l.host, fake_lookup("do_pick_task_scx"));
		assert_int_equal(l.host_ret, hosts[i].mask);
	}
	fake_7_3();
	check_resolves(&l);
	assert_int_equal(l.host_ret, 0);
}

static void fake_host(void)
{
	fake_7_3();
	fake.types.host = "do_pick_task_scx";
	fake.types.host_params = 3;
	fake.types.host_ret = 8;
}

static void test_host_rq(void **state)
{
	struct slc_layout l;
	u32 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		fake_host();
		fake.types.host_rq = i;
		check_resolves(&l);
		assert_int_equal(l.host_rq, i);
		assert_int_equal(l.host_ret, ~0ULL);
	}
	/* slc_rerun_host() looks no further. */
	fake.types.host_rq = 2;
	check_resolves(&l);
	assert_int_equal(l.host_ret, 0);
	fake.types.host_rq = 0;
	fake.types.host_no_rq = true;
	check_resolves(&l);
	assert_int_equal(l.host_ret, 0);
	fake.types.host_params = 1;
	check_resolves(&l);
	assert_int_equal(l.host_rq, 0);
	assert_int_equal(l.host_ret, 0);
}

/* BTF does not have the parameters that a compiler left. */
static void test_host_suffix(void **state)
{
	static const char * const changed[] = {
		"do_pick_task_scx.isra.0", "do_pick_task_scx.constprop.3",
		"do_pick_task_scx.part.0", "do_pick_task_scx.isra.0.part.12",
	};
	struct slc_layout l;
	u32 i;

	(void)state;
	fake_host();
	fake_find("do_pick_task_scx")->name = "do_pick_task_scx.llvm.123456789";
	check_resolves(&l);
	assert_string_equal(l.host_name, "do_pick_task_scx.llvm.123456789");
	assert_string_equal(l.sites.site[0].func, "do_pick_task_scx");
	assert_int_equal(l.host, fake_lookup("do_pick_task_scx.llvm.123456789"));
	assert_int_equal(l.host_ret, ~0ULL);
	assert_int_equal(l.kernel_limit, 32);
	for (i = 0; i < ARRAY_SIZE(changed); i++) {
		fake_host();
		fake_find("do_pick_task_scx")->name = changed[i];
		check_resolves(&l);
		assert_string_equal(l.host_name, changed[i]);
		assert_int_equal(l.host, fake_lookup(changed[i]));
		assert_int_equal(l.host_ret, 0);
		assert_int_equal(l.kernel_limit, 32);
	}
}

static void test_donor(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	fake.types.donor = RQ_CURR + 8;
	check_refused("donor");
	fake.types.donor = 0;
	check_resolves(&l);
}

static void test_member_sizes(void **state)
{
	(void)state;
	fake_7_3();
	fake.types.slice_size = 4;
	check_refused("struct task_struct, member scx.slice has 4 bytes instead of 8");

	fake_7_3();
	fake.types.tasks_size = 2;
	check_refused("struct scx_sched_pcpu, member dsp_ctx.nr_tasks has 2 bytes instead of 4");
}

static void test_queued(void **state)
{
	static const s64 bad[] = { 0, -1, 1LL << 32, -(1LL << 40) };
	struct slc_layout layout;
	struct slc_why why;
	u32 i;

	(void)state;
	fake_7_3();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		fake.types.queued = bad[i];
		check_refused("SCX_TASK_QUEUED");
	}
	fake.types.queued = 0xffffffff;
	assert_int_equal(resolve(&layout, &why), 0);
	assert_int_equal(layout.task_queued, 0xffffffff);
}

static void test_unknown_params(void **state)
{
	(void)state;
	fake_7_3();
	fake.types.params[0] = "rq";
	fake.types.params[1] = "scx_sched";
	check_refused("scx_flush_dispatch_buf");

	fake_7_3();
	fake.types.params[2] = "rq_flags";	/* one parameter too many */
	check_refused("scx_flush_dispatch_buf");

	fake_7_3();
	fake.types.params[2] = "";
	check_refused("scx_flush_dispatch_buf");

	fake_7_3();
	fake.types.params[0] = NULL;		/* no parameters */
	check_refused("scx_flush_dispatch_buf");

	/* A flush with the name of 7.3 never has the older parameters. */
	fake_7_3();
	fake.types.params[0] = "rq";
	fake.types.params[1] = NULL;
	check_refused("scx_flush_dispatch_buf");

	/* The function exists, but is not in BTF. */
	fake_7_3();
	fake.types.flush = "flush_dispatch_buf";
	check_refused("scx_flush_dispatch_buf");
	fake_7_3();
	remove_symbol("scx_flush_dispatch_buf");
	check_refused("scx_flush_dispatch_buf");
}

static void test_hosts(void **state)
{
	(void)state;
	fake_7_3();
	add_func("dispatch_one");
	add_call("dispatch_one", 0, "scx_flush_dispatch_buf");
	check_refused("both do_pick_task_scx and dispatch_one call scx_flush_dispatch_buf");

	/* Two copies of one function. */
	fake_7_3();
	add_func("do_pick_task_scx.constprop.0");
	add_call("do_pick_task_scx.constprop.0", 0, "scx_flush_dispatch_buf");
	check_refused("both do_pick_task_scx and do_pick_task_scx.constprop.0 call");

	fake_7_3();
	remove_call("do_pick_task_scx", 0x28);
	check_refused("no known function calls scx_flush_dispatch_buf");

	fake_7_3();
	fake.no_size = true;
	check_refused("size of do_pick_task_scx");
	fake_7_3();
	fake_find("do_pick_task_scx")->size = SLC_TEXT_MAX + 1;
	check_refused("text of do_pick_task_scx");
}

/* The compiler has duplicated the loop, as at -O3. */
static void test_several_sites(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_host();
	add_call("do_pick_task_scx", 0x40, "scx_flush_dispatch_buf");
	add_call("scx_bpf_sub_dispatch", 0x30, "scx_flush_dispatch_buf");
	add_call("scx_process_sync_ecaps", 0, "scx_flush_dispatch_buf");
	check_resolves(&l);
	check_sites(&l, (const struct slc_site[]) {
		{ 0x28, "do_pick_task_scx", SLC_SITE_ROOT },
		{ 0x40, "do_pick_task_scx", SLC_SITE_ROOT },
		{ 0x10, "scx_bpf_sub_dispatch", SLC_SITE_NESTED },
		{ 0x30, "scx_bpf_sub_dispatch", SLC_SITE_NESTED },
		{ 0x40, "scx_bpf_dsq_move_to_local___v2", SLC_SITE_PASS },
		{ 0, "scx_process_sync_ecaps", SLC_SITE_PASS },
		{ 0x7b, "scx_process_sync_ecaps", SLC_SITE_PASS },
	}, 7);
	assert_string_equal(l.host_name, "do_pick_task_scx");
	assert_int_equal(l.host_ret, ~0ULL);
}

/* Calls in parts that were moved away. They have the same role, and come last in it. */
static void test_cold(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_host();
	add_func("scx_bpf_sub_dispatch.cold.3");
	add_call("scx_bpf_sub_dispatch.cold.3", 8, "scx_flush_dispatch_buf");
	add_func("do_pick_task_scx.cold");
	add_call("do_pick_task_scx.cold", 8, "scx_flush_dispatch_buf");
	/* It comes before the others in the text. */
	fake_find("do_pick_task_scx.cold")->addr = TEXT_BASE + FUNC_SIZE;
	fake_find("scx_flush_dispatch_buf")->size = FUNC_SIZE;
	add_call("do_pick_task_scx.cold", 8, "scx_flush_dispatch_buf");
	check_resolves(&l);
	assert_int_equal(l.sites.nr, 6 + 1);
	assert_int_equal(l.sites.site[0].ret_addr, site("do_pick_task_scx", 0x28));
	assert_int_equal(l.sites.site[1].ret_addr, site("do_pick_task_scx.cold", 8));
	assert_string_equal(l.sites.site[1].func, "do_pick_task_scx");
	assert_int_equal(l.sites.site[1].role, SLC_SITE_ROOT);
	assert_int_equal(l.sites.site[3].ret_addr, site("scx_bpf_sub_dispatch.cold.3", 8));
	assert_int_equal(l.sites.site[3].role, SLC_SITE_NESTED);
	assert_string_equal(l.host_name, "do_pick_task_scx");
	assert_int_equal(l.host, fake_lookup("do_pick_task_scx"));
	assert_int_equal(l.host_ret, ~0ULL);

	/* The whole loop is in such a part. */
	remove_call("do_pick_task_scx", 0x28);
	check_resolves(&l);
	assert_int_equal(l.sites.site[0].ret_addr, site("do_pick_task_scx.cold", 8));
	assert_string_equal(l.host_name, "do_pick_task_scx");
	assert_int_equal(l.host, fake_lookup("do_pick_task_scx"));
	assert_int_equal(l.host_ret, ~0ULL);

	/* Nor is it the host's if it is a part of a copy of that. */
	add_func("do_pick_task_scx.constprop.0");
	fake_find("do_pick_task_scx.cold")->name = "do_pick_task_scx.constprop.0.cold";
	check_resolves(&l);
	assert_string_equal(l.host_name, "do_pick_task_scx.constprop.0");
	assert_int_equal(l.host_ret, 0);
	add_call("do_pick_task_scx", 0x28, "scx_flush_dispatch_buf");
	check_refused("both do_pick_task_scx and do_pick_task_scx.constprop.0.cold call");
	remove_call("do_pick_task_scx", 0x28);
	fake_find("do_pick_task_scx.constprop.0.cold")->name = "do_pick_task_scx.cold";

	/* Not another function that may have the loop. */
	add_func("dispatch_pick");
	check_resolves(&l);
	assert_string_equal(l.host_name, "do_pick_task_scx");

	/* The rest of the function is not there. */
	remove_symbol("do_pick_task_scx");
	check_resolves(&l);
	assert_string_equal(l.host_name, "do_pick_task_scx.cold");
	assert_int_equal(l.host, 0);
	assert_int_equal(l.host_ret, 0);
}

/* The flush is the only symbol with its name and any suffix. */
static void test_flush_suffix(void **state)
{
	static const char * const names[] = {
		"scx_flush_dispatch_buf.llvm.11873465921827364510",
		"scx_flush_dispatch_buf.__uniq.12.llvm.9",
	};
	static const char * const others[] = {
		"scx_flush_dispatch_buf.", "scx_flush_dispatch_buf.llvm",
		"scx_flush_dispatch_buf.llvm.", "scx_flush_dispatch_buf.llvm.x",
		"scx_flush_dispatch_buf.other.0", "scx_flush_dispatch_buf.isra.0x",
		"scx_flush_dispatch_buf_locked", "scx_flush_dispatch_buf.cold",
		"scx_flush_dispatch_buf.cold.0", "scx_flush_dispatch_bufs.isra.0",
	};
	struct slc_layout l;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fake_7_3();
		fake_find("scx_flush_dispatch_buf")->name = names[i];
		check_resolves(&l);
		assert_string_equal(l.flush_name, names[i]);
		assert_int_equal(l.flush, fake_lookup(names[i]));
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		fake_7_3();
		fake_find("scx_flush_dispatch_buf")->name = others[i];
		check_refused("no symbol flush_dispatch_buf or scx_flush_dispatch_buf");
		/* They do not matter if it is there. */
		fake_7_3();
		add_func(others[i]);
		check_resolves(&l);
	}

	fake_7_3();
	fake_find("scx_flush_dispatch_buf")->name = "scx_flush_dispatch_buf.part.0";
	check_refused("scx_flush_dispatch_buf.part.0 is only a part of scx_flush_dispatch_buf");

	/* BTF may have it with its old parameters. */
	fake_7_3();
	fake_find("scx_flush_dispatch_buf")->name = "scx_flush_dispatch_buf.isra.0";
	check_refused("the compiler changed the parameters of scx_flush_dispatch_buf.isra.0");
	fake_find("scx_flush_dispatch_buf.isra.0")->name = "scx_flush_dispatch_buf.constprop.0";
	check_refused("the compiler changed the parameters of");
	fake_7_3();
	fake.types.flush = "other";
	check_refused("the parameters of scx_flush_dispatch_buf");

	fake_7_3();
	add_func("scx_flush_dispatch_buf.constprop.0");
	check_refused("both scx_flush_dispatch_buf and scx_flush_dispatch_buf.constprop.0");
	fake_7_3();
	add_func("flush_dispatch_buf");
	check_refused("both scx_flush_dispatch_buf and flush_dispatch_buf");
	/* Two names for one function. */
	fake_7_3();
	add_func("flush_dispatch_buf");
	fake_find("flush_dispatch_buf")->addr = fake_lookup("scx_flush_dispatch_buf");
	check_resolves(&l);

	fake_7_3();
	add_func("scx_flush_dispatch_buf.llvm.1187346592182736451011873465921827364510");
	check_refused("too many symbols");
}

/* A caller that no table has is named. */
static void test_unknown_caller(void **state)
{
	struct slc_layout l;
	char want[80];

	(void)state;
	fake_7_3();
	add_func("scx_new_kfunc");
	add_call("scx_new_kfunc", 0x20, "scx_flush_dispatch_buf");
	check_refused("unknown caller of scx_flush_dispatch_buf: scx_new_kfunc");

	/* Behind an ENDBR64. */
	add_insn("scx_new_kfunc", 0x20, 0xe8, "scx_flush_dispatch_buf", 4);
	check_refused("unknown caller of scx_flush_dispatch_buf: scx_new_kfunc");

	/* A name that only begins like a known one. */
	fake_7_3();
	add_func("do_pick_task_scx_more");
	add_call("do_pick_task_scx_more", 0x20, "scx_flush_dispatch_buf");
	check_refused("unknown caller of scx_flush_dispatch_buf: do_pick_task_scx_more");

	/* In text that belongs to no function. */
	fake_7_3();
	snprintf(want, sizeof(want), "unknown call of scx_flush_dispatch_buf at %lx",
		 fake_find("do_pick_task_scx")->addr + 0x28);
	remove_symbol("do_pick_task_scx");
	check_refused(want);

	/* There is one in the scheduler, but not in a loop. */
	fake_7_3();
	remove_call("do_pick_task_scx", 0x28);
	add_func("scx_new_kfunc");
	add_call("scx_new_kfunc", 0x20, "scx_flush_dispatch_buf");
	check_refused("unknown caller of scx_flush_dispatch_buf: scx_new_kfunc");

	/* The flush itself is no caller. */
	fake_7_3();
	add_call("scx_flush_dispatch_buf", 0x20, "scx_flush_dispatch_buf");
	add_insn("scx_flush_dispatch_buf", 0x30, 0xe9, "scx_flush_dispatch_buf", 4);
	check_resolves(&l);
	assert_int_equal(l.sites.nr, 4);
}

/* A jump to the flush leaves the return address of another call. */
static void test_jump(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	add_func("scx_wrapper");
	add_insn("scx_wrapper", 0x20, 0xe9, "scx_flush_dispatch_buf", 0);
	check_refused("scx_wrapper jumps to scx_flush_dispatch_buf");
	add_insn("scx_wrapper", 0x20, 0xe9, "scx_flush_dispatch_buf", 4);
	check_refused("scx_wrapper jumps to scx_flush_dispatch_buf");
	/* je */
	add_insn("scx_wrapper", 0x20, 0x84, "scx_flush_dispatch_buf", 0);
	func_text("scx_wrapper")[0x1f] = 0x0f;
	check_refused("scx_wrapper jumps to scx_flush_dispatch_buf");
	func_text("scx_wrapper")[0x1f] = 0x90;
	check_resolves(&l);

	/* From a function that may call it. */
	fake_7_3();
	add_insn("scx_process_sync_ecaps", 0x20, 0xe9, "scx_flush_dispatch_buf", 0);
	check_refused("scx_process_sync_ecaps jumps to scx_flush_dispatch_buf");

	/* A jump in the function before it. */
	fake_7_3();
	add_func("previous");
	add_insn("previous", 0x20, 0xe9, "scx_flush_dispatch_buf", -8);
	check_resolves(&l);
	assert_int_equal(l.sites.nr, 4);
}

/* Bytes that look like a call by chance do not refuse a kernel if that can be told. */
static void test_chance(void **state)
{
	static const int entries[] = { -16, -1, 1, 3 };
	struct slc_layout l;
	u32 i;

	(void)state;
	fake_7_3();
	add_func("tcp_v4_rcv");
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		add_insn("tcp_v4_rcv", 0x10, 0xe8, "scx_flush_dispatch_buf", entries[i]);
		add_insn("tcp_v4_rcv", 0x20, 0xe9, "scx_flush_dispatch_buf", entries[i]);
		check_resolves(&l);
		assert_int_equal(l.sites.nr, 4);
	}
	/* A breakpoint counts only where a call is expected. */
	fake_7_3();
	add_func("tcp_v4_rcv");
	add_insn("tcp_v4_rcv", 0x10, 0xcc, "scx_flush_dispatch_buf", 0);
	check_resolves(&l);
	assert_int_equal(l.sites.nr, 4);

	/* If the known calls use such an entry, as with call depth tracking, so may others. */
	fake_7_3();
	add_insn("do_pick_task_scx", 0x28, 0xe8, "scx_flush_dispatch_buf", -10);
	check_resolves(&l);
	assert_int_equal(l.sites.site[0].ret_addr, site("do_pick_task_scx", 0x28));
	add_insn("scx_process_sync_ecaps", 0x7b, 0xe8, "scx_flush_dispatch_buf", -10);
	add_func("scx_new_kfunc");
	add_insn("scx_new_kfunc", 0x20, 0xe8, "scx_flush_dispatch_buf", -10);
	check_refused("unknown caller of scx_flush_dispatch_buf: scx_new_kfunc");
}

/* A breakpoint on a call is in the place of its first byte, and hides nothing. */
static void test_probed_call(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	add_insn("do_pick_task_scx", 0x28, 0xcc, "scx_flush_dispatch_buf", 0);
	add_insn("scx_bpf_sub_dispatch", 0x10, 0xcc, "scx_flush_dispatch_buf", 0);
	check_resolves(&l);
	assert_int_equal(l.sites.nr, 4);
	assert_int_equal(l.sites.site[0].ret_addr, site("do_pick_task_scx", 0x28));
	assert_int_equal(l.sites.site[1].role, SLC_SITE_NESTED);
}

/* The text is read in parts; a call may be in two of them. */
static void test_scan(void **state)
{
	const u32 step = SLC_TEXT_MAX - 5;
	struct slc_layout l;
	u32 at, reads;

	(void)state;
	fake_7_3();
	check_resolves(&l);
	reads = fake.text_reads;
	assert_true(reads > 2);
	for (at = 1; at <= reads; at++) {
		fake_7_3();
		fake.text_fails = at;
		check_refused("cannot be read");
	}
	for (at = step - 8; at <= step + 8; at++) {
		const char *name = "scx_bpf_dsq_move_to_local";

		fake_7_3();
		add_func(name);
		fake_find(name)->addr = TEXT_BASE + step - 0x100;
		/* Only in the gap between two functions. */
		memset(fake.text + step - 0x100, 0x90, 0x200);
		add_call(name, at - (step - 0x100), "scx_flush_dispatch_buf");
		check_resolves(&l);
		assert_int_equal(l.sites.nr, 5);
		assert_int_equal(l.sites.site[4].ret_addr, TEXT_BASE + at + 5);
		/* A conditional jump begins one byte earlier. */
		add_insn(name, at - (step - 0x100), 0x85, "scx_flush_dispatch_buf", 0);
		fake.text[at - 1] = 0x0f;
		check_refused("scx_bpf_dsq_move_to_local jumps to");
	}

	fake_7_3();
	remove_symbol("_stext");
	check_refused("_stext");
	fake_7_3();
	remove_symbol("_etext");
	check_refused("_etext");
	fake_7_3();
	fake_find("_etext")->addr = TEXT_BASE;
	check_refused("_etext");
}

static void test_too_many_calls(void **state)
{
	static const char * const far[] = {
		"scx_bpf_consume", "scx_bpf_dsq_move_to_local", "scx_dsq_move_to_local",
	};
	struct slc_layout l;
	u32 i, at, parts;

	(void)state;
	fake_7_3();
	for (i = 0; i < SLC_SITES_MAX - 4; i++)
		add_call("scx_process_sync_ecaps", 0x100 + i * 8, "scx_flush_dispatch_buf");
	check_resolves(&l);
	assert_int_equal(l.sites.nr, SLC_SITES_MAX);
	add_call("scx_process_sync_ecaps", 0x100 + i * 8, "scx_flush_dispatch_buf");
	check_refused("too many calls of scx_flush_dispatch_buf");
	for (i = 0; i < 100; i++)
		add_call("scx_process_sync_ecaps", 0x100 + i * 8, "scx_flush_dispatch_buf");
	check_refused("too many calls of scx_flush_dispatch_buf");

	/* Not too many in any part of the text. */
	for (parts = 2; parts <= 3; parts++) {
		fake_7_3();
		for (i = 0; i < parts; i++) {
			add_func(far[i]);
			fake_find(far[i])->addr = TEXT_BASE + SLC_TEXT_MAX * i + 0xc800;
			for (at = 0; at < 12; at++)
				add_call(far[i], at * 8, "scx_flush_dispatch_buf");
		}
		check_refused("too many calls of scx_flush_dispatch_buf");
	}
}

static void test_too_many_symbols(void **state)
{
	static char names[40][SLC_SYMBOL_LEN];
	struct slc_layout l;
	u32 i;

	(void)state;
	fake_7_3();
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(names[i], sizeof(names[i]), "scx_kick_cpu.constprop.%u", i);
		add_func(names[i]);
		/* One function with many names. */
		fake_find(names[i])->addr = fake_lookup("scx_kick_cpu");
	}
	add_func("irq_work_queue");
	fake_find("irq_work_queue")->addr = fake_lookup("scx_kick_cpu");
	check_resolves(&l);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		fake_find(names[i])->addr += 1 + i;
	check_refused("too many symbols");
}

static void test_nested(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	remove_call("scx_bpf_sub_dispatch", 0x10);
	check_refused("no call of scx_flush_dispatch_buf found in scx_bpf_sub_dispatch");

	fake.types.sub_sched = false;
	check_refused("no call of scx_flush_dispatch_buf found in scx_bpf_sub_dispatch");

	/* BTF has the kfunc, but there is no such symbol. */
	fake_7_3();
	remove_call("scx_bpf_sub_dispatch", 0x10);
	remove_symbol("scx_bpf_sub_dispatch");
	check_refused("no symbol scx_bpf_sub_dispatch");
	/* The loop of children is there, under a name by which it cannot be replaced. */
	add_func("scx_bpf_sub_dispatch.isra.0");
	add_call("scx_bpf_sub_dispatch.isra.0", 0x10, "scx_flush_dispatch_buf");
	check_refused("no symbol scx_bpf_sub_dispatch");
	fake.types.sub_sched = false;
	check_refused("no symbol scx_bpf_sub_dispatch");
	fake_7_3();
	remove_symbol("scx_bpf_sub_dispatch");
	check_refused("scx_flush_dispatch_buf");

	/* One function has the loop of all schedulers. */
	fake_7_3();
	remove_call("do_pick_task_scx", 0x28);
	add_func("scx_dispatch_sched");
	add_call("scx_dispatch_sched", 0x28, "scx_flush_dispatch_buf");
	check_refused("scx_dispatch_sched has both the outermost loop and that of children");
	remove_call("scx_bpf_sub_dispatch", 0x10);
	check_refused("scx_dispatch_sched has both the outermost loop and that of children");
	/* Without children it has only the outermost. */
	remove_symbol("scx_bpf_sub_dispatch");
	fake.types.sub_sched = false;
	check_resolves(&l);
	assert_string_equal(l.host_name, "scx_dispatch_sched");
}

/* Without these members, nested schedulers cannot be distinguished. */
static void test_nested_members(void **state)
{
	(void)state;
	fake_7_3();
	fake.types.cgroup_size = 0;
	check_refused("BTF has no usable struct scx_sched, member ops.sub_cgroup_id");
	fake.types.cgroup_size = 4;
	check_refused("struct scx_sched, member ops.sub_cgroup_id has 4 bytes instead of 8");

	fake_7_3();
	fake.types.level_size = 0;
	check_refused("BTF has no usable struct scx_sched, member level");
	fake.types.level_size = 8;
	check_refused("struct scx_sched, member level has 8 bytes instead of 4");
}

/* The replacement passes on the parameters in registers, so there may be no others. */
static void test_sub_dispatch_params(void **state)
{
	struct slc_layout l;
	u32 nr;

	(void)state;
	fake_7_3();
	for (nr = 0; nr <= 6; nr++) {
		fake.types.sub_params = nr;
		check_resolves(&l);
		assert_int_equal(l.sub_dispatch,
				 fake_lookup("scx_bpf_sub_dispatch"));
	}
	for (; nr <= MAX_PARAMS; nr++) {
		fake.types.sub_params = nr;
		check_refused("the parameters of scx_bpf_sub_dispatch are not known");
	}

	/* The function exists, but is not in BTF. */
	fake_7_3();
	fake.types.sub_sched = false;
	check_refused("the parameters of scx_bpf_sub_dispatch are not known");
}

/* The list is used if it is as expected. */
static void test_scheds(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_7_3();
	fake.types.all_size = 0;
	check_resolves(&l);
	assert_int_equal(l.sched_all, 0);
	assert_int_equal(l.sch_all, 0);
	fake.types.all_size = 8;
	check_resolves(&l);
	assert_int_equal(l.sched_all, 0);
	assert_int_equal(l.sch_all, 0);

	fake_7_3();
	remove_symbol("scx_sched_all");
	check_resolves(&l);
	assert_int_equal(l.sched_all, 0);

	/* It is not used if the flush has no parameter for the scheduler. */
	fake_6_12();
	fake.types.all_size = 16;
	add_data("scx_sched_all", DATA_BASE + 0xa0);
	check_resolves(&l);
	assert_int_equal(l.sched_all, 0);
	assert_int_equal(l.sch_all, 0);
}

static void check_no_node(void)
{
	struct slc_layout l;

	check_resolves(&l);
	assert_int_equal(l.root, DATA_BASE + 0x80);
	assert_int_equal(l.sch_node, 0);
	assert_int_equal(l.node_id, 0);
}

/* The directory is used only if all members on the path to its number are known. */
static void test_root(void **state)
{
	void (*const kernels[])(void) = { fake_6_12, fake_6_18, fake_7_3 };
	struct slc_layout l;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		kernels[i]();
		fake.types.kobj_size = 0;
		check_no_node();
		fake.types.kobj_size = 4;
		check_no_node();

		kernels[i]();
		fake.types.node_id_size = 0;
		check_no_node();
		fake.types.node_id_size = 4;
		check_no_node();

		kernels[i]();
		fake.types.no_rcu = true;
		check_no_node();

		kernels[i]();
		remove_symbol(i ? "scx_root" : "scx_root_kobj");
		/* The symbol of the other series is not used. */
		add_data(i ? "scx_root_kobj" : "scx_root", DATA_BASE + 0x88);
		check_resolves(&l);
		assert_int_equal(l.root, 0);
		assert_int_equal(l.node_id, NODE_ID);
	}
}

/* This CPU's rq is found by the variable, so that has to be what it is taken for. */
static void test_runqueues(void **state)
{
	static const enum dspc_var bad[] = {
		VAR_NONE, VAR_POINTER, VAR_OTHER, VAR_UNION, VAR_BROKEN
	};
	void (*const kernels[])(void) = { fake_6_12, fake_6_18, fake_7_3 };
	u32 i, k;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(kernels); k++) {
		kernels[k]();
		remove_symbol("runqueues");
		check_refused("no symbol runqueues");
		kernels[k]();
		fake_find("runqueues")->addr += 0x19000;
		check_refused("runqueues is not a per-CPU struct rq");
		kernels[k]();
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			fake.types.rq_var = bad[i];
			check_refused("runqueues is not a per-CPU struct rq");
		}
		kernels[k]();
		remove_symbol("__per_cpu_end");
		check_refused("no symbol __per_cpu_end");
	}
	fake_7_3();
	remove_symbol("__per_cpu_start");
	check_refused("no symbol __per_cpu_start");
}

static void test_rerun_members(void **state)
{
	(void)state;
	fake_7_3();
	fake.types.balance_size = 0;
	check_refused("BTF has no usable struct rq, member balance_callback");
	fake.types.balance_size = 4;
	check_refused("struct rq, member balance_callback has 4 bytes instead of 8");
	fake_7_3();
	fake.types.clock_size = 0;
	check_refused("BTF has no usable struct rq, member clock_update_flags");
	fake.types.clock_size = 8;
	check_refused("struct rq, member clock_update_flags has 8 bytes instead of 4");
}

/*
 * Selections are restarted only where both members are there. They are refused if they are not
 * what they were: otherwise restarts would not be seen.
 */
static void test_restarts(void **state)
{
	static const u32 missing[][2] = { { 0, 4 }, { 4, 0 }, { 0, 0 } };
	struct slc_layout l;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(missing); i++) {
		fake_7_3();
		fake.types.core_size = missing[i][0];
		fake.types.seq_size = missing[i][1];
		check_resolves(&l);
		assert_false(l.restarts);
		assert_int_equal(l.rq_core_enabled, missing[i][0] ? RQ_CORE : 0);
		assert_int_equal(l.rq_lock_drop_seq, 0);
	}
	/* A kernel that restarts them, but tells it by something else. */
	fake_7_3();
	fake.types.seq_size = 0;
	fake.types.retry = true;
	check_refused("BTF has no usable struct rq, member scx.lock_drop_seq");
	fake.types.core_size = 0;
	check_resolves(&l);
	fake_7_3();
	fake.types.core_size = 1;
	check_refused("struct rq, member core_enabled has 1 bytes instead of 4");
	fake_7_3();
	fake.types.seq_size = 8;
	check_refused("struct rq, member scx.lock_drop_seq has 8 bytes instead of 4");
}

static void check_no_global(void)
{
	struct slc_layout l;

	check_resolves(&l);
	assert_int_equal(l.global_at, SLC_GLOBAL_NONE);
	assert_int_equal(l.global, 0);
	assert_int_equal(l.sch_global, 0);
	assert_int_equal(l.pnode_global, 0);
	assert_int_equal(l.dsq_nr, 0);
}

/* The global DSQs are used if everything on the way to them is as expected. */
static void test_global(void **state)
{
	void (*const kernels[])(void) = { fake_6_12, fake_6_18, fake_7_3 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		kernels[i]();
		fake.types.dsq_nr_size = 0;
		check_no_global();
		fake.types.dsq_nr_size = 2;
		check_no_global();
	}
	fake_6_12();
	remove_symbol("global_dsqs");
	check_no_global();
	/* The symbol of other series is not used. */
	fake_6_18();
	add_data("global_dsqs", DATA_BASE + 0x280);
	for (i = 0; i < 4; i++) {
		if (i == 2)
			continue;
		fake.types.global_depth = i;
		check_no_global();
	}
	fake_7_3();
	for (i = 0; i < 4; i++) {
		if (i == 2)
			continue;
		fake.types.pnode_depth = i;
		check_no_global();
	}
	fake_7_3();
	fake.types.no_pnode_dsq = true;
	check_no_global();
	fake_7_3();
	fake.types.pnode_dsq_ptr = true;
	check_no_global();
}

/* The dispatch context is written to, so an ambiguous location is refused. */
static void test_dspc(void **state)
{
	struct slc_layout l;

	(void)state;
	fake_vendor("balance_scx");
	fake.types.dspc_var = VAR_NONE;
	check_refused("disagree");

	fake_vendor("balance_scx");
	fake.types.dspc_var = VAR_POINTER;	/* a per-CPU pointer */
	check_refused("disagree");

	fake_vendor("balance_scx");
	fake.types.dspc_var = VAR_OTHER;
	check_refused("the type of scx_dsp_ctx");
	fake.types.dspc_var = VAR_UNION;
	check_refused("the type of scx_dsp_ctx");
	fake.types.dspc_var = VAR_BROKEN;
	check_refused("the type of scx_dsp_ctx");

	fake_vendor("balance_scx");
	fake_find("scx_dsp_ctx")->addr = 0x39000;
	check_refused("disagree");

	fake_vendor("balance_scx");
	remove_symbol("scx_dsp_ctx");
	check_refused("scx_dsp_ctx");

	fake_6_18();
	fake.types.dspc_var = VAR_STRUCT;
	check_refused("disagree");

	fake_6_18();
	fake_find("scx_dsp_ctx")->addr = DATA_BASE + 0x10000;
	check_refused("disagree");
	/* An address before the per-CPU data, and thus not in it. */
	fake_find("scx_dsp_ctx")->addr = DATA_BASE + 0x8000;
	check_resolves(&l);
	assert_int_equal(l.dspc_at, SLC_DSPC_POINTER);

	fake_7_3();
	fake.types.dspc_in_pcpu = false;
	check_refused("dsp_ctx");
}

static void test_name(void **state)
{
	(void)state;
	fake_6_12();
	remove_symbol("scx_ops");
	check_refused("scx_ops");

	/* The name must have room for at least the NUL. */
	fake_6_12();
	fake.types.name_size = 0;
	check_refused("struct sched_ext_ops, member name");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vendor),
		cmocka_unit_test(test_6_12),
		cmocka_unit_test(test_6_18),
		cmocka_unit_test(test_7_3),
		cmocka_unit_test(test_no_sched_ext),
		cmocka_unit_test(test_kernel_limit),
		cmocka_unit_test(test_inlined_kick),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_host_rq),
		cmocka_unit_test(test_host_suffix),
		cmocka_unit_test(test_donor),
		cmocka_unit_test(test_member_sizes),
		cmocka_unit_test(test_queued),
		cmocka_unit_test(test_unknown_params),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_several_sites),
		cmocka_unit_test(test_cold),
		cmocka_unit_test(test_flush_suffix),
		cmocka_unit_test(test_unknown_caller),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_probed_call),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_too_many_calls),
		cmocka_unit_test(test_too_many_symbols),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_nested_members),
		cmocka_unit_test(test_sub_dispatch_params),
		cmocka_unit_test(test_scheds),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_runqueues),
		cmocka_unit_test(test_rerun_members),
		cmocka_unit_test(test_restarts),
		cmocka_unit_test(test_global),
		cmocka_unit_test(test_dspc),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
