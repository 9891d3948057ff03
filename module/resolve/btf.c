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
 * Only slc_btf_open() allocates. All functions may sleep and none takes a lock;
 * they run while the module loads.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "btf.h"

/* The header up to and including the string section, which all kernels have. */
#define SLC_BTF_HDR_MIN		(offsetof(struct btf_header, str_len) + sizeof(u32))

/* 7.x: the header goes on with offset and length of a table with a row per kind. */
#define SLC_BTF_HDR_LAYOUT_OFF	SLC_BTF_HDR_MIN
#define SLC_BTF_HDR_LAYOUT_LEN	(SLC_BTF_HDR_LAYOUT_OFF + sizeof(u32))
#define SLC_BTF_HDR_LAYOUT	(SLC_BTF_HDR_LAYOUT_LEN + sizeof(u32))
/* A row: bytes behind struct btf_type, bytes per element, two bytes of flags. */
#define SLC_BTF_LAYOUT_SIZE	4

/*
 * struct btf_type, info. <uapi/linux/btf.h> up to 7.2 has 16 bits for vlen and 5
 * for the kind, and these kernels leave the other bits 0, so the wider masks of
 * later kernels fit both.
 */
#define SLC_BTF_VLEN_MASK	0xffffff
#define SLC_BTF_KIND_MASK	0x7f

/* Bounds on what a well-formed kernel needs, against loops in a broken one. */
#define SLC_BTF_MAX_CHAIN	32
#define SLC_BTF_MAX_NESTING	16
#define SLC_BTF_MAX_MEMBERS	65536

/* Bytes behind struct btf_type for one type, and for each of its elements. */
static const struct slc_btf_kind_size {
	u8	fixed;
	u8	elem;
} slc_btf_kind_sizes[] = {
	[BTF_KIND_INT]		= { sizeof(u32), 0 },
	[BTF_KIND_PTR]		= { 0, 0 },
	[BTF_KIND_ARRAY]	= { sizeof(struct btf_array), 0 },
	[BTF_KIND_STRUCT]	= { 0, sizeof(struct btf_member) },
	[BTF_KIND_UNION]	= { 0, sizeof(struct btf_member) },
	[BTF_KIND_ENUM]		= { 0, sizeof(struct btf_enum) },
	[BTF_KIND_FWD]		= { 0, 0 },
	[BTF_KIND_TYPEDEF]	= { 0, 0 },
	[BTF_KIND_VOLATILE]	= { 0, 0 },
	[BTF_KIND_CONST]	= { 0, 0 },
	[BTF_KIND_RESTRICT]	= { 0, 0 },
	[BTF_KIND_FUNC]		= { 0, 0 },
	[BTF_KIND_FUNC_PROTO]	= { 0, sizeof(struct btf_param) },
	[BTF_KIND_VAR]		= { sizeof(struct btf_var), 0 },
	[BTF_KIND_DATASEC]	= { 0, sizeof(struct btf_var_secinfo) },
	[BTF_KIND_FLOAT]	= { 0, 0 },
	[BTF_KIND_DECL_TAG]	= { sizeof(struct btf_decl_tag), 0 },
	[BTF_KIND_TYPE_TAG]	= { 0, 0 },
	[BTF_KIND_ENUM64]	= { 0, sizeof(struct btf_enum64) },
};

static u16 slc_btf_u16(const u8 *p)
{
	return (u16)(p[0] | p[1] << 8);
}

static u32 slc_btf_u32(const u8 *p)
{
	return slc_btf_u16(p) | (u32)slc_btf_u16(p + 2) << 16;
}

/* A 32-bit member of a structure of the format at @p, which may be unaligned. */
#define slc_btf_get(p, type, member) slc_btf_u32((p) + offsetof(type, member))

/* A type as stored, with its info word taken apart. */
struct slc_btf_rec {
	const u8	*elems;
	u32		name_off;
	u32		kind;
	u32		vlen;
	bool		kflag;
	u32		size_or_type;
};

