# SPDX-License-Identifier: GPL-2.0
# For Makefiles that compile this folder in user space: the command, the unit tests and
# the fuzzers. MODULE is the folder above.

RESOLVE_OBJS := btf.o calls.o layout.o sites.o why.o
RESOLVE_DIRS := $(MODULE)/resolve $(MODULE)/arch/x86
# The headers in include/ stand in for the kernel's.
RESOLVE_CPPFLAGS := -I$(MODULE)/resolve/include -I$(MODULE)/resolve -I$(MODULE)/arch
