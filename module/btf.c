// SPDX-License-Identifier: GPL-2.0
/*
 * A reader for BTF, the kernel's own description of its types.
 *
 * The offsets of struct rq and its relatives are not in any header a module
 * can include, so they are looked up at load in the BTF of the running kernel.
 * The kernel has a reader too, but does not export one that finds a member by
 * path. This one takes a pointer and a length and trusts neither: it also
 * compiles in user space, where the unit tests feed it the BTF of real kernels
 * and blobs that were broken on purpose.
 *
 * Only scx_btf_open() allocates. All functions may sleep and none takes a lock;
 * they run while the module loads.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "btf.h"

#define BTF_MAGIC_LE		0xeb9f
#define BTF_FORMAT_VERSION	1

/* The header up to and including the string section; all kernels have it. */
#define BTF_HDR_MIN		24
/* Newer kernels append the place of a table with the sizes of each kind. */
#define BTF_HDR_LAYOUT		32

#define BTF_TYPE_SIZE		12
#define BTF_LAYOUT_SIZE		4
#define BTF_MEMBER_SIZE		12
#define BTF_ENUM_SIZE		8
#define BTF_ENUM64_SIZE		12
#define BTF_PARAM_SIZE		8

#define KIND_INT			1
#define KIND_ARRAY		3
#define KIND_TYPEDEF		8
#define KIND_VOLATILE		9
#define KIND_CONST		10
#define KIND_RESTRICT		11
#define KIND_FLOAT		16
#define KIND_TYPE_TAG		18

/* Bounds on what a well-formed kernel needs, against loops in a broken one. */
#define BTF_MAX_CHAIN		32
#define BTF_MAX_NESTING		16
#define BTF_MAX_MEMBERS		65536

/* Bytes behind the common 12 for one type, and for each of its elements. */
static const struct btf_kind_size {
	u8	fixed;
	u8	elem;
} btf_kind_sizes[] = {
	[1]  = { 4, 0 },	/* INT */
	[2]  = { 0, 0 },	/* PTR */
	[3]  = { 12, 0 },	/* ARRAY */
	[4]  = { 0, 12 },	/* STRUCT */
	[5]  = { 0, 12 },	/* UNION */
	[6]  = { 0, 8 },	/* ENUM */
	[7]  = { 0, 0 },	/* FWD */
	[8]  = { 0, 0 },	/* TYPEDEF */
	[9]  = { 0, 0 },	/* VOLATILE */
	[10] = { 0, 0 },	/* CONST */
	[11] = { 0, 0 },	/* RESTRICT */
	[12] = { 0, 0 },	/* FUNC */
	[13] = { 0, 8 },	/* FUNC_PROTO */
	[14] = { 4, 0 },	/* VAR */
	[15] = { 0, 12 },	/* DATASEC */
	[16] = { 0, 0 },	/* FLOAT */
	[17] = { 4, 0 },	/* DECL_TAG */
	[18] = { 0, 0 },	/* TYPE_TAG */
	[19] = { 0, 12 },	/* ENUM64 */
};

static u16 get_u16(const u8 *p)
{
	return (u16)(p[0] | p[1] << 8);
}

static u32 get_u32(const u8 *p)
{
	return get_u16(p) | (u32)get_u16(p + 2) << 16;
}

/* A type as stored, with its info word taken apart. */
struct btf_rec {
	const u8	*elems;
	u32		name_off;
	u32		kind;
	u32		vlen;
	bool		kflag;
	u32		size_or_type;
};

static void btf_decode(const u8 *p, struct btf_rec *rec)
{
	u32 info = get_u32(p + 4);

	rec->name_off = get_u32(p);
	/*
	 * Older kernels use 16 bits for vlen and 5 for the kind and leave the
	 * bits between them zero, so the wide masks fit both.
	 */
	rec->vlen = info & 0xffffff;
	rec->kind = (info >> 24) & 0x7f;
	rec->kflag = info >> 31;
	rec->size_or_type = get_u32(p + 8);
	rec->elems = p + BTF_TYPE_SIZE;
}

