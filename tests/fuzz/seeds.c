// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the fuzzers' first inputs, from the image of a real kernel.
 *
 * Usage:
 *	seeds [VMLINUX KALLSYMS] DIR
 *
 * DIR/btf, DIR/calls and DIR/layout have the inputs of the targets with these names.
 * File names are hashes of the contents. Without an image, it writes BTF with types of
 * every kind, which no kernel's BTF has, and a made-up kernel.
 */
#include <errno.h>
#include <sys/stat.h>

#include <linux/kernel.h>

#include "arch.h"
#include "cut.h"
#include "fuzz.h"
#include "kallsyms.h"
#include "kernel_image.h"
#include "why.h"

/* Bytes of code before and after a call that an input has. */
#define AROUND		64

/* A symbol in fuzz_names, or one that the resolver looked up. */
static struct asked {
	const char	*name;
	unsigned long	addr;
} asked[FUZZ_SYMBOLS];
static u32 nr_asked;

static const char *out;

/* FNV, for file names: the same input from several kernels is stored once. */
static u32 hash(const u8 *data, size_t len)
{
	u32 h = 2166136261U;

	while (len--)
		h = (h ^ *data++) * 16777619U;
	return h;
}

static void write_seed(const char *target, const void *a, size_t a_len,
		       const void *b, size_t b_len)
{
	u8 *all = malloc(a_len + b_len);
	char path[512];
	FILE *f;

	if (!all)
		abort();
	memcpy(all, a, a_len);
	memcpy(all + a_len, b, b_len);
	snprintf(path, sizeof(path), "%s/%s", out, target);
	if (mkdir(path, 0755) && errno != EEXIST) {
		perror(path);
		exit(1);
	}
	snprintf(path, sizeof(path), "%s/%s/%08x", out, target,
		 hash(all, a_len + b_len));
	f = fopen(path, "w");
	if (!f || fwrite(all, a_len + b_len, 1, f) != 1 || fclose(f)) {
		perror(path);
		exit(1);
	}
	free(all);
}

static void watch(const char *name, unsigned long addr)
{
	u32 i;

	for (i = 0; i < nr_asked; i++) {
		if (!strcmp(asked[i].name, name))
			return;
	}
	if (nr_asked == FUZZ_SYMBOLS)
		abort();
	asked[nr_asked++] = (struct asked) { name, addr };
}

static void watch_names(unsigned long (*lookup)(const char *name))
{
	u32 i;

	nr_asked = 0;
	for (i = 0; i < FUZZ_NAMES; i++)
		watch(fuzz_names[i], lookup(fuzz_names[i]));
}

static bool is_code(unsigned long addr)
{
	struct kernel_section s;
	u32 nr;

	for (nr = 0; kernel_image_code(nr, &s); nr++) {
		if (addr >= s.addr && addr - s.addr < s.len)
			return true;
	}
	return false;
}

/* Write an input of fuzz_calls: the code around a call. */
static void write_call(unsigned long from, unsigned long ret_addr,
		       unsigned long size, unsigned long target)
{
	unsigned long start = ret_addr - from > AROUND ? ret_addr - AROUND : from;
	unsigned long left = from + size - ret_addr;
	size_t len = ret_addr - start + (left < AROUND ? left : AROUND);
	struct fuzz_calls calls = { start, (s32)(target - start) };
	const u8 *text = kernel_image_text(start, len);

	if (text)
		write_seed("calls", &calls, sizeof(calls), text, len);
}

/* Describe a function for fuzz_layout: its size, and which of the symbols it calls. */
static void function(const struct asked *a, struct fuzz_symbol *s)
{
	unsigned long size = kallsyms_size(a->addr);
	struct slc_arch_call call;
	u32 i;

	s->size = size < 255 ? (u8)size : 255;
	for (i = 0; i < nr_asked && size; i++) {
		const u8 *text = kernel_image_text(a->addr, size);

		if (!text || !asked[i].addr || !is_code(asked[i].addr))
			continue;
		if (!slc_arch_find_calls(text, size, a->addr, asked[i].addr, &call, 1))
			continue;
		write_call(a->addr, call.next, size, asked[i].addr);
		if (!s->a)
			s->a = (u8)(i + 1);
		else if (!s->b)
			s->b = (u8)(i + 1);
	}
}

