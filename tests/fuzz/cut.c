// SPDX-License-Identifier: GPL-2.0
/*
 * Reduces a kernel's BTF to the types that the resolver reads.
 *
 * A kernel's BTF has 5 MB, of which the resolver reads a few KB, so random changes
 * would rarely affect it. The reduced BTF has the types and functions in the list
 * below and all types that they refer to. Of structures it has only the members in
 * the list and unnamed ones. Sizes and offsets are unchanged.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cut.h"
#include "fuzz.h"

/* seeds.c fails if the resolver needs a name that is missing here. */
static const char * const wanted_types[] = {
	"rq", "task_struct", "kobject", "kernfs_node", "sched_ext_ops", "scx_sched",
	"scx_sched_pcpu", "scx_sched_pnode", "scx_dispatch_q", "scx_dsp_ctx", "runqueues",
	"flush_dispatch_buf",
	"scx_flush_dispatch_buf", "scx_bpf_sub_dispatch", "balance_scx",
	"balance_one", "pick_task_scx", "do_pick_task_scx", "dispatch_pick",
	"dispatch_core_pick", "dispatch_one", "scx_dispatch_sched",
};

static const char * const wanted_members[] = {
	"curr", "donor", "cpu", "nr_switches", "scx", "local_dsq", "nr", "flags",
	"slice", "sched_class", "kobj", "sd", "id", "rcu", "all", "level", "ops",
	"name", "sub_cgroup_id", "pcpu", "dsp_ctx", "nr_tasks", "balance_callback",
	"clock_update_flags", "core_enabled", "lock_drop_seq", "global_dsqs", "pnode", "global_dsq",
};

static const char * const wanted_enumerators[] = {
	"SCX_TASK_QUEUED", "SCX_DSP_MAX_LOOPS",
};

#define TYPE_SIZE	12

static struct {
	const struct slc_btf	*btf;
	u32			*ids;	/* new id by old id; 0 if the type is left out */
} cut;

static bool in_list(const char *name, const char * const *list, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(name, list[i]))
			return true;
	}
	return false;
}

static const u8 *type_at(u32 id)
{
	return cut.btf->types + cut.btf->index[id];
}

static const char *name_at(const u8 *p)
{
	return cut.btf->strs + fuzz_u32(p);
}

static u32 kind_of(const u8 *p)
{
	return fuzz_u32(p + 4) >> 24 & 0x7f;
}

static u32 vlen_of(const u8 *p)
{
	return fuzz_u32(p + 4) & 0xffffff;
}

static bool keeps_member(const u8 *m)
{
	return !*name_at(m) || in_list(name_at(m), wanted_members,
				       ARRAY_SIZE(wanted_members));
}

/* Mark type @id, and all types that it refers to, as kept. */
static void keep(u32 id)
{
	const u8 *p, *e;
	u32 i;

	if (!id || cut.ids[id])
		return;
	cut.ids[id] = 1;
	p = type_at(id);
	e = p + TYPE_SIZE;
	switch (kind_of(p)) {
	case KIND_STRUCT:
	case KIND_UNION:
		for (i = 0; i < vlen_of(p); i++, e += 12) {
			if (keeps_member(e))
				keep(fuzz_u32(e + 4));
		}
		break;
	case KIND_ARRAY:
		keep(fuzz_u32(e));
		keep(fuzz_u32(e + 4));
		break;
	case KIND_FUNC_PROTO:
		keep(fuzz_u32(p + 8));
		for (i = 0; i < vlen_of(p); i++, e += 8)
			keep(fuzz_u32(e + 4));
		break;
	case KIND_PTR:
	case KIND_TYPEDEF:
	case KIND_VOLATILE:
	case KIND_CONST:
	case KIND_RESTRICT:
	case KIND_FUNC:
	case KIND_VAR:
	case KIND_TYPE_TAG:
		keep(fuzz_u32(p + 8));
		break;
	}
}