static int btf_rec(const struct scx_btf *btf, u32 id, struct btf_rec *rec)
{
	if (!id || id >= btf->nr_types)
		return -EINVAL;
	btf_decode(btf->types + btf->index[id], rec);
	return 0;
}

/* Compare a string of the blob without assuming that its offset is valid. */
static bool btf_name_is(const struct scx_btf *btf, u32 off, const char *name,
			size_t len)
{
	if (off >= btf->strs_len || len >= btf->strs_len - off)
		return false;
	return !memcmp(btf->strs + off, name, len) && !btf->strs[off + len];
}

/*
 * Length of the type at @p, or 0 if it does not fit into @left bytes. A kind
 * this reader does not know is skipped with the help of the layout table that
 * newer kernels carry for the purpose.
 */
static u32 btf_type_len(const u8 *p, u32 left, const u8 *layout, u32 nr_layout)
{
	struct btf_rec rec;
	u64 len;

	if (left < BTF_TYPE_SIZE)
		return 0;
	btf_decode(p, &rec);
	if (rec.kind && rec.kind < ARRAY_SIZE(btf_kind_sizes)) {
		len = btf_kind_sizes[rec.kind].fixed +
		      (u64)rec.vlen * btf_kind_sizes[rec.kind].elem;
	} else if (rec.kind && rec.kind < nr_layout) {
		const u8 *entry = layout + rec.kind * BTF_LAYOUT_SIZE;

		len = entry[0] + (u64)rec.vlen * entry[1];
	} else {
		return 0;
	}
	len += BTF_TYPE_SIZE;
	return len <= left ? (u32)len : 0;
}

/**
 * scx_btf_open - validate a BTF blob and index its types
 * @btf: filled in; use scx_btf_close() to release it
 * @data: the blob, which must stay in place until then
 * @len: its length in bytes
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL if the blob is truncated, inconsistent or contains a type
 * kind of unknown size; -ENOMEM.
 */
int scx_btf_open(struct scx_btf *btf, const void *data, size_t len)
{
	u32 hdr_len, type_off, str_off, layout_off = 0, layout_len = 0;
	const u8 *p = data, *layout;
	u32 off, left, id;
	int pass;

	memset(btf, 0, sizeof(*btf));
	if (len < BTF_HDR_MIN || len > U32_MAX)
		return -EINVAL;
	if (get_u16(p) != BTF_MAGIC_LE || p[2] != BTF_FORMAT_VERSION)
		return -EINVAL;
	hdr_len = get_u32(p + 4);
	if (hdr_len < BTF_HDR_MIN || hdr_len > len)
		return -EINVAL;
	type_off = get_u32(p + 8);
	btf->types_len = get_u32(p + 12);
	str_off = get_u32(p + 16);
	btf->strs_len = get_u32(p + 20);
	if (hdr_len >= BTF_HDR_LAYOUT) {
		layout_off = get_u32(p + 24);
		layout_len = get_u32(p + 28);
	}

	left = (u32)len - hdr_len;
	if (type_off > left || btf->types_len > left - type_off ||
	    str_off > left || btf->strs_len > left - str_off ||
	    layout_off > left || layout_len > left - layout_off)
		return -EINVAL;
	btf->types = p + hdr_len + type_off;
	btf->strs = (const char *)p + hdr_len + str_off;
	layout = p + hdr_len + layout_off;
	if (!btf->strs_len || btf->strs[0] || btf->strs[btf->strs_len - 1])
		return -EINVAL;

	/* First count the types, then note where each one starts. */
	for (pass = 0; pass < 2; pass++) {
		for (off = 0, id = 1; off < btf->types_len; id++) {
			u32 n = btf_type_len(btf->types + off,
					     btf->types_len - off, layout,
					     layout_len / BTF_LAYOUT_SIZE);

			if (!n)
				return -EINVAL;
			if (btf->index)
				btf->index[id] = off;
			off += n;
		}
		if (pass)
			break;
		btf->index = kvmalloc_array(id, sizeof(*btf->index), GFP_KERNEL);
		if (!btf->index)
			return -ENOMEM;
		btf->index[0] = 0;
		btf->nr_types = id;
	}
	return 0;
}

/**
 * scx_btf_close - release what scx_btf_open() allocated
 * @btf: may be half open, or closed already
 *
 * Context: process context, may sleep.
 */