/* Describe data for fuzz_layout; only the order of the addresses matters. */
static void data(const struct asked *a, struct fuzz_symbol *s)
{
	u32 i;

	s->flags |= FUZZ_DATA;
	if ((long)a->addr < 0)
		s->flags |= FUZZ_HIGH;
	s->b = 1;
	for (i = 0; i < nr_asked; i++)
		s->b += asked[i].addr < a->addr;
}

static void write_symbols(const u8 *blob, size_t len)
{
	struct fuzz_symbol symbols[FUZZ_SYMBOLS] = { 0 };
	u32 i;

	for (i = 0; i < nr_asked; i++) {
		if (!asked[i].addr)
			continue;
		symbols[i].flags = FUZZ_PRESENT;
		if (is_code(asked[i].addr))
			function(&asked[i], &symbols[i]);
		else
			data(&asked[i], &symbols[i]);
	}
	write_seed("layout", symbols, sizeof(symbols), blob, len);
}

static int resolve(const struct slc_btf *btf, struct slc_layout *layout)
{
	const struct slc_kernel kernel = {
		.btf = btf,
		.lookup = kernel_image_lookup,
		.each = kernel_image_each,
		.where = kernel_image_where,
		.size = kallsyms_size,
		.text = kernel_image_text,
	};
	struct slc_why why;
	int ret;

	ret = slc_layout_resolve(&kernel, layout, &why);
	if (ret)
		fprintf(stderr, "refused: %s\n", why.text);
	return ret;
}

static int from_image(const char *vmlinux, const char *kallsyms)
{
	static struct slc_layout layout, again;
	static struct btf_builder b;
	struct slc_btf whole, cut;
	const void *section;
	size_t len;
	u8 *blob;

	if (!kernel_image_open(vmlinux, kallsyms))
		return 1;
	section = kernel_image_btf(&len);
	if (!section || slc_btf_open(&whole, section, len)) {
		fprintf(stderr, "%s: no usable BTF\n", vmlinux);
		return 1;
	}
	watch_names(kernel_image_lookup);
	kernel_image_watch(watch);
	if (resolve(&whole, &layout))
		return 1;
	kernel_image_watch(NULL);

	cut_btf(&whole, &b);
	blob = bb_blob(&b, &len);
	if (slc_btf_open(&cut, blob, len) || resolve(&cut, &again) ||
	    memcmp(&layout, &again, sizeof(layout))) {
		fprintf(stderr, "cut.c leaves out what the resolver looks at\n");
		return 1;
	}
	write_seed("btf", blob, len, "", 0);
	write_symbols(blob, len);
	printf("%u types of %zu bytes\n", cut.nr_types - 1, len);
	slc_btf_close(&cut);
	slc_btf_close(&whole);
	free(blob);
	kernel_image_close();
	return 0;
}

static void write_built(const struct btf_builder *b)
{
	size_t len;
	u8 *blob = bb_blob(b, &len);

	write_seed("btf", blob, len, "", 0);
	free(blob);
}

