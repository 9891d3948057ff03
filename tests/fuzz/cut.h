/* SPDX-License-Identifier: GPL-2.0 */
/* Cuts what the resolver looks at out of a kernel's BTF. */
#ifndef _CUT_H
#define _CUT_H

#include "btf.h"
#include "btf_builder.h"

void cut_btf(const struct slc_btf *btf, struct btf_builder *b);

#endif /* _CUT_H */
