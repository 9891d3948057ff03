// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the BTF reader: it must return correct results for valid blobs, and an
 * error, not a wrong result or a crash, for invalid ones.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>
#include <linux/slab.h>

#include "cmocka_compat.h"
#include "btf.h"
#include "btf_builder.h"

#define RANDOM_ROUNDS	30000
#define NO_STRING	0xfffff0

/* An open blob, and its memory. */
struct opened {
	struct slc_btf	btf;
	u8		*blob;
	size_t		len;
};

static struct btf_builder b;

static void open_built(struct opened *o)
{
	o->blob = bb_blob(&b, &o->len);
	assert_int_equal(slc_btf_open(&o->btf, o->blob, o->len), 0);
	assert_int_equal(o->btf.nr_types, b.nr + 1);
}

static void close_built(struct opened *o)
{
	slc_btf_close(&o->btf);
	free(o->blob);
}

/* Open a copy of exactly @len bytes, so that AddressSanitizer reports reads beyond. */
static int try_open(const u8 *data, size_t len)
{
	struct slc_btf btf;
	u8 *copy = malloc(len);
	int ret;

	assert_non_null(copy);
	memcpy(copy, data, len);
	ret = slc_btf_open(&btf, copy, len);
	slc_btf_close(&btf);
	free(copy);
	return ret;
}

static int try_open_built(void)
{
	size_t len;
	u8 *blob = bb_blob(&b, &len);
	int ret = try_open(blob, len);

	free(blob);
	return ret;
}

/* Open the built blob with one word of the header changed. */
static int try_open_header(u32 off, u32 value)
{
	size_t len;
	u8 *blob = bb_blob(&b, &len);
	int ret;

	put_u32(blob + off, value);
	ret = try_open(blob, len);
	free(blob);
	return ret;
}

static void check_field(const struct slc_btf *btf, const char *type,
			const char *path, u32 offset, u32 size)
{
	struct slc_btf_field field = { 0xdead, 0xdead };

	assert_int_equal(slc_btf_field(btf, type, path, &field), 0);
	assert_int_equal(field.offset, offset);
	assert_int_equal(field.size, size);
}

static int field_error(const struct slc_btf *btf, const char *type,
		       const char *path)
{
	struct slc_btf_field field;

	return slc_btf_field(btf, type, path, &field);
}

/* Open the built blob, look up one member, and close it. */
static int built_field_error(const char *type, const char *path)
{
	struct opened o;
	int ret;

	open_built(&o);
	ret = field_error(&o.btf, type, path);
	close_built(&o);
	return ret;
}

static void check_enum(const struct slc_btf *btf, const char *name, s64 want)
{
	s64 value = 0xdead;

	assert_int_equal(slc_btf_enum(btf, name, &value), 0);
	assert_true(value == want);
}

static void check_param(const struct slc_btf *btf, const char *func, u32 nr,
			const char *want)
{
	const char *type = "not set";

	assert_int_equal(slc_btf_param(btf, func, nr, &type), 0);
	assert_string_equal(type, want);
}

static int param_error(const struct slc_btf *btf, const char *func, u32 nr)
{
	const char *type;

	return slc_btf_param(btf, func, nr, &type);
}

static void check_var(const struct slc_btf *btf, const char *name,
		      u32 want_kind, const char *want)
{
	const char *type = "not set";
	u32 kind = 0;

	assert_int_equal(slc_btf_var(btf, name, &kind, &type), 0);
	assert_int_equal(kind, want_kind);
	assert_string_equal(type, want);
}

/*
 * Types of several kinds:
 *
 *	struct inner { int a; const volatile u32_t b; };
 *	struct outer {			// with a bit field, so kflag is set
 *		int			first;
 *		struct inner		in;
 *		struct {
 *			int		p;
 *			union { int x; u64 y; };
 *		};
 *		int			arr[4];
 *		struct outer		*next;
 *		int			bit : 3;
 *		struct inner		deep[2];
 *		enum color		color;
 *		struct inner		flex[];
 *	};
 */
