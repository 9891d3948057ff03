/* SPDX-License-Identifier: GPL-2.0 */
/* Reduces a kernel's BTF to the types that the resolver reads. */
#ifndef _CUT_H
#define _CUT_H

#include "btf.h"
#include "btf_builder.h"

void cut_btf(const struct slc_btf *btf, struct btf_builder *b);

#endif /* _CUT_H */