void scx_btf_close(struct scx_btf *btf)
{
	kvfree(btf->index);
	btf->index = NULL;
	btf->nr_types = 0;
}

/* The first type with this name and kind from @id on; 0 if there is none. */
static u32 btf_next(const struct scx_btf *btf, u32 id, const char *name,
		    u32 kind)
{
	size_t len = strlen(name);
	struct btf_rec rec;

	for (; id < btf->nr_types; id++) {
		btf_decode(btf->types + btf->index[id], &rec);
		if (rec.kind == kind &&
		    btf_name_is(btf, rec.name_off, name, len))
			return id;
	}
	return 0;
}

/**
 * scx_btf_find - find a named type
 * @btf: the open blob
 * @name: its name
 * @kind: its kind
 *
 * Context: any, takes time in proportion to the number of types.
 * Return: the type id, or -ENOENT.
 */
s32 scx_btf_find(const struct scx_btf *btf, const char *name,
		 enum scx_btf_kind kind)
{
	u32 id = btf_next(btf, 1, name, (u32)kind);

	return id ? (s32)id : -ENOENT;
}

/* Follow typedefs and qualifiers to the type they stand for. */
static int btf_strip(const struct scx_btf *btf, u32 *id, struct btf_rec *rec)
{
	int hops, ret;

	for (hops = 0; hops < BTF_MAX_CHAIN; hops++) {
		ret = btf_rec(btf, *id, rec);
		if (ret)
			return ret;
		switch (rec->kind) {
		case KIND_TYPEDEF:
		case KIND_VOLATILE:
		case KIND_CONST:
		case KIND_RESTRICT:
		case KIND_TYPE_TAG:
			*id = rec->size_or_type;
			break;
		default:
			return 0;
		}
	}
	return -ELOOP;
}

static int btf_size(const struct scx_btf *btf, u32 id, u32 *size)
{
	struct btf_rec rec;
	u64 nr = 1, bytes;
	int depth, ret;

	for (depth = 0; depth < BTF_MAX_NESTING; depth++) {
		ret = btf_strip(btf, &id, &rec);
		if (ret)
			return ret;
		switch (rec.kind) {
		case KIND_ARRAY:
			id = get_u32(rec.elems);
			nr *= get_u32(rec.elems + 8);
			if (nr > U32_MAX)
				return -EINVAL;
			continue;
		case SCX_BTF_PTR:
			bytes = nr * sizeof(void *);
			break;
		case KIND_INT:
		case KIND_FLOAT:
		case SCX_BTF_STRUCT:
		case SCX_BTF_UNION:
		case SCX_BTF_ENUM:
		case SCX_BTF_ENUM64:
			bytes = nr * rec.size_or_type;
			break;
		default:
			return -EINVAL;
		}
		if (bytes > U32_MAX)
			return -EINVAL;
		*size = (u32)bytes;
		return 0;
	}
	return -ELOOP;
}

/*
 * Find one member by name in a structure, looking through anonymous structures
 * and unions. @off is advanced by the member's offset, @id becomes its type.
 * @budget bounds the members looked at, as nesting multiplies them.
 */
static int btf_member(const struct scx_btf *btf, u32 *id, const char *name,
		      size_t len, u32 *off, int depth, u32 *budget)
{
	struct btf_rec rec;
	u32 i;
	int ret;

	if (depth > BTF_MAX_NESTING)
		return -ELOOP;
	ret = btf_strip(btf, id, &rec);
	if (ret)
		return ret;
	if (rec.kind != SCX_BTF_STRUCT && rec.kind != SCX_BTF_UNION)
		return -EINVAL;

	for (i = 0; i < rec.vlen; i++) {
		const u8 *m = rec.elems + i * BTF_MEMBER_SIZE;
		u32 m_name = get_u32(m), m_type = get_u32(m + 4);
		u32 bits = get_u32(m + 8);
		u32 inner_id, inner_off;
		bool bitfield = false;

		if (!*budget)
			return -ELOOP;
		--*budget;
		if (rec.kflag) {
			bitfield = bits >> 24;
			bits &= 0xffffff;
		}
		if (btf_name_is(btf, m_name, name, len)) {
			/* There is no byte offset for a bit field. */
			if (bitfield || bits % 8 || *off > U32_MAX - bits / 8)
				return -EINVAL;
			*off += bits / 8;
			*id = m_type;
			return 0;
		}
		if (!btf_name_is(btf, m_name, "", 0) || bits % 8 ||
		    *off > U32_MAX - bits / 8)
			continue;
		inner_id = m_type;
		inner_off = *off + bits / 8;
		ret = btf_member(btf, &inner_id, name, len, &inner_off,
				 depth + 1, budget);
		if (!ret) {
			*id = inner_id;
			*off = inner_off;
			return 0;
		}
		if (ret == -ELOOP)
			return ret;
	}
	return -ENOENT;
}