static void build_sample(void)
{
	u32 i32, i64, u32_t, cv, inner, un, anon, arr, ptr, outer, deep, color;
	u32 flex, proto, vptr, cvptr, anon_ptr, fwd, td_ptr;

	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	i64 = bb_int(&b, "u64", 8);
	u32_t = bb_type(&b, "u32_t", KIND_TYPEDEF, 0, i32);
	cv = bb_type(&b, "", KIND_VOLATILE, 0, u32_t);
	cv = bb_type(&b, "", KIND_CONST, 0, cv);

	inner = bb_type(&b, "inner", KIND_STRUCT, 2, 8);
	bb_member(&b, "a", i32, 0);
	bb_member(&b, "b", cv, 32);
	un = bb_type(&b, "", KIND_UNION, 2, 8);
	bb_member(&b, "x", i32, 0);
	bb_member(&b, "y", i64, 0);
	anon = bb_type(&b, "", KIND_STRUCT, 2, 16);
	bb_member(&b, "p", i32, 0);
	bb_member(&b, "", un, 64);

	arr = bb_array(&b, i32, 4);
	deep = bb_array(&b, inner, 2);
	flex = bb_array(&b, inner, 0);
	color = bb_type(&b, "color", KIND_ENUM, 2 | KFLAG, 4);
	bb_word(&b, bb_str(&b, "RED"));
	bb_word(&b, 1);
	bb_word(&b, bb_str(&b, "NEGATIVE"));
	bb_word(&b, -7U);
	outer = b.nr + 2;
	ptr = bb_ptr(&b, outer);
	assert_int_equal(bb_type(&b, "outer", KIND_STRUCT, 9 | KFLAG, 80),
			 outer);
	bb_member(&b, "first", i32, 0);
	bb_member(&b, "in", inner, 8 * 8);
	bb_member(&b, "", anon, 16 * 8);
	bb_member(&b, "arr", arr, 32 * 8);
	bb_member(&b, "next", ptr, 48 * 8);
	bb_member(&b, "bit", i32, 3 << 24 | 56 * 8);
	bb_member(&b, "deep", deep, 60 * 8);
	bb_member(&b, "color", color, 76 * 8);
	bb_member(&b, "flex", flex, 80 * 8);

	bb_type(&b, "", KIND_ENUM, 1, 4);
	bb_word(&b, bb_str(&b, "BIG"));
	bb_word(&b, 0x80000000);
	bb_type(&b, "huge", KIND_ENUM64, 2 | KFLAG, 8);
	bb_word(&b, bb_str(&b, "HUGE"));
	bb_word(&b, 5);
	bb_word(&b, 0x100);
	bb_word(&b, bb_str(&b, "MINUS_TWO"));
	bb_word(&b, -2U);
	bb_word(&b, -1U);

	vptr = bb_ptr(&b, 0);
	cvptr = bb_ptr(&b, bb_type(&b, "", KIND_CONST, 0, 0));
	anon_ptr = bb_ptr(&b, anon);
	fwd = bb_ptr(&b, bb_type(&b, "elsewhere", KIND_FWD, 0, 0));
	td_ptr = bb_type(&b, "outer_p", KIND_TYPEDEF, 0,
			 bb_ptr(&b, bb_type(&b, "user", KIND_TYPE_TAG, 0,
					    bb_type(&b, "", KIND_CONST, 0,
						    outer))));
	proto = bb_type(&b, "", KIND_FUNC_PROTO, 7, 0);
	bb_param(&b, "p", ptr);
	bb_param(&b, "q", td_ptr);
	bb_param(&b, "n", i32);
	bb_param(&b, "v", vptr);
	bb_param(&b, "cv", cvptr);
	bb_param(&b, "anon", anon_ptr);
	bb_param(&b, "fwd", fwd);
	bb_type(&b, "fn", KIND_FUNC, 1, proto);
	bb_type(&b, "fn_int", KIND_FUNC, 1,
		bb_type(&b, "", KIND_FUNC_PROTO, 0, i32));
	bb_type(&b, "fn_ptr", KIND_FUNC, 0,
		bb_type(&b, "", KIND_FUNC_PROTO, 0, td_ptr));

	bb_var(&b, "var_struct", outer);
	bb_var(&b, "var_ptr", bb_type(&b, "", KIND_CONST, 0, td_ptr));
	bb_type(&b, "float", KIND_FLOAT, 0, 4);
	bb_type(&b, "tag", KIND_DECL_TAG, 0, outer);
	bb_word(&b, -1U);
	bb_type(&b, ".data..percpu", KIND_DATASEC, 1, 80);
	bb_word(&b, b.nr - 5);
	bb_word(&b, 0);
	bb_word(&b, 80);
}

/* Call all lookups on a blob that may be invalid, to see that none crashes. */
static void ask_everything(const struct slc_btf *btf)
{
	static const char * const types[] = { "outer", "inner", "", "tag" };
	static const char * const paths[] = {
		"first", "in.b", "x", "y", "arr", "next", "bit", "deep",
		"flex", "color", "nope", "", "in", "next.first",
	};
	static const char * const names[] = {
		"RED", "NEGATIVE", "BIG", "HUGE", "MINUS_TWO", "NONE", "",
	};
	struct slc_btf_field field;
	u32 kind;
	const char *type;
	u32 i, j;
	s64 value;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (j = 0; j < ARRAY_SIZE(paths); j++)
			slc_btf_field(btf, types[i], paths[j], &field);
	}
	for (i = 0; i < ARRAY_SIZE(names); i++)
		slc_btf_enum(btf, names[i], &value);
	for (i = 0; i < 9; i++) {
		if (!slc_btf_param(btf, "fn", i, &type))
			assert_true(strlen(type) < btf->strs_len);
	}
	if (!slc_btf_var(btf, "var_struct", &kind, &type))
		assert_true(strlen(type) < btf->strs_len);
	if (!slc_btf_var(btf, "var_ptr", &kind, &type))
		assert_true(strlen(type) < btf->strs_len);
	for (i = 0; i < 32; i++)
		slc_btf_find(btf, "outer", i);
}

/* Return true if the blob was accepted. */
static bool survive(const u8 *data, size_t len)
{
	struct slc_btf btf;
	u8 *copy = malloc(len);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, data, len);
	ok = !slc_btf_open(&btf, copy, len);
	/* After an error there are no types, and lookups must also be safe. */
	ask_everything(&btf);
	slc_btf_close(&btf);
	free(copy);
	return ok;
}

static void test_members(void **state)
{
	struct opened o;

	(void)state;
	build_sample();
	open_built(&o);
	check_field(&o.btf, "inner", "a", 0, 4);
	check_field(&o.btf, "inner", "b", 4, 4);
	check_field(&o.btf, "outer", "first", 0, 4);
	check_field(&o.btf, "outer", "in", 8, 8);
	check_field(&o.btf, "outer", "in.a", 8, 4);
	check_field(&o.btf, "outer", "in.b", 12, 4);
	check_field(&o.btf, "outer", "p", 16, 4);
	check_field(&o.btf, "outer", "x", 24, 4);
	check_field(&o.btf, "outer", "y", 24, 8);
	check_field(&o.btf, "outer", "arr", 32, 16);
	check_field(&o.btf, "outer", "next", 48, 8);
	check_field(&o.btf, "outer", "deep", 60, 16);
	check_field(&o.btf, "outer", "color", 76, 4);
	check_field(&o.btf, "outer", "flex", 80, 0);
	check_field(&o.btf, "outer", "", 0, 80);

	assert_int_equal(field_error(&o.btf, "outer", "bit"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "outer", "nope"), -ENOENT);
	assert_int_equal(field_error(&o.btf, "outer", "in.nope"), -ENOENT);
	assert_int_equal(field_error(&o.btf, "outer", "firs"), -ENOENT);
	assert_int_equal(field_error(&o.btf, "outer", "first2"), -ENOENT);
	assert_int_equal(field_error(&o.btf, "outer", "a"), -ENOENT);
	assert_int_equal(field_error(&o.btf, "nope", "a"), -ENOENT);
	/* a path cannot continue in an integer, an array or a pointer */
	assert_int_equal(field_error(&o.btf, "outer", "first.a"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "outer", "deep.a"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "outer", "next.first"), -EINVAL);
	/* the name of a type that is not a structure */
	assert_int_equal(field_error(&o.btf, "u32_t", "a"), -ENOENT);
	assert_int_equal(field_error(&o.btf, "elsewhere", "a"), -ENOENT);
	close_built(&o);
}