/* BTF with types of every kind, one kind that only the header describes, and a bit field. */
static void made_up(void)
{
	static u8 layout[24 * 4];
	static struct btf_builder b;
	u32 i, number, quals, inner, proto;

	bb_init(&b);
	b.layout = layout;
	b.layout_len = sizeof(layout);
	layout[23 * 4] = 4;
	layout[23 * 4 + 1] = 4;
	number = bb_int(&b, "int", 4);
	quals = number;
	for (i = KIND_TYPEDEF; i <= KIND_RESTRICT; i++)
		quals = bb_type(&b, i == KIND_TYPEDEF ? "alias" : "", i, 0, quals);
	quals = bb_type(&b, "tag", KIND_TYPE_TAG, 0, quals);
	inner = bb_type(&b, "", KIND_UNION, 2, 8);
	bb_member(&b, "x", number, 0);
	bb_member(&b, "y", bb_array(&b, quals, 2), 0);
	bb_type(&b, "outer", KIND_STRUCT, 4 | KFLAG, 32);
	bb_member(&b, "first", quals, 0);
	bb_member(&b, "", inner, 64);
	bb_member(&b, "bits", number, 3 << 24 | 128);
	bb_member(&b, "in", inner, 192);
	bb_type(&b, "e", KIND_ENUM, 1 | KFLAG, 4);
	bb_word(&b, bb_str(&b, "MINUS"));
	bb_word(&b, -1U);
	bb_type(&b, "e64", KIND_ENUM64, 1, 8);
	bb_word(&b, bb_str(&b, "HUGE"));
	bb_word(&b, 1);
	bb_word(&b, 1);
	bb_type(&b, "far", KIND_FWD, 0, 0);
	bb_type(&b, "half", KIND_FLOAT, 0, 2);
	i = bb_ptr(&b, b.nr);
	proto = bb_type(&b, "", KIND_FUNC_PROTO, 2, number);
	bb_param(&b, "p", i);
	bb_param(&b, "", 0);
	bb_type(&b, "fn", KIND_FUNC, 1, proto);
	bb_var(&b, "var", i);
	bb_type(&b, ".data", KIND_DATASEC, 1, 8);
	bb_word(&b, b.nr - 1);
	bb_word(&b, 0);
	bb_word(&b, 8);
	bb_type(&b, "decl", KIND_DECL_TAG, 0, number);
	bb_word(&b, -1U);
	bb_type(&b, "new", 23, 1, 0);
	bb_word(&b, 1);
	bb_word(&b, 2);
	write_built(&b);

	/* A tiny one, so that any read out of bounds is outside of the blob. */
	bb_init(&b);
	b.layout = layout;
	b.layout_len = 4;
	bb_int(&b, "i", 4);
	write_built(&b);
}

/* A made-up kernel like 7.3, as far as the resolver asks for it. */
#define TEXT_BASE	0xffffffff81000000UL
#define TEXT_SIZE	64
#define FIRST_CALL	8
#define SECOND_CALL	16
#define CALL_LEN	5

static const struct made_symbol {
	const char	*name;
	const char	*calls[2];
} made_functions[] = {
	{ "scx_flush_dispatch_buf", { NULL } },
	{ "scx_kick_cpu", { NULL } },
	{ "do_pick_task_scx", { "scx_flush_dispatch_buf", "scx_kick_cpu" } },
	{ "scx_bpf_sub_dispatch", { "scx_flush_dispatch_buf" } },
	{ "scx_bpf_dsq_move_to_local", { "scx_flush_dispatch_buf" } },
};

/* In the order of their addresses; the numbers are those in the input. */
static const struct made_data {
	const char	*name;
	u8		nr;
} made_data[] = {
	{ "__per_cpu_start", 1 }, { "runqueues", 2 }, { "__per_cpu_end", 3 },
	{ "ext_sched_class", 4 }, { "idle_sched_class", 5 },
};

#define MADE_TEXT	(ARRAY_SIZE(made_functions) * TEXT_SIZE)
#define DATA_BASE	0xffffffff83000000UL

static u8 made_text_all[MADE_TEXT];

static unsigned long made_addr(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(made_functions); i++) {
		if (!strcmp(made_functions[i].name, name))
			return TEXT_BASE + i * TEXT_SIZE;
	}
	for (i = 0; i < ARRAY_SIZE(made_data); i++) {
		if (!strcmp(made_data[i].name, name))
			return DATA_BASE + made_data[i].nr;
	}
	if (!strcmp(name, "_stext"))
		return TEXT_BASE;
	return strcmp(name, "_etext") ? 0 : TEXT_BASE + MADE_TEXT;
}