/* Follow a path of members from structure @id. @budget is btf_member()'s. */
static int btf_path(const struct scx_btf *btf, u32 id, const char *path,
		    struct scx_btf_field *field, u32 *budget)
{
	u32 off = 0, total, size;
	int ret;

	ret = btf_size(btf, id, &total);
	if (ret)
		return ret;
	while (*path) {
		size_t len = strcspn(path, ".");

		ret = btf_member(btf, &id, path, len, &off, 0, budget);
		if (ret)
			return ret;
		path += len;
		if (*path == '.')
			path++;
	}
	ret = btf_size(btf, id, &size);
	if (ret)
		return ret;
	if (off > total || size > total - off)
		return -EINVAL;
	field->offset = off;
	field->size = size;
	return 0;
}

/**
 * scx_btf_field - find where a member of a structure is
 * @btf: the open blob
 * @type: name of the structure, without "struct"
 * @path: the member, with dots between the levels; anonymous structures and
 *	unions in between are not named, as in C
 * @field: filled in; not to be used after an error
 *
 * A kernel may have several structures of one name: private ones of unrelated
 * files, or copies that pahole took for different. Those that lack the member
 * are passed over, and the others have to agree.
 *
 * Context: as scx_btf_find().
 * Return: 0; -ENOENT if there is no such structure or member; -EINVAL if it is
 * a bit field, or the path leads through something that is no structure, or
 * the member lies outside of the structure, or several structures of this name
 * have it at different places; -ELOOP if the types refer to themselves, or it
 * takes too long to look through them.
 */
int scx_btf_field(const struct scx_btf *btf, const char *type,
		  const char *path, struct scx_btf_field *field)
{
	/* For all of them together: there may be as many as there are types. */
	u32 id = 0, budget = BTF_MAX_MEMBERS;
	struct scx_btf_field here;
	bool found = false;
	int ret;

	while ((id = btf_next(btf, id + 1, type, SCX_BTF_STRUCT))) {
		ret = btf_path(btf, id, path, &here, &budget);
		if (ret == -ENOENT)
			continue;
		if (ret)
			return ret;
		if (found && (here.offset != field->offset ||
			      here.size != field->size))
			return -EINVAL;
		*field = here;
		found = true;
	}
	return found ? 0 : -ENOENT;
}

/**
 * scx_btf_enum - find the value of an enumerator
 * @btf: the open blob
 * @name: the enumerator; its enum may have any name or none
 * @value: filled in
 *
 * Context: as scx_btf_find().
 * Return: 0, or -ENOENT.
 */
int scx_btf_enum(const struct scx_btf *btf, const char *name, s64 *value)
{
	size_t len = strlen(name);
	struct btf_rec rec;
	u32 id, i, step;

	for (id = 1; id < btf->nr_types; id++) {
		btf_decode(btf->types + btf->index[id], &rec);
		if (rec.kind == SCX_BTF_ENUM)
			step = BTF_ENUM_SIZE;
		else if (rec.kind == SCX_BTF_ENUM64)
			step = BTF_ENUM64_SIZE;
		else
			continue;
		for (i = 0; i < rec.vlen; i++) {
			const u8 *e = rec.elems + i * step;

			if (!btf_name_is(btf, get_u32(e), name, len))
				continue;
			if (rec.kind == SCX_BTF_ENUM64)
				*value = (s64)((u64)get_u32(e + 8) << 32 |
					       get_u32(e + 4));
			else if (rec.kflag)
				*value = (s32)get_u32(e + 4);
			else
				*value = get_u32(e + 4);
			return 0;
		}
	}
	return -ENOENT;
}

