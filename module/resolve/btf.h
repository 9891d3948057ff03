/* SPDX-License-Identifier: GPL-2.0 */
/* Reads BTF, the kernel's description of its types; kinds are BTF_KIND_*. */
#ifndef _SLC_BTF_H
#define _SLC_BTF_H

#include <linux/types.h>
#include <uapi/linux/btf.h>

/**
 * struct slc_btf - a validated BTF blob and an index of its types
 * @types: start of the type section
 * @types_len: its length in bytes
 * @strs: start of the string section, which ends in a NUL
 * @strs_len: its length in bytes
 * @index: byte offset of each type in @types, by type id; [0] is unused
 * @nr_types: number of types, void (id 0) included
 */
struct slc_btf {
	const u8	*types;
	u32		types_len;
	const char	*strs;
	u32		strs_len;
	u32		*index;
	u32		nr_types;
};

/**
 * struct slc_btf_field - place of a member
 * @offset: bytes from the start of the outermost structure
 * @size: size of the member in bytes; 0 for a flexible array
 * @type: id of its type; where several structures have the name, in the last one
 */
struct slc_btf_field {
	u32		offset;
	u32		size;
	u32		type;
};

int slc_btf_open(struct slc_btf *btf, const void *data, size_t len);
void slc_btf_close(struct slc_btf *btf);
s32 slc_btf_find(const struct slc_btf *btf, const char *name,
		 u32 kind);
int slc_btf_field(const struct slc_btf *btf, const char *type,
		  const char *path, struct slc_btf_field *field);
bool slc_btf_points_to(const struct slc_btf *btf, u32 id, u32 depth, const char *name);
int slc_btf_enum(const struct slc_btf *btf, const char *name, s64 *value);
int slc_btf_param(const struct slc_btf *btf, const char *func, u32 nr,
		  const char **type);
int slc_btf_return(const struct slc_btf *btf, const char *func, u32 *size);
int slc_btf_var(const struct slc_btf *btf, const char *name,
		u32 *kind, const char **type);

#endif /* _SLC_BTF_H */
