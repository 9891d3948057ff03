/* SPDX-License-Identifier: GPL-2.0 */
/* Builds BTF for tests, valid or invalid. */
#ifndef _BTF_BUILDER_H
#define _BTF_BUILDER_H

#include <linux/types.h>

/* Kinds that are not in btf.h because the module does not use them. */
enum {
	KIND_INT	= 1,
	KIND_PTR	= 2,
	KIND_ARRAY	= 3,
	KIND_STRUCT	= 4,
	KIND_UNION	= 5,
	KIND_ENUM	= 6,
	KIND_FWD	= 7,
	KIND_TYPEDEF	= 8,
	KIND_VOLATILE	= 9,
	KIND_CONST	= 10,
	KIND_RESTRICT	= 11,
	KIND_FUNC	= 12,
	KIND_FUNC_PROTO	= 13,
	KIND_VAR	= 14,
	KIND_DATASEC	= 15,
	KIND_FLOAT	= 16,
	KIND_DECL_TAG	= 17,
	KIND_TYPE_TAG	= 18,
	KIND_ENUM64	= 19,
};

/* Flag in the number of elements. */
#define KFLAG		(1U << 31)

/* Offsets of the header's fields. */
#define HDR_VERSION	2
#define HDR_LEN		4
#define HDR_TYPE_OFF	8
#define HDR_TYPE_LEN	12
#define HDR_STR_OFF	16
#define HDR_STR_LEN	20
#define HDR_LAYOUT_OFF	24
#define HDR_LAYOUT_LEN	28

/**
 * struct btf_builder - BTF that is being built
 * @types: the type section
 * @types_len: its length so far
 * @strs: the string section
 * @strs_len: its length so far
 * @nr: id of the last type
 * @layout: table of the kinds' sizes, or NULL for the older, shorter header
 * @layout_len: its length in bytes
 */
struct btf_builder {
	u8		types[16384];
	u32		types_len;
	char		strs[4096];
	u32		strs_len;
	u32		nr;
	const u8	*layout;
	u32		layout_len;
};

void bb_init(struct btf_builder *b);
u32 bb_str(struct btf_builder *b, const char *name);
void bb_word(struct btf_builder *b, u32 word);
u32 bb_type(struct btf_builder *b, const char *name, u32 kind, u32 vlen,
	    u32 size_or_type);
u32 bb_int(struct btf_builder *b, const char *name, u32 size);
u32 bb_ptr(struct btf_builder *b, u32 to);
u32 bb_array(struct btf_builder *b, u32 of, u32 nr);
u32 bb_var(struct btf_builder *b, const char *name, u32 type);
void bb_member(struct btf_builder *b, const char *name, u32 type, u32 bits);
void bb_param(struct btf_builder *b, const char *name, u32 type);
u8 *bb_blob(const struct btf_builder *b, size_t *len);

void put_u32(u8 *p, u32 value);

#endif /* _BTF_BUILDER_H */