/* The name of type @id, or of what it points to; "" where it has none. */
static int btf_type_name(const struct scx_btf *btf, u32 id,
			 enum scx_btf_kind *kind, const char **name)
{
	struct btf_rec rec;
	int ret;

	*name = "";
	ret = btf_strip(btf, &id, &rec);
	if (ret)
		return ret;
	*kind = (enum scx_btf_kind)rec.kind;
	if (rec.kind == SCX_BTF_PTR) {
		id = rec.size_or_type;
		ret = btf_strip(btf, &id, &rec);
		if (!id)		/* void *, also with qualifiers */
			return 0;
		if (ret)
			return ret;
	}
	if (rec.name_off >= btf->strs_len)
		return -EINVAL;
	*name = btf->strs + rec.name_off;
	return 0;
}

/* The prototype of a function. */
static int btf_proto(const struct scx_btf *btf, const char *func,
		     struct btf_rec *rec)
{
	s32 found = scx_btf_find(btf, func, SCX_BTF_FUNC);
	int ret;

	if (found < 0)
		return found;
	ret = btf_rec(btf, (u32)found, rec);
	if (ret)
		return ret;
	ret = btf_rec(btf, rec->size_or_type, rec);
	if (!ret && rec->kind != SCX_BTF_FUNC_PROTO)
		ret = -EINVAL;
	return ret;
}

/**
 * scx_btf_param - look up a parameter of a function
 * @btf: the open blob
 * @func: name of the function
 * @nr: which parameter, from 0
 * @type: set to the name of the structure the parameter points to, "" if it
 *	points to something without a name; valid as long as the blob is
 *
 * Context: as scx_btf_find().
 * Return: 0; -ENOENT if there is no such function; -ERANGE if it has no such
 * parameter; -EINVAL if the parameter is no pointer or the types are broken.
 */
int scx_btf_param(const struct scx_btf *btf, const char *func, u32 nr,
		  const char **type)
{
	enum scx_btf_kind kind;
	struct btf_rec rec;
	int ret;

	ret = btf_proto(btf, func, &rec);
	if (ret)
		return ret;
	if (nr >= rec.vlen)
		return -ERANGE;
	ret = btf_type_name(btf, get_u32(rec.elems + nr * BTF_PARAM_SIZE + 4),
			    &kind, type);
	if (!ret && kind != SCX_BTF_PTR)
		ret = -EINVAL;
	return ret;
}

/**
 * scx_btf_return - look up the size of what a function returns
 * @btf: the open blob
 * @func: name of the function
 * @size: set to it, in bytes; 0 if it returns nothing
 *
 * Context: as scx_btf_find().
 * Return: 0; -ENOENT if there is no such function; -EINVAL if the types are
 * broken; another error if the type has no known size.
 */
int scx_btf_return(const struct scx_btf *btf, const char *func, u32 *size)
{
	struct btf_rec rec;
	int ret;

	ret = btf_proto(btf, func, &rec);
	if (ret)
		return ret;
	*size = 0;
	/* Type 0 is void. */
	return rec.size_or_type ? btf_size(btf, rec.size_or_type, size) : 0;
}

/**
 * scx_btf_var - look up a variable
 * @btf: the open blob
 * @name: name of the variable
 * @kind: set to the kind of its type
 * @type: set to the name of its type, or of what it points to
 *
 * BTF lists per-CPU variables always and others only on some kernels.
 *
 * Context: as scx_btf_find().
 * Return: 0; -ENOENT if BTF does not list it; -EINVAL if the types are broken.
 */
int scx_btf_var(const struct scx_btf *btf, const char *name,
		enum scx_btf_kind *kind, const char **type)
{
	s32 found = scx_btf_find(btf, name, SCX_BTF_VAR);
	struct btf_rec rec;
	int ret;

	if (found < 0)
		return found;
	ret = btf_rec(btf, (u32)found, &rec);
	if (ret)
		return ret;
	return btf_type_name(btf, rec.size_or_type, kind, type);
}
