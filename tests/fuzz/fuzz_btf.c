// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes the BTF reader: the input is BTF, and all names that it contains are looked
 * up. In simple cases the correct result is known: a name in the input must be found,
 * at the offset that the input has for it.
 */
#include <errno.h>

#include "btf.h"
#include "btf_builder.h"
#include "fuzz.h"

/* Each lookup walks over all types. */
#define MAX_QUESTIONS	256
#define PATH_LEN	256

#define TYPE_SIZE	12
#define MEMBER_SIZE	12

/* A type, decoded by other code than the reader's. */
struct type {
	const u8	*elems;
	const char	*name;		/* NULL if its offset is wrong */
	u32		kind;
	u32		vlen;
	bool		kflag;
	u32		size;		/* or the id of the type it refers to */
};

static u32 questions;

static const char *string_at(const struct slc_btf *btf, u32 off)
{
	return off < btf->strs_len ? btf->strs + off : NULL;
}

static struct type type_at(const struct slc_btf *btf, u32 id)
{
	const u8 *p = btf->types + btf->index[id];
	u32 info = fuzz_u32(p + 4);

	return (struct type) {
		.elems = p + TYPE_SIZE,
		.name = string_at(btf, fuzz_u32(p)),
		.kind = info >> 24 & 0x7f,
		.vlen = info & 0xffffff,
		.kflag = info >> 31,
		.size = fuzz_u32(p + 8),
	};
}

static bool is_named(const struct type *t, u32 kind, const char *name)
{
	return t->kind == kind && t->name && !strcmp(t->name, name);
}

/* Return the number of types with this kind and name, and the size of the largest. */
static u32 count_named(const struct slc_btf *btf, u32 kind, const char *name,
		       u32 *max_size)
{
	u32 id, nr = 0;

	*max_size = 0;
	for (id = 1; id < btf->nr_types; id++) {
		struct type t = type_at(btf, id);

		if (!is_named(&t, kind, name))
			continue;
		nr++;
		if (t.size > *max_size)
			*max_size = t.size;
	}
	return nr;
}

/* A string that the reader returns must be in the blob, or empty. */
static void check_string(const struct slc_btf *btf, const char *s)
{
	if (s >= btf->strs && s < btf->strs + btf->strs_len)
		CHECK(memchr(s, '\0', (size_t)(btf->strs + btf->strs_len - s)));
	else
		CHECK(!*s);
}

static void check_index(const struct slc_btf *btf, const u8 *data, size_t size)
{
	u32 id;

	CHECK(btf->types >= data && btf->types + btf->types_len <= data + size);
	CHECK((const u8 *)btf->strs >= data &&
	      (const u8 *)btf->strs + btf->strs_len <= data + size);
	CHECK(btf->strs_len && !btf->strs[btf->strs_len - 1]);
	CHECK(btf->nr_types && !btf->index[0]);
	for (id = 1; id < btf->nr_types; id++) {
		u32 end = id + 1 < btf->nr_types ? btf->index[id + 1] :
			  btf->types_len;

		CHECK(end <= btf->types_len && btf->index[id] < end &&
		      end - btf->index[id] >= TYPE_SIZE);
	}
}

/* Is member @nr the first one in @t that a lookup of its name may find? */
static bool is_first(const struct slc_btf *btf, const struct type *t, u32 nr,
		     const char *name)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		const char *other = string_at(btf, fuzz_u32(t->elems +
							    i * MEMBER_SIZE));

		if (other && (!*other || !strcmp(other, name)))
			return false;
	}
	return true;
}