static void slc_btf_decode(const u8 *p, struct slc_btf_rec *rec)
{
	u32 info = slc_btf_get(p, struct btf_type, info);

	rec->name_off = slc_btf_get(p, struct btf_type, name_off);
	rec->vlen = info & SLC_BTF_VLEN_MASK;
	rec->kind = (info >> 24) & SLC_BTF_KIND_MASK;
	rec->kflag = info >> 31;
	rec->size_or_type = slc_btf_get(p, struct btf_type, size);
	rec->elems = p + sizeof(struct btf_type);
}

static int slc_btf_rec(const struct slc_btf *btf, u32 id, struct slc_btf_rec *rec)
{
	if (!id || id >= btf->nr_types)
		return -EINVAL;
	slc_btf_decode(btf->types + btf->index[id], rec);
	return 0;
}

/* Compare a string of the blob without assuming that its offset is valid. */
static bool slc_btf_name_is(const struct slc_btf *btf, u32 off, const char *name,
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
static u32 slc_btf_type_len(const u8 *p, u32 left, const u8 *layout, u32 nr_layout)
{
	struct slc_btf_rec rec;
	u64 len;

	if (left < sizeof(struct btf_type))
		return 0;
	slc_btf_decode(p, &rec);
	if (rec.kind && rec.kind < ARRAY_SIZE(slc_btf_kind_sizes)) {
		len = slc_btf_kind_sizes[rec.kind].fixed +
		      (u64)rec.vlen * slc_btf_kind_sizes[rec.kind].elem;
	} else if (rec.kind && rec.kind < nr_layout) {
		const u8 *entry = layout + rec.kind * SLC_BTF_LAYOUT_SIZE;

		len = entry[0] + (u64)rec.vlen * entry[1];
	} else {
		return 0;
	}
	len += sizeof(struct btf_type);
	return len <= left ? (u32)len : 0;
}

/**
 * slc_btf_open - validate a BTF blob and index its types
 * @btf: filled in; use slc_btf_close() to release it
 * @data: the blob, which must stay in place until then
 * @len: its length in bytes
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL if the blob is truncated, inconsistent or contains a type
 * kind of unknown size; -ENOMEM.
 */
int slc_btf_open(struct slc_btf *btf, const void *data, size_t len)
{
	u32 hdr_len, type_off, str_off, layout_off = 0, layout_len = 0;
	const u8 *p = data, *layout;
	u32 off, left, id;
	int pass;

	memset(btf, 0, sizeof(*btf));
	if (len < SLC_BTF_HDR_MIN || len > U32_MAX)
		return -EINVAL;
	if (slc_btf_u16(p) != BTF_MAGIC ||
	    p[offsetof(struct btf_header, version)] != BTF_VERSION)
		return -EINVAL;
	hdr_len = slc_btf_get(p, struct btf_header, hdr_len);
	if (hdr_len < SLC_BTF_HDR_MIN || hdr_len > len)
		return -EINVAL;
	type_off = slc_btf_get(p, struct btf_header, type_off);
	btf->types_len = slc_btf_get(p, struct btf_header, type_len);
	str_off = slc_btf_get(p, struct btf_header, str_off);
	btf->strs_len = slc_btf_get(p, struct btf_header, str_len);
	if (hdr_len >= SLC_BTF_HDR_LAYOUT) {
		layout_off = slc_btf_u32(p + SLC_BTF_HDR_LAYOUT_OFF);
		layout_len = slc_btf_u32(p + SLC_BTF_HDR_LAYOUT_LEN);
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
			u32 n = slc_btf_type_len(btf->types + off,
						 btf->types_len - off, layout,
						 layout_len / SLC_BTF_LAYOUT_SIZE);

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
 * slc_btf_close - release what slc_btf_open() allocated
 * @btf: may be half open, or closed already
 *
 * Context: process context, may sleep.
 */
void slc_btf_close(struct slc_btf *btf)
{
	kvfree(btf->index);
	btf->index = NULL;
	btf->nr_types = 0;
}

/* The first type with this name and kind from @id on; 0 if there is none. */
static u32 slc_btf_next(const struct slc_btf *btf, u32 id, const char *name,
			u32 kind)
{
	size_t len = strlen(name);
	struct slc_btf_rec rec;

	for (; id < btf->nr_types; id++) {
		slc_btf_decode(btf->types + btf->index[id], &rec);
		if (rec.kind == kind &&
		    slc_btf_name_is(btf, rec.name_off, name, len))
			return id;
	}
	return 0;
}

/**
 * slc_btf_find - find a named type
 * @btf: the open blob
 * @name: its name
 * @kind: its kind
 *
 * Context: any, takes time in proportion to the number of types.
 * Return: the type id, or -ENOENT.
 */
s32 slc_btf_find(const struct slc_btf *btf, const char *name,
		 u32 kind)
{
	u32 id = slc_btf_next(btf, 1, name, kind);

	return id ? (s32)id : -ENOENT;
}

/* Follow typedefs and qualifiers to the type they stand for. */
static int slc_btf_strip(const struct slc_btf *btf, u32 *id, struct slc_btf_rec *rec)
{
	int hops, ret;

	for (hops = 0; hops < SLC_BTF_MAX_CHAIN; hops++) {
		ret = slc_btf_rec(btf, *id, rec);
		if (ret)
			return ret;
		switch (rec->kind) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			*id = rec->size_or_type;
			break;
		default:
			return 0;
		}
	}
	return -ELOOP;
}

static int slc_btf_size(const struct slc_btf *btf, u32 id, u32 *size)
{
	struct slc_btf_rec rec;
	u64 nr = 1, bytes;
	int depth, ret;

	for (depth = 0; depth < SLC_BTF_MAX_NESTING; depth++) {
		ret = slc_btf_strip(btf, &id, &rec);
		if (ret)
			return ret;
		switch (rec.kind) {
		case BTF_KIND_ARRAY:
			id = slc_btf_get(rec.elems, struct btf_array, type);
			nr *= slc_btf_get(rec.elems, struct btf_array, nelems);
			if (nr > U32_MAX)
				return -EINVAL;
			continue;
		case BTF_KIND_PTR:
			bytes = nr * sizeof(void *);
			break;
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
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
static int slc_btf_member(const struct slc_btf *btf, u32 *id, const char *name,
			  size_t len, u32 *off, int depth, u32 *budget)
{
	struct slc_btf_rec rec;
	u32 i;
	int ret;

	if (depth > SLC_BTF_MAX_NESTING)
		return -ELOOP;
	ret = slc_btf_strip(btf, id, &rec);
	if (ret)
		return ret;
	if (rec.kind != BTF_KIND_STRUCT && rec.kind != BTF_KIND_UNION)
		return -EINVAL;

	for (i = 0; i < rec.vlen; i++) {
		const u8 *m = rec.elems + i * sizeof(struct btf_member);
		u32 m_name = slc_btf_get(m, struct btf_member, name_off);
		u32 m_type = slc_btf_get(m, struct btf_member, type);
		u32 bits = slc_btf_get(m, struct btf_member, offset);
		u32 inner_id, inner_off;
		bool bitfield = false;

		if (!*budget)
			return -ELOOP;
		--*budget;
		if (rec.kflag) {
			bitfield = bits >> 24;
			bits &= 0xffffff;
		}
		if (slc_btf_name_is(btf, m_name, name, len)) {
			/* There is no byte offset for a bit field. */
			if (bitfield || bits % 8 || *off > U32_MAX - bits / 8)
				return -EINVAL;
			*off += bits / 8;
			*id = m_type;
			return 0;
		}
		if (!slc_btf_name_is(btf, m_name, "", 0) || bits % 8 ||
		    *off > U32_MAX - bits / 8)
			continue;
		inner_id = m_type;
		inner_off = *off + bits / 8;
		ret = slc_btf_member(btf, &inner_id, name, len, &inner_off,
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

/* Follow a path of members from structure @id. @budget is slc_btf_member()'s. */
static int slc_btf_path(const struct slc_btf *btf, u32 id, const char *path,
			struct slc_btf_field *field, u32 *budget)
{
	u32 off = 0, total, size;
	int ret;

	ret = slc_btf_size(btf, id, &total);
	if (ret)
		return ret;
	while (*path) {
		size_t len = strcspn(path, ".");

		ret = slc_btf_member(btf, &id, path, len, &off, 0, budget);
		if (ret)
			return ret;
		path += len;
		if (*path == '.')
			path++;
	}
	ret = slc_btf_size(btf, id, &size);
	if (ret)
		return ret;
	if (off > total || size > total - off)
		return -EINVAL;
	field->offset = off;
	field->size = size;
	field->type = id;
	return 0;
}

/**
 * slc_btf_field - find where a member of a structure is
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
 * Context: as slc_btf_find().
 * Return: 0; -ENOENT if there is no such structure or member; -EINVAL if it is
 * a bit field, or the path leads through something that is no structure, or
 * the member lies outside of the structure, or several structures of this name
 * have it at different places; -ELOOP if the types refer to themselves, or it
 * takes too long to look through them.
 */
int slc_btf_field(const struct slc_btf *btf, const char *type,
		  const char *path, struct slc_btf_field *field)
{
	/* For all of them together: there may be as many as there are types. */
	u32 id = 0, budget = SLC_BTF_MAX_MEMBERS;
	struct slc_btf_field here;
	bool found = false;
	int ret;

	while ((id = slc_btf_next(btf, id + 1, type, BTF_KIND_STRUCT))) {
		ret = slc_btf_path(btf, id, path, &here, &budget);
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
 * slc_btf_points_to - does a type lead to a structure through pointers?
 * @btf: the open blob
 * @id: the type, from struct slc_btf_field
 * @depth: through how many pointers
 * @name: the structure, without "struct"
 *
 * Context: as slc_btf_find().
 * Return: true if so.
 */
bool slc_btf_points_to(const struct slc_btf *btf, u32 id, u32 depth, const char *name)
{
	struct slc_btf_rec rec;

	for (; !slc_btf_strip(btf, &id, &rec); depth--) {
		if (!depth)
			return rec.kind == BTF_KIND_STRUCT &&
			       slc_btf_name_is(btf, rec.name_off, name, strlen(name));
		if (rec.kind != BTF_KIND_PTR)
			return false;
		id = rec.size_or_type;
	}
	return false;
}

/**
 * slc_btf_enum - find the value of an enumerator
 * @btf: the open blob
 * @name: the enumerator; its enum may have any name or none
 * @value: filled in
 *
 * Context: as slc_btf_find().
 * Return: 0, or -ENOENT.
 */
int slc_btf_enum(const struct slc_btf *btf, const char *name, s64 *value)
{
	size_t len = strlen(name);
	struct slc_btf_rec rec;
	u32 id, i, step;

	for (id = 1; id < btf->nr_types; id++) {
		slc_btf_decode(btf->types + btf->index[id], &rec);
		if (rec.kind == BTF_KIND_ENUM)
			step = sizeof(struct btf_enum);
		else if (rec.kind == BTF_KIND_ENUM64)
			step = sizeof(struct btf_enum64);
		else
			continue;
		for (i = 0; i < rec.vlen; i++) {
			const u8 *e = rec.elems + i * step;

			if (!slc_btf_name_is(btf, slc_btf_get(e, struct btf_enum, name_off),
					     name, len))
				continue;
			if (rec.kind == BTF_KIND_ENUM64)
				*value = (s64)((u64)slc_btf_get(e, struct btf_enum64,
								val_hi32) << 32 |
					       slc_btf_get(e, struct btf_enum64, val_lo32));
			else if (rec.kflag)
				*value = (s32)slc_btf_get(e, struct btf_enum, val);
			else
				*value = slc_btf_get(e, struct btf_enum, val);
			return 0;
		}
	}
	return -ENOENT;
}

/* The name of type @id, or of what it points to; "" where it has none. */
static int slc_btf_type_name(const struct slc_btf *btf, u32 id,
			     u32 *kind, const char **name)
{
	struct slc_btf_rec rec;
	int ret;

	*name = "";
	ret = slc_btf_strip(btf, &id, &rec);
	if (ret)
		return ret;
	*kind = rec.kind;
	if (rec.kind == BTF_KIND_PTR) {
		id = rec.size_or_type;
		ret = slc_btf_strip(btf, &id, &rec);
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
static int slc_btf_proto(const struct slc_btf *btf, const char *func,
			 struct slc_btf_rec *rec)
{
	s32 found = slc_btf_find(btf, func, BTF_KIND_FUNC);
	int ret;

	if (found < 0)
		return found;
	ret = slc_btf_rec(btf, (u32)found, rec);
	if (ret)
		return ret;
	ret = slc_btf_rec(btf, rec->size_or_type, rec);
	if (!ret && rec->kind != BTF_KIND_FUNC_PROTO)
		ret = -EINVAL;
	return ret;
}

/**
 * slc_btf_param - look up a parameter of a function
 * @btf: the open blob
 * @func: name of the function
 * @nr: which parameter, from 0
 * @type: set to the name of the structure the parameter points to, "" if it
 *	points to something without a name; valid as long as the blob is
 *
 * Context: as slc_btf_find().
 * Return: 0; -ENOENT if there is no such function; -ERANGE if it has no such
 * parameter; -EINVAL if the parameter is no pointer or the types are broken.
 */
int slc_btf_param(const struct slc_btf *btf, const char *func, u32 nr,
		  const char **type)
{
	u32 kind;
	struct slc_btf_rec rec;
	int ret;

	ret = slc_btf_proto(btf, func, &rec);
	if (ret)
		return ret;
	if (nr >= rec.vlen)
		return -ERANGE;
	ret = slc_btf_type_name(btf, slc_btf_get(rec.elems + nr * sizeof(struct btf_param),
						 struct btf_param, type),
				&kind, type);
	if (!ret && kind != BTF_KIND_PTR)
		ret = -EINVAL;
	return ret;
}

/**
 * slc_btf_return - look up the size of what a function returns
 * @btf: the open blob
 * @func: name of the function
 * @size: set to it, in bytes; 0 if it returns nothing
 *
 * Context: as slc_btf_find().
 * Return: 0; -ENOENT if there is no such function; -EINVAL if the types are
 * broken; another error if the type has no known size.
 */
int slc_btf_return(const struct slc_btf *btf, const char *func, u32 *size)
{
	struct slc_btf_rec rec;
	int ret;

	ret = slc_btf_proto(btf, func, &rec);
	if (ret)
		return ret;
	*size = 0;
	/* Type 0 is void. */
	return rec.size_or_type ? slc_btf_size(btf, rec.size_or_type, size) : 0;
}

/**
 * slc_btf_var - look up a variable
 * @btf: the open blob
 * @name: name of the variable
 * @kind: set to the kind of its type
 * @type: set to the name of its type, or of what it points to
 *
 * BTF lists per-CPU variables always and others only on some kernels.
 *
 * Context: as slc_btf_find().
 * Return: 0; -ENOENT if BTF does not list it; -EINVAL if the types are broken.
 */
int slc_btf_var(const struct slc_btf *btf, const char *name,
		u32 *kind, const char **type)
{
	s32 found = slc_btf_find(btf, name, BTF_KIND_VAR);
	struct slc_btf_rec rec;
	int ret;

	if (found < 0)
		return found;
	ret = slc_btf_rec(btf, (u32)found, &rec);
	if (ret)
		return ret;
	return slc_btf_type_name(btf, rec.size_or_type, kind, type);
}
