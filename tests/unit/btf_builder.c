// SPDX-License-Identifier: GPL-2.0
/*
 * Builds BTF for tests, valid or invalid.
 *
 * Nothing is checked, so a test can add a type id that does not exist or a wrong
 * number of elements. If the fixed buffers are full, it calls abort().
 */
#include <stdlib.h>
#include <string.h>

#include "btf_builder.h"

/** put_u32 - store @value at @p, little-endian as in BTF */
void put_u32(u8 *p, u32 value)
{
	p[0] = (u8)value;
	p[1] = (u8)(value >> 8);
	p[2] = (u8)(value >> 16);
	p[3] = (u8)(value >> 24);
}

/** bb_init - reset @b to no types and the empty string */
void bb_init(struct btf_builder *b)
{
	memset(b, 0, sizeof(*b));
	b->strs_len = 1;
}

/** bb_str - return the offset of string @name, which is added if it is new */
u32 bb_str(struct btf_builder *b, const char *name)
{
	size_t len = strlen(name) + 1;
	u32 off;

	for (off = 0; off < b->strs_len; off += strlen(b->strs + off) + 1) {
		if (!strcmp(b->strs + off, name))
			return off;
	}
	if (len > sizeof(b->strs) - b->strs_len)
		abort();
	memcpy(b->strs + off, name, len);
	b->strs_len += len;
	return off;
}

/** bb_word - append @word to the type section, as part of the last type */
void bb_word(struct btf_builder *b, u32 word)
{
	if (sizeof(b->types) - b->types_len < 4)
		abort();
	put_u32(b->types + b->types_len, word);
	b->types_len += 4;
}

/**
 * bb_type - begin a type
 * @b: the BTF
 * @name: its name, "" for none
 * @kind: its kind
 * @vlen: number of elements, which the caller appends; may include KFLAG
 * @size_or_type: size or type id, depending on the kind
 *
 * Return: the type's id.
 */
u32 bb_type(struct btf_builder *b, const char *name, u32 kind, u32 vlen,
	    u32 size_or_type)
{
	bb_word(b, bb_str(b, name));
	bb_word(b, kind << 24 | vlen);
	bb_word(b, size_or_type);
	return ++b->nr;
}

/** bb_int - add an integer type called @name of @size bytes */
u32 bb_int(struct btf_builder *b, const char *name, u32 size)
{
	u32 id = bb_type(b, name, KIND_INT, 0, size);

	bb_word(b, size * 8);
	return id;
}

/** bb_ptr - add a pointer to type @to */
u32 bb_ptr(struct btf_builder *b, u32 to)
{
	return bb_type(b, "", KIND_PTR, 0, to);
}

/** bb_array - add an array of @nr elements of type @of */
u32 bb_array(struct btf_builder *b, u32 of, u32 nr)
{
	u32 id = bb_type(b, "", KIND_ARRAY, 0, 0);

	bb_word(b, of);
	bb_word(b, 1);
	bb_word(b, nr);
	return id;
}

/** bb_var - add a variable called @name of type @type */
u32 bb_var(struct btf_builder *b, const char *name, u32 type)
{
	u32 id = bb_type(b, name, KIND_VAR, 0, type);

	bb_word(b, 0);
	return id;
}

/** bb_member - append a member to the structure or union that was begun last */
void bb_member(struct btf_builder *b, const char *name, u32 type, u32 bits)
{
	bb_word(b, bb_str(b, name));
	bb_word(b, type);
	bb_word(b, bits);
}

/** bb_param - append a parameter to the prototype that was begun last */
void bb_param(struct btf_builder *b, const char *name, u32 type)
{
	bb_word(b, bb_str(b, name));
	bb_word(b, type);
}

/**
 * bb_blob - build the blob from the header and the sections
 * @b: the BTF
 * @len: set to the length of the blob
 *
 * Return: the blob, which the caller must free. It is allocated with its exact size,
 * so that AddressSanitizer reports reads beyond its end.
 */
u8 *bb_blob(const struct btf_builder *b, size_t *len)
{
	u32 hdr_len = b->layout ? 32 : 24;
	u8 *p;

	*len = hdr_len + b->layout_len + b->types_len + b->strs_len;
	p = calloc(1, *len);
	if (!p)
		abort();
	p[0] = 0x9f;
	p[1] = 0xeb;
	p[HDR_VERSION] = 1;
	put_u32(p + HDR_LEN, hdr_len);
	put_u32(p + HDR_TYPE_OFF, b->layout_len);
	put_u32(p + HDR_TYPE_LEN, b->types_len);
	put_u32(p + HDR_STR_OFF, b->layout_len + b->types_len);
	put_u32(p + HDR_STR_LEN, b->strs_len);
	if (b->layout) {
		put_u32(p + HDR_LAYOUT_OFF, 0);
		put_u32(p + HDR_LAYOUT_LEN, b->layout_len);
		memcpy(p + hdr_len, b->layout, b->layout_len);
	}
	memcpy(p + hdr_len + b->layout_len, b->types, b->types_len);
	memcpy(p + hdr_len + b->layout_len + b->types_len, b->strs,
	       b->strs_len);
	return p;
}