static void test_find(void **state)
{
	struct opened o;
	s32 id;

	(void)state;
	build_sample();
	open_built(&o);
	id = slc_btf_find(&o.btf, "outer", BTF_KIND_STRUCT);
	assert_true(id > 0 && (u32)id <= b.nr);
	assert_true(slc_btf_find(&o.btf, "fn", BTF_KIND_FUNC) > 0);
	assert_true(slc_btf_find(&o.btf, "var_ptr", BTF_KIND_VAR) > 0);
	assert_int_equal(slc_btf_find(&o.btf, "outer", BTF_KIND_UNION), -ENOENT);
	assert_int_equal(slc_btf_find(&o.btf, "oute", BTF_KIND_STRUCT), -ENOENT);
	assert_int_equal(slc_btf_find(&o.btf, "outer_", BTF_KIND_STRUCT),
			 -ENOENT);
	close_built(&o);
}

static void test_enumerators(void **state)
{
	struct opened o;
	s64 value;

	(void)state;
	build_sample();
	open_built(&o);
	check_enum(&o.btf, "RED", 1);
	check_enum(&o.btf, "NEGATIVE", -7);
	check_enum(&o.btf, "BIG", 0x80000000LL);
	check_enum(&o.btf, "HUGE", 0x10000000005LL);
	check_enum(&o.btf, "MINUS_TWO", -2);
	assert_int_equal(slc_btf_enum(&o.btf, "color", &value), -ENOENT);
	assert_int_equal(slc_btf_enum(&o.btf, "RE", &value), -ENOENT);
	close_built(&o);
}

static void test_params(void **state)
{
	struct opened o;

	(void)state;
	build_sample();
	open_built(&o);
	check_param(&o.btf, "fn", 0, "outer");
	check_param(&o.btf, "fn", 1, "outer");
	assert_int_equal(param_error(&o.btf, "fn", 2), -EINVAL);
	check_param(&o.btf, "fn", 3, "");
	check_param(&o.btf, "fn", 4, "");
	check_param(&o.btf, "fn", 5, "");
	check_param(&o.btf, "fn", 6, "elsewhere");
	assert_int_equal(param_error(&o.btf, "fn", 7), -ERANGE);
	assert_int_equal(param_error(&o.btf, "fn", -1U), -ERANGE);
	assert_int_equal(param_error(&o.btf, "outer", 0), -ENOENT);
	close_built(&o);
}

static void test_variables(void **state)
{
	u32 kind;
	const char *type;
	struct opened o;

	(void)state;
	build_sample();
	open_built(&o);
	check_var(&o.btf, "var_struct", BTF_KIND_STRUCT, "outer");
	check_var(&o.btf, "var_ptr", BTF_KIND_PTR, "outer");
	assert_int_equal(slc_btf_var(&o.btf, "outer", &kind, &type), -ENOENT);
	close_built(&o);
}

static void test_returns(void **state)
{
	struct opened o;
	u32 size;

	(void)state;
	build_sample();
	open_built(&o);
	assert_int_equal(slc_btf_return(&o.btf, "fn", &size), 0);
	assert_int_equal(size, 0);
	assert_int_equal(slc_btf_return(&o.btf, "fn_int", &size), 0);
	assert_int_equal(size, 4);
	assert_int_equal(slc_btf_return(&o.btf, "fn_ptr", &size), 0);
	assert_int_equal(size, 8);
	assert_int_equal(slc_btf_return(&o.btf, "outer", &size), -ENOENT);
	close_built(&o);
}

/* A function whose type is no prototype, and a parameter that does not exist. */
static void test_broken_functions(void **state)
{
	u32 kind;
	const char *type;
	struct opened o;
	u32 i32, loop, proto, size;

	(void)state;
	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	bb_type(&b, "no_proto", KIND_FUNC, 1, i32);
	bb_type(&b, "outside", KIND_FUNC, 1, 1000);
	bb_type(&b, "void", KIND_FUNC, 1, 0);
	loop = b.nr + 1;
	bb_type(&b, "loop_t", KIND_TYPEDEF, 0, loop);
	proto = b.nr + 5;
	bb_ptr(&b, loop);
	bb_ptr(&b, 1000);
	bb_ptr(&b, b.nr + 2);
	bb_type(&b, "nameless", KIND_STRUCT, 0, 0);
	put_u32(b.types + b.types_len - 12, NO_STRING);
	assert_int_equal(bb_type(&b, "", KIND_FUNC_PROTO, 7, 0), proto);
	bb_param(&b, "loop", loop);
	bb_param(&b, "to_loop", loop + 1);
	bb_param(&b, "to_outside", loop + 2);
	bb_param(&b, "to_nameless", loop + 3);
	bb_param(&b, "outside", -1U);
	bb_param(&b, "void", 0);
	bb_param(&b, "", 0);		/* as for "..." */
	bb_type(&b, "fn", KIND_FUNC, 1, proto);
	bb_type(&b, "ret_loop", KIND_FUNC, 1,
		bb_type(&b, "", KIND_FUNC_PROTO, 0, loop));
	bb_type(&b, "ret_outside", KIND_FUNC, 1,
		bb_type(&b, "", KIND_FUNC_PROTO, 0, 1000));
	bb_var(&b, "var_loop", loop);
	bb_var(&b, "var_outside", 1000);
	bb_var(&b, "var_void", 0);

	open_built(&o);
	assert_int_equal(param_error(&o.btf, "no_proto", 0), -EINVAL);
	assert_int_equal(param_error(&o.btf, "outside", 0), -EINVAL);
	assert_int_equal(param_error(&o.btf, "void", 0), -EINVAL);
	assert_int_equal(param_error(&o.btf, "fn", 0), -ELOOP);
	assert_int_equal(param_error(&o.btf, "fn", 1), -ELOOP);
	assert_int_equal(param_error(&o.btf, "fn", 2), -EINVAL);
	assert_int_equal(param_error(&o.btf, "fn", 3), -EINVAL);
	assert_int_equal(param_error(&o.btf, "fn", 4), -EINVAL);
	assert_int_equal(param_error(&o.btf, "fn", 5), -EINVAL);
	assert_int_equal(param_error(&o.btf, "fn", 6), -EINVAL);
	assert_int_equal(param_error(&o.btf, "fn", 7), -ERANGE);
	assert_int_equal(slc_btf_return(&o.btf, "no_proto", &size), -EINVAL);
	assert_int_equal(slc_btf_return(&o.btf, "ret_loop", &size), -ELOOP);
	assert_int_equal(slc_btf_return(&o.btf, "ret_outside", &size), -EINVAL);
	assert_int_equal(slc_btf_var(&o.btf, "var_loop", &kind, &type), -ELOOP);
	assert_int_equal(slc_btf_var(&o.btf, "var_outside", &kind, &type),
			 -EINVAL);
	assert_int_equal(slc_btf_var(&o.btf, "var_void", &kind, &type),
			 -EINVAL);
	close_built(&o);
}