static void ask_member(const struct slc_btf *btf, const struct type *t, u32 nr)
{
	const u8 *m = t->elems + nr * MEMBER_SIZE;
	const char *name = string_at(btf, fuzz_u32(m));
	u32 id = fuzz_u32(m + 4), bits = fuzz_u32(m + 8), max_size, same;
	struct slc_btf_field field;
	char path[PATH_LEN];
	bool bitfield = false;
	int ret;

	if (!name || !*name || strchr(name, '.'))
		return;
	if (t->kflag) {
		bitfield = bits >> 24;
		bits &= 0xffffff;
	}
	same = count_named(btf, t->kind, t->name, &max_size);
	ret = slc_btf_field(btf, t->name, name, &field);
	if (!ret)
		CHECK((u64)field.offset + field.size <= max_size);
	if (same == 1 && is_first(btf, t, nr, name)) {
		CHECK(ret != -ENOENT);
		if (bitfield || bits % 8)
			CHECK(ret);
		else if (!ret)
			CHECK(field.offset == bits / 8);
	}

	/* The same with a path to a member of this member. */
	if (id && id < btf->nr_types) {
		struct type inner = type_at(btf, id);
		const char *next = NULL;

		if ((inner.kind == BTF_KIND_STRUCT || inner.kind == BTF_KIND_UNION) &&
		    inner.vlen)
			next = string_at(btf, fuzz_u32(inner.elems));
		snprintf(path, sizeof(path), "%s.%s", name, next ? next : "x");
		if (!slc_btf_field(btf, t->name, path, &field))
			CHECK((u64)field.offset + field.size <= max_size);
	}
}

static void ask_enum(const struct slc_btf *btf, const struct type *t)
{
	u32 i, step = t->kind == BTF_KIND_ENUM ? 8 : 12;
	const char *name;
	s64 value;

	for (i = 0; i < t->vlen && questions; i++, questions--) {
		name = string_at(btf, fuzz_u32(t->elems + i * step));
		if (name)
			CHECK(!slc_btf_enum(btf, name, &value));
	}
}

static void ask_func(const struct slc_btf *btf, u32 id, const struct type *t)
{
	bool first = slc_btf_find(btf, t->name, BTF_KIND_FUNC) == (s32)id;
	struct type proto;
	const char *type;
	u32 nr = 0, size, i;
	int ret;

	if (t->size && t->size < btf->nr_types) {
		proto = type_at(btf, t->size);
		if (proto.kind == BTF_KIND_FUNC_PROTO)
			nr = proto.vlen;
		else if (first)
			CHECK(slc_btf_param(btf, t->name, 0, &type) == -EINVAL);
	}
	for (i = 0; i <= nr && questions; i++, questions--) {
		ret = slc_btf_param(btf, t->name, i, &type);
		CHECK(ret != -ENOENT);
		if (!ret)
			check_string(btf, type);
		if (first && nr)
			CHECK((ret == -ERANGE) == (i == nr));
	}
	CHECK(slc_btf_return(btf, t->name, &size) != -ENOENT);
}

static void ask_var(const struct slc_btf *btf, const struct type *t)
{
	u32 kind;
	const char *type;
	int ret;

	ret = slc_btf_var(btf, t->name, &kind, &type);
	CHECK(ret != -ENOENT);
	if (!ret)
		check_string(btf, type);
}

static void ask_type(const struct slc_btf *btf, u32 id)
{
	struct type t = type_at(btf, id);
	s32 found;
	u32 i;

	/* An enumerator is looked up in all enums, also in unnamed ones. */
	if (t.kind == BTF_KIND_ENUM || t.kind == BTF_KIND_ENUM64)
		ask_enum(btf, &t);
	if (!t.name)
		return;
	found = slc_btf_find(btf, t.name, t.kind);
	CHECK(found > 0 && (u32)found <= id);
	switch (t.kind) {
	case BTF_KIND_STRUCT:
		for (i = 0; i < t.vlen && questions; i++, questions--)
			ask_member(btf, &t, i);
		break;
	case BTF_KIND_FUNC:
		ask_func(btf, id, &t);
		break;
	case BTF_KIND_VAR:
		ask_var(btf, &t);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct slc_btf_field field;
	struct slc_btf btf;
	u32 id;

	if (slc_btf_open(&btf, data, size)) {
		/* Lookups after an error must also be safe. */
		CHECK(!btf.nr_types && !btf.index);
		CHECK(slc_btf_field(&btf, "rq", "cpu", &field) == -ENOENT);
		slc_btf_close(&btf);
		return 0;
	}
	check_index(&btf, data, size);
	questions = MAX_QUESTIONS;
	for (id = 1; id < btf.nr_types && questions; id++, questions--)
		ask_type(&btf, id);
	slc_btf_close(&btf);
	return 0;
}