static unsigned long made_lookup(const char *name)
{
	unsigned long addr = made_addr(name);

	watch(name, addr);
	return addr;
}

static void made_each(slc_symbol_fn fn, void *data)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(made_functions); i++)
		fn(data, made_functions[i].name, TEXT_BASE + i * TEXT_SIZE);
}

static const char *made_where(unsigned long addr, unsigned long *start)
{
	*start = addr & -(unsigned long)TEXT_SIZE;
	return made_functions[(addr - TEXT_BASE) / TEXT_SIZE].name;
}

static unsigned long made_size(unsigned long addr)
{
	(void)addr;
	return TEXT_SIZE;
}

static void made_write_text(void)
{
	u32 f, i;

	memset(made_text_all, 0x90, sizeof(made_text_all));
	for (f = 0; f < ARRAY_SIZE(made_functions); f++) {
		const struct made_symbol *s = &made_functions[f];

		for (i = 0; i < ARRAY_SIZE(s->calls) && s->calls[i]; i++) {
			size_t at = f * TEXT_SIZE + (i ? SECOND_CALL : FIRST_CALL);
			u32 rel = (u32)(made_addr(s->calls[i]) - (TEXT_BASE + at + CALL_LEN));

			made_text_all[at] = 0xe8;
			memcpy(made_text_all + at + 1, &rel, sizeof(rel));
		}
	}
}

static const u8 *made_text(unsigned long addr, size_t len)
{
	return addr >= TEXT_BASE && addr + len <= TEXT_BASE + MADE_TEXT ?
	       made_text_all + (addr - TEXT_BASE) : NULL;
}

static u32 made_func(struct btf_builder *b, const char *name, u32 first, u32 second)
{
	u32 proto = bb_type(b, "", KIND_FUNC_PROTO, 2, 0);

	bb_param(b, "a", first);
	bb_param(b, "b", second);
	return bb_type(b, name, KIND_FUNC, 1, proto);
}

static void made_types(struct btf_builder *b)
{
	u32 number, wide, byte, ptr, dsq, scx, dsp, name, ops, sched, rq;

	bb_init(b);
	number = bb_int(b, "unsigned int", 4);
	wide = bb_int(b, "u64", 8);
	byte = bb_int(b, "char", 1);
	ptr = bb_ptr(b, 0);
	dsq = bb_type(b, "scx_dispatch_q", KIND_STRUCT, 1, 4);
	bb_member(b, "nr", number, 0);
	scx = bb_type(b, "scx_rq", KIND_STRUCT, 2, 8);
	bb_member(b, "local_dsq", dsq, 0);
	bb_member(b, "lock_drop_seq", number, 32);
	rq = bb_type(b, "rq", KIND_STRUCT, 7, 48);
	bb_member(b, "curr", ptr, 0);
	bb_member(b, "nr_switches", wide, 64);
	bb_member(b, "cpu", number, 128);
	bb_member(b, "scx", scx, 192);
	bb_member(b, "balance_callback", ptr, 256);
	bb_member(b, "core_enabled", number, 320);
	bb_member(b, "clock_update_flags", number, 352);
	bb_var(b, "runqueues", rq);
	scx = bb_type(b, "sched_ext_entity", KIND_STRUCT, 2, 16);
	bb_member(b, "flags", number, 0);
	bb_member(b, "slice", wide, 64);
	bb_type(b, "task_struct", KIND_STRUCT, 2, 24);
	bb_member(b, "sched_class", ptr, 0);
	bb_member(b, "scx", scx, 64);
	dsp = bb_type(b, "scx_dsp_ctx", KIND_STRUCT, 1, 4);
	bb_member(b, "nr_tasks", number, 0);
	bb_type(b, "scx_sched_pcpu", KIND_STRUCT, 1, 4);
	bb_member(b, "dsp_ctx", dsp, 0);
	name = bb_array(b, byte, 128);
	ops = bb_type(b, "sched_ext_ops", KIND_STRUCT, 2, 136);
	bb_member(b, "sub_cgroup_id", wide, 0);
	bb_member(b, "name", name, 64);
	bb_type(b, "scx_sched_pnode", KIND_STRUCT, 1, 8);
	bb_member(b, "global_dsq", dsq, 32);
	sched = bb_type(b, "scx_sched", KIND_STRUCT, 4, 160);
	bb_member(b, "pcpu", ptr, 0);
	bb_member(b, "level", number, 64);
	bb_member(b, "ops", ops, 128);
	bb_member(b, "pnode", ptr, 1216);
	bb_type(b, "", KIND_ENUM, 2, 4);
	bb_word(b, bb_str(b, "SCX_TASK_QUEUED"));
	bb_word(b, 1);
	bb_word(b, bb_str(b, "SCX_DSP_MAX_LOOPS"));
	bb_word(b, 32);
	sched = bb_ptr(b, sched);
	rq = bb_ptr(b, rq);
	made_func(b, "scx_flush_dispatch_buf", sched, rq);
	made_func(b, "scx_bpf_sub_dispatch", wide, ptr);
}