/* Several structures with the same name: unrelated ones, and copies that differ. */
static void test_ambiguous(void **state)
{
	struct opened o;
	u32 i32, i64;

	(void)state;
	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	i64 = bb_int(&b, "u64", 8);
	bb_type(&b, "rq", KIND_STRUCT, 1, 8);
	bb_member(&b, "private", i32, 32);
	bb_type(&b, "rq", KIND_STRUCT, 3, 24);
	bb_member(&b, "cpu", i32, 0);
	bb_member(&b, "curr", i32, 64);
	bb_member(&b, "wide", i32, 128);
	bb_type(&b, "rq", KIND_STRUCT, 3, 24);
	bb_member(&b, "cpu", i32, 0);
	bb_member(&b, "curr", i32, 96);
	bb_member(&b, "wide", i64, 128);

	open_built(&o);
	check_field(&o.btf, "rq", "private", 4, 4);
	check_field(&o.btf, "rq", "cpu", 0, 4);
	assert_int_equal(field_error(&o.btf, "rq", "curr"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "rq", "wide"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "rq", "nope"), -ENOENT);
	close_built(&o);
}

static void test_bit_fields(void **state)
{
	struct opened o;
	u32 i32;

	(void)state;
	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	/* Without the flag, only the offset shows a bit field. */
	bb_type(&b, "old", KIND_STRUCT, 3, 8);
	bb_member(&b, "ok", i32, 0);
	bb_member(&b, "bit", i32, 33);
	bb_member(&b, "", i32, 39);
	bb_type(&b, "new", KIND_STRUCT, 4 | KFLAG, 8);
	bb_member(&b, "ok", i32, 0);
	bb_member(&b, "aligned", i32, 1 << 24 | 32);
	bb_member(&b, "unaligned", i32, 1 << 24 | 33);
	bb_member(&b, "odd", i32, 1);

	open_built(&o);
	check_field(&o.btf, "old", "ok", 0, 4);
	assert_int_equal(field_error(&o.btf, "old", "bit"), -EINVAL);
	check_field(&o.btf, "new", "ok", 0, 4);
	assert_int_equal(field_error(&o.btf, "new", "aligned"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "new", "unaligned"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "new", "odd"), -EINVAL);
	close_built(&o);
}

static void test_member_outside(void **state)
{
	struct opened o;
	u32 i32, arr;

	(void)state;
	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	arr = bb_array(&b, i32, 3);
	bb_type(&b, "s", KIND_STRUCT, 7, 8);
	bb_member(&b, "last", i32, 32);
	bb_member(&b, "over", i32, 40);
	bb_member(&b, "behind", i32, 64);
	bb_member(&b, "far", i32, 0xfffffff8);
	bb_member(&b, "big", arr, 0);
	bb_member(&b, "", 5, 0xfffffff8);
	bb_member(&b, "inner", 5, 0xfffffff8);
	bb_type(&b, "", KIND_STRUCT, 1, 4);
	bb_member(&b, "sum", i32, 0xfffffff8);

	open_built(&o);
	check_field(&o.btf, "s", "last", 4, 4);
	assert_int_equal(field_error(&o.btf, "s", "over"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "behind"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "far"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "big"), -EINVAL);
	assert_int_not_equal(field_error(&o.btf, "s", "sum"), 0);
	assert_int_equal(field_error(&o.btf, "s", "inner.sum"), -EINVAL);
	close_built(&o);
}

/* Offsets that add up to more than 32 bits, named and anonymous. */
static void test_offset_overflow(void **state)
{
	u32 i;

	(void)state;
	bb_init(&b);
	bb_int(&b, "int", 4);
	for (i = 1; i <= 10; i++) {
		bb_type(&b, i == 10 ? "s" : "", KIND_STRUCT, 1, 0xffffffff);
		bb_member(&b, i == 1 ? "leaf" : "", i, 0xfffffff8);
	}
	assert_int_not_equal(built_field_error("s", "leaf"), 0);

	bb_init(&b);
	bb_int(&b, "int", 4);
	for (i = 1; i <= 10; i++) {
		bb_type(&b, i == 10 ? "s" : "", KIND_STRUCT, 1, 0xffffffff);
		bb_member(&b, "m", i, 0xfffffff8);
	}
	assert_int_equal(built_field_error("s", "m.m.m.m.m.m.m.m.m.m"),
			 -EINVAL);
}

