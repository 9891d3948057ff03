// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes the resolver, and with it the BTF reader and the search for calls. The input
 * describes a made-up kernel: its symbols, followed by its BTF, see fuzz.h. If the
 * resolver accepts it, all resulting addresses and members must be in that kernel.
 *
 *	SAY=1 fuzz_layout INPUT...	print the resolver's result for each input
 */
#include <errno.h>

#include <linux/limits.h>

#include "../include/scx_loop_cap.h"
#include "fuzz.h"
#include "layout.h"
#include "why.h"

#define TEXT_BASE	0xffffffff81000000UL
#define DATA_BASE	0xffffffff83000000UL
#define FUNC_ROOM	64
#define TEXT_SIZE	(FUZZ_SYMBOLS * FUNC_ROOM)
#define CALL_LEN	5

static struct {
	struct fuzz_symbol	symbols[FUZZ_SYMBOLS];
	const char		*names[FUZZ_SYMBOLS];	/* looked up so far */
	u32			nr;
	u8			all_text[TEXT_SIZE];
	u8			*text;
} kernel;

static bool is_present(u32 nr)
{
	return kernel.symbols[nr].flags & FUZZ_PRESENT;
}

static bool is_function(u32 nr)
{
	return is_present(nr) && !(kernel.symbols[nr].flags & FUZZ_DATA);
}

static unsigned long symbol_addr(u32 nr)
{
	const struct fuzz_symbol *s = &kernel.symbols[nr];

	if (!is_present(nr))
		return 0;
	if (is_function(nr))
		return TEXT_BASE + nr * FUNC_ROOM;
	return (s->flags & FUZZ_HIGH ? DATA_BASE : 0) +
		(unsigned long)(s->a << 8 | s->b);
}

static unsigned long fuzz_lookup(const char *name)
{
	u32 nr;

	for (nr = 0; nr < kernel.nr; nr++) {
		if (!strcmp(kernel.names[nr], name))
			break;
	}
	/* If this fails, FUZZ_SYMBOLS is too small. */
	CHECK(nr < FUZZ_SYMBOLS);
	if (nr == kernel.nr)
		kernel.names[kernel.nr++] = name;
	if (!strcmp(name, "_stext"))
		return is_present(nr) ? TEXT_BASE : 0;
	if (!strcmp(name, "_etext"))
		return is_present(nr) ? TEXT_BASE + TEXT_SIZE : 0;
	return symbol_addr(nr);
}

static void fuzz_each(slc_symbol_fn fn, void *data)
{
	u32 nr;

	for (nr = 0; nr < FUZZ_NAMES; nr++) {
		if (is_function(nr) && fn(data, fuzz_names[nr], symbol_addr(nr)))
			break;
	}
}

static const char *fuzz_where(unsigned long addr, unsigned long *start)
{
	u32 nr = (u32)(addr - TEXT_BASE) / FUNC_ROOM + 1;

	CHECK(addr >= TEXT_BASE && addr < TEXT_BASE + TEXT_SIZE);
	while (nr--) {
		if (!is_function(nr))
			continue;
		*start = symbol_addr(nr);
		return nr < kernel.nr ? kernel.names[nr] : NULL;
	}
	return NULL;
}

static unsigned long symbol_size(u32 nr)
{
	return kernel.symbols[nr].size < FUNC_ROOM ? kernel.symbols[nr].size : FUNC_ROOM;
}

/* Return the number of the function at @addr, or -1. */
static int function_at(unsigned long addr)
{
	u32 nr = (u32)(addr - TEXT_BASE) / FUNC_ROOM;

	return addr >= TEXT_BASE && nr < FUZZ_SYMBOLS && is_function(nr) &&
	       symbol_addr(nr) == addr ? (int)nr : -1;
}

static unsigned long fuzz_size(unsigned long addr)
{
	int nr = function_at(addr);

	return nr < 0 ? 0 : symbol_size((u32)nr);
}

/* Write a call of symbol number @callee (from 1) at offset @at of a function. */
static void put_call(u32 nr, size_t at, u8 opcode, u8 callee)
{
	unsigned long to = callee && callee <= FUZZ_SYMBOLS ? symbol_addr(callee - 1u) : 0;
	u32 rel = (u32)(to - (symbol_addr(nr) + at + CALL_LEN));
	u8 *text = kernel.all_text + nr * FUNC_ROOM + at;

	if (!to)
		return;
	*text = opcode;
	memcpy(text + 1, &rel, sizeof(rel));
}