static bool is_wanted(const u8 *p)
{
	const u8 *e = p + TYPE_SIZE;
	u32 kind = kind_of(p), i;

	switch (kind) {
	case KIND_STRUCT:
	case KIND_FUNC:
	case KIND_VAR:
		return in_list(name_at(p), wanted_types, ARRAY_SIZE(wanted_types));
	case KIND_ENUM:
	case KIND_ENUM64:
		for (i = 0; i < vlen_of(p); i++, e += kind == KIND_ENUM ? 8 : 12) {
			if (in_list(name_at(e), wanted_enumerators,
				    ARRAY_SIZE(wanted_enumerators)))
				return true;
		}
	}
	return false;
}

static void write_members(struct btf_builder *b, const u8 *p)
{
	u32 info = fuzz_u32(p + 4), nr = 0, i;
	const u8 *m;

	for (i = 0, m = p + TYPE_SIZE; i < vlen_of(p); i++, m += 12)
		nr += keeps_member(m);
	bb_type(b, name_at(p), kind_of(p), nr | (info & KFLAG), fuzz_u32(p + 8));
	for (i = 0, m = p + TYPE_SIZE; i < vlen_of(p); i++, m += 12) {
		if (keeps_member(m))
			bb_member(b, name_at(m), cut.ids[fuzz_u32(m + 4)],
				  fuzz_u32(m + 8));
	}
}

static void write_type(struct btf_builder *b, const u8 *p)
{
	u32 kind = kind_of(p), size = fuzz_u32(p + 8), i;
	u32 vlen = fuzz_u32(p + 4) & (KFLAG | 0xffffff);
	const u8 *e = p + TYPE_SIZE;

	switch (kind) {
	case KIND_STRUCT:
	case KIND_UNION:
		write_members(b, p);
		break;
	case KIND_INT:
		bb_type(b, name_at(p), kind, vlen, size);
		bb_word(b, fuzz_u32(e));
		break;
	case KIND_ARRAY:
		bb_type(b, name_at(p), kind, vlen, size);
		bb_word(b, cut.ids[fuzz_u32(e)]);
		bb_word(b, cut.ids[fuzz_u32(e + 4)]);
		bb_word(b, fuzz_u32(e + 8));
		break;
	case KIND_ENUM:
	case KIND_ENUM64:
		bb_type(b, name_at(p), kind, vlen, size);
		for (i = 0; i < vlen_of(p); i++) {
			bb_word(b, bb_str(b, name_at(e)));
			bb_word(b, fuzz_u32(e + 4));
			if (kind == KIND_ENUM64)
				bb_word(b, fuzz_u32(e + 8));
			e += kind == KIND_ENUM ? 8 : 12;
		}
		break;
	case KIND_FUNC_PROTO:
		bb_type(b, name_at(p), kind, vlen, cut.ids[size]);
		for (i = 0; i < vlen_of(p); i++, e += 8)
			bb_param(b, name_at(e), cut.ids[fuzz_u32(e + 4)]);
		break;
	case KIND_VAR:
		bb_var(b, name_at(p), cut.ids[size]);
		break;
	case KIND_FWD:
	case KIND_FLOAT:
		bb_type(b, name_at(p), kind, vlen, size);
		break;
	default:
		bb_type(b, name_at(p), kind, vlen, cut.ids[size]);
	}
}

/**
 * cut_btf - reduce a kernel's BTF to the types that the resolver reads
 * @btf: the kernel's BTF
 * @b: the reduced BTF
 */
void cut_btf(const struct slc_btf *btf, struct btf_builder *b)
{
	u32 id, next = 0;

	cut.btf = btf;
	cut.ids = calloc(btf->nr_types, sizeof(*cut.ids));
	if (!cut.ids)
		abort();
	for (id = 1; id < btf->nr_types; id++) {
		if (is_wanted(type_at(id)))
			keep(id);
	}
	for (id = 1; id < btf->nr_types; id++) {
		if (cut.ids[id])
			cut.ids[id] = ++next;
	}
	bb_init(b);
	for (id = 1; id < btf->nr_types; id++) {
		if (cut.ids[id])
			write_type(b, type_at(id));
	}
	free(cut.ids);
}