/* Invalid ids and names are errors only when they are followed. */
static void test_outside_references(void **state)
{
	struct opened o;
	u32 i32, td, s;

	(void)state;
	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	td = bb_type(&b, "td", KIND_TYPEDEF, 0, 500);
	s = bb_type(&b, "s", KIND_STRUCT, 7, 64);
	bb_member(&b, "outside", 500, 0);
	bb_member(&b, "last", b.nr + 4, 0);
	bb_member(&b, "void", 0, 0);
	bb_member(&b, "", 500, 0);
	bb_member(&b, "via", td, 0);
	bb_member(&b, "lost", i32, 0);
	put_u32(b.types + b.types_len - 12, NO_STRING);
	bb_member(&b, "good", i32, 32);
	bb_type(&b, "lost_type", KIND_STRUCT, 0, 0);
	put_u32(b.types + b.types_len - 12, NO_STRING);
	bb_type(&b, "e", KIND_ENUM, 2, 4);
	bb_word(&b, NO_STRING);
	bb_word(&b, 1);
	bb_word(&b, bb_str(&b, "GOOD"));
	bb_word(&b, 2);
	bb_type(&b, "fn", KIND_FUNC, 0, s);

	open_built(&o);
	assert_int_equal(field_error(&o.btf, "s", "outside"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "outside.x"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "last"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "void"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "void.x"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "via"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "lost"), -ENOENT);
	check_field(&o.btf, "s", "good", 4, 4);
	assert_int_equal(field_error(&o.btf, "lost_type", "x"), -ENOENT);
	check_enum(&o.btf, "GOOD", 2);
	assert_int_equal(param_error(&o.btf, "fn", 0), -EINVAL);
	close_built(&o);

	/* An array whose element is outside, and a name at the very end. */
	bb_init(&b);
	bb_int(&b, "int", 4);
	bb_type(&b, "s", KIND_STRUCT, 1, 64);
	bb_member(&b, "arr", 3, 0);
	bb_array(&b, 77, 2);
	put_u32(b.types, b.strs_len);
	open_built(&o);
	assert_int_equal(field_error(&o.btf, "s", "arr"), -EINVAL);
	close_built(&o);
}

static void test_loops(void **state)
{
	u32 i, s;

	(void)state;
	/* a typedef of itself */
	bb_init(&b);
	bb_type(&b, "t", KIND_TYPEDEF, 0, 1);
	bb_type(&b, "s", KIND_STRUCT, 1, 64);
	bb_member(&b, "m", 1, 0);
	assert_int_equal(built_field_error("s", "m"), -ELOOP);
	assert_int_equal(built_field_error("s", "m.x"), -ELOOP);

	/* qualifiers of each other */
	bb_init(&b);
	bb_type(&b, "", KIND_CONST, 0, 2);
	bb_type(&b, "", KIND_VOLATILE, 0, 1);
	bb_type(&b, "s", KIND_STRUCT, 1, 64);
	bb_member(&b, "m", 2, 0);
	assert_int_equal(built_field_error("s", "m"), -ELOOP);

	/* an array of itself */
	bb_init(&b);
	bb_array(&b, 1, 1);
	bb_type(&b, "s", KIND_STRUCT, 1, 64);
	bb_member(&b, "m", 1, 0);
	assert_int_equal(built_field_error("s", "m"), -ELOOP);

	/* a structure that is an anonymous member of itself */
	bb_init(&b);
	s = bb_type(&b, "s", KIND_STRUCT, 1, 64);
	bb_member(&b, "", s, 8);
	assert_int_equal(built_field_error("s", "m"), -ELOOP);

	/* the same, a union, through a typedef, several times */
	bb_init(&b);
	s = bb_type(&b, "s", KIND_STRUCT, 3, 64);
	bb_member(&b, "", 2, 0);
	bb_member(&b, "", 2, 0);
	bb_member(&b, "", 2, 0);
	bb_type(&b, "t", KIND_TYPEDEF, 0, 3);
	bb_type(&b, "", KIND_UNION, 3, 64);
	for (i = 0; i < 3; i++)
		bb_member(&b, "", s, 0);
	assert_int_equal(built_field_error("s", "m"), -ELOOP);

	/* a chain over the maximum length is refused as a cycle; no kernel has one */
	bb_init(&b);
	bb_int(&b, "int", 4);
	for (i = 1; i <= 100; i++)
		bb_type(&b, "t", KIND_TYPEDEF, 0, i);
	bb_type(&b, "s", KIND_STRUCT, 2, 64);
	bb_member(&b, "long", 101, 0);
	bb_member(&b, "short", 20, 0);
	assert_int_equal(built_field_error("s", "long"), -ELOOP);
	assert_int_equal(built_field_error("s", "short"), 0);
}

/* No cycle, but 10^14 members if all were visited. */
static void test_exponential(void **state)
{
	u32 level, i;

	(void)state;
	bb_init(&b);
	bb_int(&b, "int", 4);
	for (level = 0; level < 14; level++) {
		bb_type(&b, level == 13 ? "s" : "", KIND_STRUCT, 10, 64);
		for (i = 0; i < 10; i++)
			bb_member(&b, level ? "" : "leaf", level + 1, 0);
	}
	assert_int_equal(built_field_error("s", "nope"), -ELOOP);
	assert_int_equal(built_field_error("s", "leaf"), 0);
}

/* Each structure alone could be searched, but there are many with this name. */
static void test_exponential_copies(void **state)
{
	u32 level, i;

	(void)state;
	bb_init(&b);
	bb_int(&b, "int", 4);
	for (level = 0; level < 14; level++) {
		bb_type(&b, "", KIND_STRUCT, 2, 64);
		for (i = 0; i < 2; i++)
			bb_member(&b, level ? "" : "leaf", level + 1, 0);
	}
	for (i = 0; i < 2; i++) {
		bb_type(&b, "s", KIND_STRUCT, 1, 64);
		bb_member(&b, "", 15, 0);
	}
	assert_int_equal(built_field_error("s", "nope"), -ENOENT);
	for (i = 0; i < 500; i++) {
		bb_type(&b, "s", KIND_STRUCT, 1, 64);
		bb_member(&b, "", 15, 0);
	}
	assert_int_equal(built_field_error("s", "nope"), -ELOOP);
}