static void write_text(void)
{
	u32 nr;

	memset(kernel.all_text, 0x90, sizeof(kernel.all_text));
	for (nr = 0; nr < FUZZ_SYMBOLS; nr++) {
		const struct fuzz_symbol *s = &kernel.symbols[nr];
		unsigned long size = symbol_size(nr);

		if (!is_function(nr))
			continue;
		if (size >= CALL_LEN)
			put_call(nr, 0, s->flags & FUZZ_JUMP ? 0xe9 :
				 s->flags & FUZZ_PROBED ? 0xcc : 0xe8, s->a);
		if (size >= 2 * CALL_LEN)
			put_call(nr, size - CALL_LEN, 0xe8, s->b);
	}
}

/* Allocates exactly @len bytes, so that AddressSanitizer reports reads beyond them. */
static const u8 *fuzz_text(unsigned long addr, size_t len)
{
	int nr = function_at(addr);

	CHECK(len && len <= SLC_TEXT_MAX && addr >= TEXT_BASE &&
	      addr - TEXT_BASE + len <= TEXT_SIZE);
	if (nr >= 0 && kernel.symbols[nr].flags & FUZZ_UNREADABLE)
		return NULL;
	free(kernel.text);
	kernel.text = malloc(len);
	CHECK(kernel.text);
	return memcpy(kernel.text, kernel.all_text + (addr - TEXT_BASE), len);
}

/* A call site must be behind a call of the flush, in the function that it names. */
static void check_site(const struct slc_layout *l, const struct slc_site *site)
{
	const u8 *next = kernel.all_text + (site->ret_addr - TEXT_BASE);
	unsigned long start;
	const char *name;

	CHECK(site->ret_addr >= TEXT_BASE + CALL_LEN &&
	      site->ret_addr <= TEXT_BASE + TEXT_SIZE);
	CHECK(next[-CALL_LEN] == 0xe8 || next[-CALL_LEN] == 0xcc);
	CHECK(site->ret_addr + (unsigned long)(long)(s32)fuzz_u32(next - 4) == l->flush);
	name = fuzz_where(site->ret_addr - CALL_LEN, &start);
	CHECK(name && !strncmp(name, site->func, strlen(site->func)));
}

/* Member @path of @type must be at @offset, have @size, and be inside of its structure. */
static void check_member(const struct slc_btf *btf, const char *type,
			 const char *path, u32 offset, u32 size)
{
	struct slc_btf_field whole, field;

	CHECK(!slc_btf_field(btf, type, path, &field));
	CHECK(field.offset == offset && field.size == size);
	/* There may be several structures with this name, with different sizes. */
	if (!slc_btf_field(btf, type, "", &whole))
		CHECK((u64)offset + size <= whole.size);
}

