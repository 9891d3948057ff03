#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Build the kernel's own scx_qmap, scx_simple, scx_central and scx_flatcg, unmodified, each as a
# static binary.
#
# usage: examples.sh SOURCE_TREE BTF OUT
#
#	SOURCE_TREE	kernel source of the series under test; only its tools/ and
#			scripts/ are used
#	BTF		raw BTF or vmlinux ELF of the kernel under test
#	OUT		build directory; the results are OUT/scx_qmap and so on
#
# If scx_central or scx_flatcg does not build, there is OUT/scx_NAME.failed with the error
# instead.
#
# CLANG, BPFTOOL and CC in the environment choose the tools. Example:
#
#	$ CLANG=clang-22 tests/bpf/examples.sh linux-source-7.3 vmlinux /tmp/qmap
#	$ /tmp/qmap/scx_qmap -l 100
#
# Any clang builds them. The verifiers of 7.2 and 7.3 accept the arena code of clang 22, and
# reject that of clang 19 and 21 ("invalid mem access 'scalar'"). scx_qmap loads with no clang
# if the kernel's BTF lacks a kfunc that it needs (7.2.12+deb13-amd64: scx_bpf_kick_cid). Use
# scx_loop -l on such a kernel.
#
set -eu

if [ $# -ne 3 ]; then
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
fi

tree=$(realpath "$1")
btf=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
here=$(realpath "$(dirname "$0")")
: "${CLANG:=clang}" "${BPFTOOL:=bpftool}" "${CC:=gcc}"
bpftool=$(command -v "$BPFTOOL") || {
	echo "examples.sh: no $BPFTOOL" >&2
	exit 1
}

# The kernel's makefile uses $PWD, so cd instead of make -C. BPFTOOL is a prerequisite
# there, so it must be a path; if it is set, the makefile does not build bpftool itself.
#
# The link is repeated for a static binary: flags for make would also be passed to
# libbpf's makefile, which links a shared library.
build() {
	obj=$out/build/obj
	make O="$out" VMLINUX_BTF="$btf" CLANG="$CLANG" BPFTOOL="$bpftool" CC="$CC" "$1" &&
		"$CC" -static -o "$out/$1" "$obj/sched_ext/$1.o" \
			"$here/libelf-static.c" "$obj/libbpf/libbpf.a" -lelf -lz -lzstd
}

cd "$tree/tools/sched_ext"
for prog in scx_qmap scx_simple; do
	build "$prog"
done
for prog in scx_central scx_flatcg; do
	if ! build "$prog" >"$out/$prog.log" 2>&1; then
		cat "$out/$prog.log"
		grep -im 1 'error' "$out/$prog.log" >"$out/$prog.failed" ||
			echo "make failed" >"$out/$prog.failed"
	fi
done