/* Nested anonymous structures, deeper than in any source code. */
static void test_deep(void **state)
{
	u32 level;

	(void)state;
	for (level = 1; level < 40; level++) {
		u32 i;

		bb_init(&b);
		bb_int(&b, "int", 4);
		for (i = 1; i <= level; i++) {
			bb_type(&b, i == level ? "s" : "", KIND_STRUCT, 1, 64);
			bb_member(&b, i == 1 ? "leaf" : "", i, 8);
		}
		assert_int_equal(built_field_error("s", "leaf"),
				 level <= 17 ? 0 : -ELOOP);
	}
}

static void test_sizes(void **state)
{
	u32 i32, big, a, huge, wrap32, wrap64;

	(void)state;
	bb_init(&b);
	i32 = bb_int(&b, "int", 4);
	a = bb_array(&b, bb_array(&b, i32, 3), 2);
	big = bb_array(&b, bb_array(&b, i32, 0x10000), 0x10000);
	huge = bb_type(&b, "huge", KIND_STRUCT, 0, 0xffffffff);
	bb_array(&b, huge, 2);
	/* Sizes whose product overflows to 0 in 32 and in 64 bits. */
	wrap32 = bb_array(&b, bb_type(&b, "half", KIND_STRUCT, 0, 1U << 31), 2);
	wrap64 = bb_array(&b, bb_array(&b, big, 0x10000), 0x10000);
	bb_type(&b, "s", KIND_STRUCT, 7, 64);
	bb_member(&b, "a", a, 0);
	bb_member(&b, "big", big, 0);
	bb_member(&b, "huge", huge, 0);
	bb_member(&b, "huges", huge + 1, 0);
	bb_member(&b, "wrap32", wrap32, 0);
	bb_member(&b, "wrap64", wrap64, 0);
	bb_member(&b, "proto", b.nr + 1, 0);
	bb_type(&b, "", KIND_FUNC_PROTO, 0, 0);
	assert_int_equal(built_field_error("s", "a"), 0);
	assert_int_equal(built_field_error("s", "big"), -EINVAL);
	assert_int_equal(built_field_error("s", "huge"), -EINVAL);
	assert_int_equal(built_field_error("s", "huges"), -EINVAL);
	assert_int_equal(built_field_error("s", "wrap32"), -EINVAL);
	assert_int_equal(built_field_error("s", "wrap64"), -EINVAL);
	assert_int_equal(built_field_error("s", "proto"), -EINVAL);
}

static void test_header(void **state)
{
	static const u8 empty[32];
	struct slc_btf btf;
	size_t len;
	u8 *blob;
	u32 i;

	(void)state;
	assert_int_equal(try_open(empty, 0), -EINVAL);
	assert_int_equal(try_open(empty, sizeof(empty)), -EINVAL);
	assert_int_equal(slc_btf_open(&btf, NULL, 0), -EINVAL);

	build_sample();
	assert_int_equal(try_open_built(), 0);
	assert_int_equal(try_open_header(0, 0x0001eb9e), -EINVAL);
	assert_int_equal(try_open_header(0, 0x00019feb), -EINVAL);
	assert_int_equal(try_open_header(0, 0x0100eb9f), -EINVAL);
	assert_int_equal(try_open_header(0, 0x0000eb9f), -EINVAL);
	assert_int_equal(try_open_header(0, 0x0002eb9f), -EINVAL);

	for (i = 0; i < 24; i++)
		assert_int_equal(try_open_header(HDR_LEN, i), -EINVAL);
	blob = bb_blob(&b, &len);
	assert_int_equal(try_open_header(HDR_LEN, (u32)len), -EINVAL);
	assert_int_equal(try_open_header(HDR_LEN, (u32)len + 1), -EINVAL);
	assert_int_equal(try_open_header(HDR_LEN, 0xffffffff), -EINVAL);

	assert_int_equal(try_open_header(HDR_TYPE_OFF, (u32)len), -EINVAL);
	assert_int_equal(try_open_header(HDR_TYPE_OFF, 0xffffffff), -EINVAL);
	assert_int_equal(try_open_header(HDR_TYPE_LEN, (u32)len - 23), -EINVAL);
	assert_int_equal(try_open_header(HDR_TYPE_LEN, 0xffffffff), -EINVAL);
	assert_int_equal(try_open_header(HDR_TYPE_LEN, b.types_len - 1),
			 -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_OFF, (u32)len), -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_OFF, 0xffffffff), -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_OFF, b.types_len + 1),
			 -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_LEN, 0), -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_LEN, b.strs_len + 1), -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_LEN, b.strs_len - 1), -EINVAL);
	assert_int_equal(try_open_header(HDR_STR_LEN, 0xffffffff), -EINVAL);
	/* A length that would be valid if it were truncated. */
	assert_int_equal(slc_btf_open(&btf, blob, len + (1UL << 32)), -EINVAL);
	free(blob);

	/* The string section must begin and end with a NUL. */
	build_sample();
	b.strs[0] = 'x';
	assert_int_equal(try_open_built(), -EINVAL);
	build_sample();
	b.strs[b.strs_len - 1] = 'x';
	assert_int_equal(try_open_built(), -EINVAL);
}

/* Header fields behind the known ones are ignored. */
static void test_longer_headers(void **state)
{
	static const u32 lens[] = { 25, 28, 31, 32, 33, 40, 100 };
	size_t len, body;
	u32 i;

	(void)state;
	build_sample();
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		u8 *blob = bb_blob(&b, &len), *p;

		body = len - 24;
		p = malloc(lens[i] + body);
		assert_non_null(p);
		memset(p, 0xa5, lens[i]);
		memcpy(p, blob, 24);
		memcpy(p + lens[i], blob + 24, body);
		put_u32(p + HDR_LEN, lens[i]);
		if (lens[i] >= 32)
			memset(p + HDR_LAYOUT_OFF, 0, 8);
		assert_int_equal(try_open(p, lens[i] + body), 0);
		/* If the header has the table's offset and length, they must be valid. */
		if (lens[i] >= 32) {
			put_u32(p + HDR_LAYOUT_LEN, 0xa5a5a5a5);
			assert_int_equal(try_open(p, lens[i] + body), -EINVAL);
		}
		free(p);
		free(blob);
	}
}