static void check_layout(const struct slc_btf *btf, const struct slc_layout *l)
{
	bool nested = false;
	u32 i, j;

	CHECK(l->flush && *l->flush_name && *l->host_name);
	CHECK(l->idle_class && l->task_queued && l->runqueues);
	CHECK(l->sites.nr && l->sites.nr <= SLC_SITES_MAX);
	CHECK(l->sites.site[0].role == SLC_SITE_ROOT);
	for (i = 0; i < l->sites.nr; i++) {
		check_site(l, &l->sites.site[i]);
		nested |= l->sites.site[i].role == SLC_SITE_NESTED;
		for (j = 0; j < i; j++)
			CHECK(l->sites.site[i].ret_addr != l->sites.site[j].ret_addr &&
			      l->sites.site[i].role >= l->sites.site[j].role);
	}
	CHECK(nested == !!l->sub_dispatch);
	CHECK(l->max_limit >= SCX_LOOP_CAP_LIMIT_MIN &&
	      l->max_limit <= SCX_LOOP_CAP_LIMIT_MAX);
	CHECK(!l->kernel_limit || l->max_limit == SCX_LOOP_CAP_LIMIT_MAX);
	CHECK(!l->host_ret || (l->host && l->host_rq < 2));
	CHECK(!l->kernel_limit || (l->kernel_limit >= SCX_LOOP_CAP_LIMIT_MIN &&
				   l->kernel_limit <= SCX_LOOP_CAP_LIMIT_MAX));
	CHECK(!l->host_ret || l->host_ret == 0xff || l->host_ret == U32_MAX ||
	      l->host_ret == U64_MAX);
	CHECK(l->ops_name_len);

	check_member(btf, "rq", "curr", l->rq_curr, 8);
	check_member(btf, "rq", "cpu", l->rq_cpu, 4);
	check_member(btf, "rq", "nr_switches", l->rq_nr_switches, 8);
	check_member(btf, "rq", "scx.local_dsq.nr", l->rq_local_nr, 4);
	check_member(btf, "task_struct", "scx.flags", l->task_flags, 4);
	check_member(btf, "task_struct", "scx.slice", l->task_slice, 8);
	check_member(btf, "task_struct", "sched_class", l->task_class, 8);
	if (l->dspc_at == SLC_DSPC_SCHED) {
		check_member(btf, "scx_sched_pcpu", "dsp_ctx.nr_tasks",
			     l->dspc_nr_tasks, 4);
		check_member(btf, "scx_sched", "pcpu", l->sch_pcpu, 8);
	} else {
		CHECK(l->dspc);
		check_member(btf, "scx_dsp_ctx", "nr_tasks", l->dspc_nr_tasks, 4);
	}
	check_member(btf, "rq", "balance_callback", l->rq_balance_callback, 8);
	check_member(btf, "rq", "clock_update_flags", l->rq_clock_flags, 4);
	if (l->rq_core_enabled || l->restarts)
		check_member(btf, "rq", "core_enabled", l->rq_core_enabled, 4);
	if (l->restarts)
		check_member(btf, "rq", "scx.lock_drop_seq", l->rq_lock_drop_seq, 4);
	if (l->global_at != SLC_GLOBAL_NONE)
		check_member(btf, "scx_dispatch_q", "nr", l->dsq_nr, 4);
	if (l->global_at == SLC_GLOBAL_SYMBOL)
		CHECK(l->global);
	if (l->global_at == SLC_GLOBAL_SCHED)
		check_member(btf, "scx_sched", "global_dsqs", l->sch_global, 8);
	if (l->global_at == SLC_GLOBAL_PNODE)
		check_member(btf, "scx_sched", "pnode", l->sch_global, 8);
	if (l->sub_dispatch) {
		check_member(btf, "scx_sched", "level", l->sch_level, 4);
		check_member(btf, "scx_sched", "ops.sub_cgroup_id",
			     l->sch_cgroup, 8);
	}
	if (l->flush_args == SLC_FLUSH_SCH_RQ)
		check_member(btf, "scx_sched", "ops.name", l->ops_name,
			     l->ops_name_len);
	else
		CHECK(l->ops);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct slc_layout layout;
	struct slc_why why;
	struct slc_btf btf;
	const struct slc_kernel fuzzed = {
		.btf = &btf,
		.lookup = fuzz_lookup,
		.each = fuzz_each,
		.where = fuzz_where,
		.size = fuzz_size,
		.text = fuzz_text,
	};
	int ret;

	if (size < sizeof(kernel.symbols))
		return 0;
	memcpy(kernel.symbols, data, sizeof(kernel.symbols));
	memcpy(kernel.names, fuzz_names, sizeof(fuzz_names));
	kernel.nr = FUZZ_NAMES;
	write_text();
	data += sizeof(kernel.symbols);
	size -= sizeof(kernel.symbols);
	if (!slc_btf_open(&btf, data, size)) {
		memset(why.text, '#', sizeof(why.text));
		memset(&layout, 0x5a, sizeof(layout));
		ret = slc_layout_resolve(&fuzzed, &layout, &why);
		CHECK(memchr(why.text, '\0', sizeof(why.text)));
		CHECK(!ret == !*why.text);
		CHECK(!ret || ret == -ENODEV || ret == -EOPNOTSUPP);
		if (getenv("SAY"))
			printf("%s%s\n", ret ? "refused: " : "", ret ? why.text : "resolved");
		if (!ret)
			check_layout(&btf, &layout);
	}
	slc_btf_close(&btf);
	free(kernel.text);
	kernel.text = NULL;
	return 0;
}