/* The number of a symbol among those that the resolver looked up, from 1. */
static u8 made_nr(const char *name)
{
	u32 i;

	for (i = 0; i < nr_asked; i++) {
		if (!strcmp(asked[i].name, name))
			return (u8)(i + 1);
	}
	return 0;
}

static void made_up_kernel(void)
{
	struct fuzz_symbol symbols[FUZZ_SYMBOLS] = { 0 };
	struct slc_kernel kernel = {
		.lookup = made_lookup,
		.each = made_each,
		.where = made_where,
		.size = made_size,
		.text = made_text,
	};
	unsigned long host = made_addr("do_pick_task_scx");
	struct fuzz_calls calls = {
		host, (s32)(made_addr("scx_flush_dispatch_buf") - host),
	};
	static struct slc_layout layout;
	static struct btf_builder b;
	struct slc_btf btf;
	struct slc_why why;
	size_t len;
	u8 *blob;
	u32 i;

	made_types(&b);
	made_write_text();
	watch_names(made_addr);
	blob = bb_blob(&b, &len);
	kernel.btf = &btf;
	if (slc_btf_open(&btf, blob, len) || slc_layout_resolve(&kernel, &layout, &why)) {
		fprintf(stderr, "the made-up kernel is refused: %s\n", why.text);
		exit(1);
	}
	for (i = 0; i < ARRAY_SIZE(made_functions); i++) {
		const struct made_symbol *m = &made_functions[i];

		symbols[made_nr(m->name) - 1] = (struct fuzz_symbol) {
			.flags = FUZZ_PRESENT,
			.size = TEXT_SIZE,
			.a = m->calls[0] ? made_nr(m->calls[0]) : 0,
			.b = m->calls[1] ? made_nr(m->calls[1]) : 0,
		};
	}
	for (i = 0; i < ARRAY_SIZE(made_data); i++) {
		symbols[made_nr(made_data[i].name) - 1] = (struct fuzz_symbol) {
			.flags = FUZZ_PRESENT | FUZZ_DATA | FUZZ_HIGH,
			.b = made_data[i].nr,
		};
	}
	symbols[made_nr("_stext") - 1].flags = FUZZ_PRESENT | FUZZ_DATA;
	symbols[made_nr("_etext") - 1].flags = FUZZ_PRESENT | FUZZ_DATA;
	write_seed("btf", blob, len, "", 0);
	write_seed("layout", symbols, sizeof(symbols), blob, len);
	write_seed("calls", &calls, sizeof(calls), made_text(host, TEXT_SIZE), TEXT_SIZE);
	slc_btf_close(&btf);
	free(blob);
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 4) {
		fprintf(stderr, "usage: seeds [VMLINUX KALLSYMS] DIR\n");
		return 2;
	}
	out = argv[argc - 1];
	if (argc == 4)
		return from_image(argv[1], argv[2]);
	made_up();
	made_up_kernel();
	return 0;
}