/* Valid blobs with few or no types. */
static void test_no_types(void **state)
{
	struct opened o;
	u32 i;

	(void)state;
	bb_init(&b);
	for (i = 0; i < 24; i++)
		assert_int_equal(try_open_header(HDR_LEN, i), -EINVAL);
	open_built(&o);
	ask_everything(&o.btf);
	assert_int_equal(field_error(&o.btf, "s", "m"), -ENOENT);
	close_built(&o);
}

static void test_truncated(void **state)
{
	size_t len, n;
	u8 *blob;

	(void)state;
	build_sample();
	blob = bb_blob(&b, &len);
	for (n = 0; n < len; n++) {
		assert_int_equal(try_open(blob, n), -EINVAL);
		assert_false(survive(blob, n));
	}
	assert_true(survive(blob, len));
	free(blob);

	/* Only the length of the type section changes; the rest of the blob stays. */
	for (n = 0; n <= b.types_len; n++) {
		u8 *p = bb_blob(&b, &len);

		put_u32(p + HDR_TYPE_LEN, (u32)n);
		survive(p, len);
		free(p);
	}
}

static void test_huge_vlen(void **state)
{
	static const u32 kinds[] = {
		KIND_STRUCT, KIND_UNION, KIND_ENUM, KIND_ENUM64,
		KIND_FUNC_PROTO, KIND_DATASEC,
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		bb_init(&b);
		bb_type(&b, "s", kinds[i], 0xffffff, 64);
		assert_int_equal(try_open_built(), -EINVAL);
		bb_init(&b);
		bb_type(&b, "s", kinds[i], 2, 64);
		bb_member(&b, "m", 1, 0);
		assert_int_equal(try_open_built(), -EINVAL);
	}
	/* For kinds without elements, the number of elements has another meaning. */
	bb_init(&b);
	bb_type(&b, "f", KIND_FUNC, 0xffffff, 0);
	assert_int_equal(try_open_built(), 0);
}

/* More members than 16 bits can count, which the newer format allows. */
static void test_long_enum(void **state)
{
	static u8 blob[24 + 12 + 70000 * 8 + 6];
	const u32 types_len = 12 + 70000 * 8;
	struct slc_btf btf;
	u8 *e;
	u32 i;

	(void)state;
	put_u32(blob, 0x0001eb9f);
	put_u32(blob + HDR_LEN, 24);
	put_u32(blob + HDR_TYPE_LEN, types_len);
	put_u32(blob + HDR_STR_OFF, types_len);
	put_u32(blob + HDR_STR_LEN, 6);
	put_u32(blob + 24 + 4, KIND_ENUM << 24 | 70000);
	put_u32(blob + 24 + 8, 4);
	for (i = 0; i < 70000; i++) {
		e = blob + 24 + 12 + (size_t)i * 8;
		put_u32(e, i == 69999 ? 1 : 0);
		put_u32(e + 4, i);
	}
	memcpy(blob + 24 + types_len, "\0LAST", 6);

	assert_int_equal(slc_btf_open(&btf, blob, sizeof(blob)), 0);
	assert_int_equal(btf.nr_types, 2);
	check_enum(&btf, "LAST", 69999);
	slc_btf_close(&btf);
}

static void test_unknown_kinds(void **state)
{
	/* 24 kinds of which the last has 8 bytes and 4 for each element */
	static u8 layout[24 * 4];
	static const u8 wide[64 * 4];
	struct opened o;
	size_t len, n;
	u8 *blob;
	u32 i32;

	(void)state;
	bb_init(&b);
	bb_type(&b, "", 0, 0, 0);
	assert_int_equal(try_open_built(), -EINVAL);
	b.layout = layout;
	b.layout_len = sizeof(layout);
	assert_int_equal(try_open_built(), -EINVAL);

	layout[23 * 4] = 8;
	layout[23 * 4 + 1] = 4;
	bb_init(&b);
	bb_type(&b, "new", 23, 2, 0);
	bb_word(&b, 1);
	bb_word(&b, 2);
	bb_word(&b, 3);
	bb_word(&b, 4);
	i32 = bb_int(&b, "int", 4);
	bb_type(&b, "s", KIND_STRUCT, 2, 8);
	bb_member(&b, "ok", i32, 32);
	bb_member(&b, "new", 1, 0);
	assert_int_equal(try_open_built(), -EINVAL);

	b.layout = layout;
	b.layout_len = sizeof(layout);
	open_built(&o);
	check_field(&o.btf, "s", "ok", 4, 4);
	assert_int_equal(field_error(&o.btf, "s", "new"), -EINVAL);
	assert_int_equal(field_error(&o.btf, "s", "new.x"), -EINVAL);
	close_built(&o);

	/* A kind that would be a structure if only the 5 bits of the older format were read. */
	bb_init(&b);
	bb_type(&b, "s", 32 + KIND_STRUCT, 0, 8);
	b.layout = wide;
	b.layout_len = sizeof(wide);
	assert_int_equal(built_field_error("s", ""), -ENOENT);

	bb_init(&b);
	bb_type(&b, "new", 23, 0, 0);
	bb_word(&b, 1);
	bb_word(&b, 2);
	b.layout = layout;
	b.layout_len = sizeof(layout);
	assert_int_equal(try_open_built(), 0);

	/* The table ends one entry early, or in the middle of the entry. */
	assert_int_equal(try_open_header(HDR_LAYOUT_LEN, 23 * 4), -EINVAL);
	assert_int_equal(try_open_header(HDR_LAYOUT_LEN, 24 * 4 - 1), -EINVAL);
	assert_int_equal(try_open_header(HDR_LAYOUT_LEN, 0), -EINVAL);
	assert_int_equal(try_open_header(HDR_LAYOUT_LEN, 0xffffffff), -EINVAL);
	assert_int_equal(try_open_header(HDR_LAYOUT_OFF, 0xffffffff), -EINVAL);
	/* A shorter header does not have the table's offset and length. */
	assert_int_equal(try_open_header(HDR_LEN, 28), -EINVAL);

	blob = bb_blob(&b, &len);
	for (n = 0; n < len; n++)
		assert_int_equal(try_open(blob, n), -EINVAL);
	free(blob);

	/* Elements beyond the end of the section, and kinds that the table does not have. */
	bb_init(&b);
	bb_type(&b, "new", 23, 0xffffff, 0);
	b.layout = layout;
	b.layout_len = sizeof(layout);
	assert_int_equal(try_open_built(), -EINVAL);
	bb_init(&b);
	bb_type(&b, "newer", 24, 0, 0);
	b.layout = layout;
	b.layout_len = sizeof(layout);
	assert_int_equal(try_open_built(), -EINVAL);
	bb_init(&b);
	bb_type(&b, "newest", 127, 0, 0);
	b.layout = layout;
	b.layout_len = sizeof(layout);
	assert_int_equal(try_open_built(), -EINVAL);
}

