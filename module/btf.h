/* SPDX-License-Identifier: GPL-2.0 */
/* A reader for BTF, the kernel's own description of its types. */
#ifndef _SCX_LOOP_CAP_BTF_H
#define _SCX_LOOP_CAP_BTF_H

#include <linux/types.h>

/* Kinds that callers ask for by number; the values are fixed by the format. */
enum scx_btf_kind {
	SCX_BTF_PTR		= 2,
	SCX_BTF_STRUCT		= 4,
	SCX_BTF_UNION		= 5,
	SCX_BTF_ENUM		= 6,
	SCX_BTF_FUNC		= 12,
	SCX_BTF_FUNC_PROTO	= 13,
	SCX_BTF_VAR		= 14,
	SCX_BTF_ENUM64		= 19,
};

/**
 * struct scx_btf - a validated BTF blob and the index over it
 * @types: start of the type section
 * @types_len: its length in bytes
 * @strs: start of the string section, which ends in a NUL
 * @strs_len: its length in bytes
 * @index: byte offset of each type in @types, by type id; [0] is unused
 * @nr_types: number of types, void (id 0) included
 */
struct scx_btf {
	const u8	*types;
	u32		types_len;
	const char	*strs;
	u32		strs_len;
	u32		*index;
	u32		nr_types;
};

/**
 * struct scx_btf_field - where a member is
 * @offset: bytes from the start of the outermost structure
 * @size: size of the member in bytes; 0 for a flexible array
 */
struct scx_btf_field {
	u32		offset;
	u32		size;
};

int scx_btf_open(struct scx_btf *btf, const void *data, size_t len);
void scx_btf_close(struct scx_btf *btf);
s32 scx_btf_find(const struct scx_btf *btf, const char *name,
		 enum scx_btf_kind kind);
int scx_btf_field(const struct scx_btf *btf, const char *type,
		  const char *path, struct scx_btf_field *field);
int scx_btf_enum(const struct scx_btf *btf, const char *name, s64 *value);
int scx_btf_param(const struct scx_btf *btf, const char *func, u32 nr,
		  const char **type);
int scx_btf_return(const struct scx_btf *btf, const char *func, u32 *size);
int scx_btf_var(const struct scx_btf *btf, const char *name,
		enum scx_btf_kind *kind, const char **type);

#endif /* _SCX_LOOP_CAP_BTF_H */
