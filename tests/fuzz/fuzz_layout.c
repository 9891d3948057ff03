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
#define FUNC_ROOM	256
#define CALL_LEN	5

static struct {
	struct fuzz_symbol	symbols[FUZZ_SYMBOLS];
	const char		*names[FUZZ_SYMBOLS];	/* looked up so far */
	u32			nr;
	u8			*text;
} kernel;

static unsigned long symbol_addr(u32 nr)
{
	const struct fuzz_symbol *s = &kernel.symbols[nr];

	if (!(s->flags & FUZZ_PRESENT))
		return 0;
	if (!(s->flags & FUZZ_DATA))
		return TEXT_BASE + nr * FUNC_ROOM;
	return (s->flags & FUZZ_HIGH ? DATA_BASE : 0) +
		(unsigned long)(s->a << 8 | s->b);
}

/* The names are constants, but the same name may be in two tables at different addresses. */
static unsigned long fuzz_lookup(const char *name)
{
	u32 nr;

	for (nr = 0; nr < kernel.nr; nr++) {
		if (!strcmp(kernel.names[nr], name))
			return symbol_addr(nr);
	}
	/* If this fails, FUZZ_SYMBOLS is too small. */
	CHECK(nr < FUZZ_SYMBOLS);
	kernel.names[kernel.nr++] = name;
	return symbol_addr(nr);
}

/* Return the function that begins at @addr, or NULL. */
static const struct fuzz_symbol *function_at(unsigned long addr)
{
	u32 nr = (u32)(addr - TEXT_BASE) / FUNC_ROOM;

	if (addr < TEXT_BASE || nr >= kernel.nr || symbol_addr(nr) != addr ||
	    kernel.symbols[nr].flags & FUZZ_DATA)
		return NULL;
	return &kernel.symbols[nr];
}

static unsigned long fuzz_size(unsigned long addr)
{
	const struct fuzz_symbol *s = function_at(addr);

	return s ? s->size : 0;
}

/* Write a call of symbol number @callee (from 1) at offset @at of the function at @addr. */
static void put_call(unsigned long addr, size_t at, u8 callee)
{
	unsigned long to = callee && callee <= kernel.nr ?
			   symbol_addr(callee - 1u) : 0;
	u32 rel = (u32)(to - (addr + at + CALL_LEN));

	if (!to)
		return;
	kernel.text[at] = 0xe8;
	memcpy(kernel.text + at + 1, &rel, sizeof(rel));
}

/* Allocates exactly @len bytes, so that AddressSanitizer reports reads beyond them. */
static const u8 *fuzz_text(unsigned long addr, size_t len)
{
	const struct fuzz_symbol *s = function_at(addr);

	CHECK(s && len == s->size && len);
	if (s->flags & FUZZ_UNREADABLE)
		return NULL;
	free(kernel.text);
	kernel.text = malloc(len);
	CHECK(kernel.text);
	memset(kernel.text, 0x90, len);
	if (len >= CALL_LEN)
		put_call(addr, 0, s->a);
	if (len >= 2 * CALL_LEN)
		put_call(addr, len - CALL_LEN, s->b);
	return kernel.text;
}

/* A return address must be behind a call, in a function of the kernel. */
static void check_site(unsigned long ret_addr)
{
	u32 nr = (u32)(ret_addr - TEXT_BASE - 1) / FUNC_ROOM;
	const struct fuzz_symbol *s;

	CHECK(ret_addr > TEXT_BASE && nr < kernel.nr);
	s = function_at(symbol_addr(nr));
	CHECK(s && ret_addr >= symbol_addr(nr) + CALL_LEN &&
	      ret_addr <= symbol_addr(nr) + s->size);
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
	u32 i, j;

	CHECK(l->flush && l->flush_name && l->host && l->host_name);
	CHECK(l->ext_class && l->task_queued);
	check_site(l->root_site);
	CHECK(!l->nested_site == !l->sub_dispatch);
	if (l->nested_site)
		check_site(l->nested_site);
	CHECK(l->nr_pass_sites <= SLC_PASS_SITES_MAX);
	for (i = 0; i < l->nr_pass_sites; i++) {
		check_site(l->pass_sites[i]);
		CHECK(l->pass_sites[i] != l->root_site &&
		      l->pass_sites[i] != l->nested_site);
		for (j = 0; j < i; j++)
			CHECK(l->pass_sites[i] != l->pass_sites[j]);
	}
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
	if (l->nested_site) {
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
		.size = fuzz_size,
		.text = fuzz_text,
	};
	int ret;

	if (size < sizeof(kernel.symbols))
		return 0;
	memcpy(kernel.symbols, data, sizeof(kernel.symbols));
	kernel.nr = 0;
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