static void test_no_memory(void **state)
{
	(void)state;
	build_sample();
	shim_alloc_fails = true;
	assert_int_equal(try_open_built(), -ENOMEM);
	shim_alloc_fails = false;
}

static void test_close_twice(void **state)
{
	struct opened o;

	(void)state;
	build_sample();
	open_built(&o);
	slc_btf_close(&o.btf);
	assert_int_equal(field_error(&o.btf, "outer", "first"), -ENOENT);
	close_built(&o);
}

static void test_every_byte(void **state)
{
	u32 accepted = 0;
	size_t len, at;
	u8 *blob;
	u32 i;

	(void)state;
	build_sample();
	blob = bb_blob(&b, &len);
	for (at = 0; at < len; at++) {
		const u8 good = blob[at];

		for (i = 0; i < 8; i++) {
			blob[at] = good ^ (u8)(1 << i);
			accepted += survive(blob, len);
		}
		blob[at] = 0;
		accepted += survive(blob, len);
		blob[at] = 0xff;
		accepted += survive(blob, len);
		blob[at] = good;
	}
	free(blob);
	/* Change ids, names and offsets, so that most of the blobs can be opened. */
	assert_true(accepted > len);
}

/* xorshift, for the same sequence in every run. */
static u32 next_random(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void test_random_damage(void **state)
{
	u32 seed = 20241117, accepted = 0, round, i;
	size_t len;
	u8 *good, *bad;

	(void)state;
	build_sample();
	good = bb_blob(&b, &len);
	bad = malloc(len);
	assert_non_null(bad);
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		u32 damages = 1 + next_random(&seed) % 8;

		memcpy(bad, good, len);
		for (i = 0; i < damages; i++) {
			u32 r = next_random(&seed);
			size_t at = next_random(&seed) % len;

			/* change a byte, or a word to a small or large number */
			if (r % 4 || at + 4 > len)
				bad[at] = (u8)(r >> 8);
			else
				put_u32(bad + at / 4 * 4,
					r & 4 ? r >> 8 & 63 : -(r >> 8 & 63));
		}
		accepted += survive(bad, len - (round % 16 ? 0 :
						next_random(&seed) % len));
	}
	free(bad);
	free(good);
	assert_true(accepted > RANDOM_ROUNDS / 100);
}

/* A type leads to a structure through so many pointers, also with qualifiers in between. */
static void test_points_to(void **state)
{
	u32 inner, union_t, one, two, typedef_t, of_union, broken;
	struct opened o;

	(void)state;
	bb_init(&b);
	inner = bb_type(&b, "inner", KIND_STRUCT, 0, 0);
	union_t = bb_type(&b, "inner", KIND_UNION, 0, 0);
	one = bb_ptr(&b, bb_type(&b, "", KIND_CONST, 0, inner));
	typedef_t = bb_type(&b, "inner_p", KIND_TYPEDEF, 0, one);
	two = bb_ptr(&b, typedef_t);
	of_union = bb_ptr(&b, union_t);
	broken = bb_ptr(&b, 0xffff);
	open_built(&o);
	assert_true(slc_btf_points_to(&o.btf, inner, 0, "inner"));
	assert_true(slc_btf_points_to(&o.btf, one, 1, "inner"));
	assert_true(slc_btf_points_to(&o.btf, two, 2, "inner"));
	assert_false(slc_btf_points_to(&o.btf, two, 1, "inner"));
	assert_false(slc_btf_points_to(&o.btf, two, 3, "inner"));
	assert_false(slc_btf_points_to(&o.btf, two, 2, "inne"));
	assert_false(slc_btf_points_to(&o.btf, two, 2, "inner2"));
	assert_false(slc_btf_points_to(&o.btf, of_union, 1, "inner"));
	assert_false(slc_btf_points_to(&o.btf, broken, 1, "inner"));
	assert_false(slc_btf_points_to(&o.btf, 0xffff, 0, "inner"));
	close_built(&o);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_enumerators),
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_broken_functions),
		cmocka_unit_test(test_bit_fields),
		cmocka_unit_test(test_member_outside),
		cmocka_unit_test(test_offset_overflow),
		cmocka_unit_test(test_outside_references),
		cmocka_unit_test(test_loops),
		cmocka_unit_test(test_exponential),
		cmocka_unit_test(test_exponential_copies),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_points_to),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_longer_headers),
		cmocka_unit_test(test_no_types),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_huge_vlen),
		cmocka_unit_test(test_long_enum),
		cmocka_unit_test(test_unknown_kinds),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_close_twice),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_random_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
