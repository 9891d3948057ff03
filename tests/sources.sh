# SPDX-License-Identifier: GPL-2.0
# Does the resolver find the dispatch loop as compilers leave it? The kernel's file with
# sched_ext is compiled by gcc and clang with -O2 and -O3, with the configuration in Debian's
# headers and core scheduling. At -O3 they duplicate the loop. Debian has no such kernel; CachyOS
# and linux-zen are built so.
#
# The object is linked alone, and its type information made by pahole, so that test_image can
# read it like the image of a kernel.
# shellcheck shell=bash

SOURCES_SUITE=trixie

# sources_list: print a line "RELEASE PACKAGE" for each kernel whose headers and source are
# packaged.
sources_list() {
	local release suite headers pkg packages

	packages=$(source_list "$SOURCES_SUITE")
	while read -r release suite headers; do
		[ "$suite $headers" = "$SOURCES_SUITE yes" ] || continue
		for pkg in $packages; do
			[[ $release != "${pkg#linux-source-}".* ]] || echo "$release $pkg"
		done
	done <<<"$KERNELS"
}

# sources_make RELEASE PACKAGE COMPILER OPTION DIR: compile, or take the result from the cache.
# DIR then has vmlinux and kallsyms.
sources_make() {
	local release=$1 pkg=$2 cc=$3 opt=$4 dir=$5 key

	key=$(key "$TOP"/tests/sources.sh "$TOP"/tests/sources/* -- "$release $cc $opt" \
		"$(root_version "$SOURCES_SUITE" "linux-headers-$release")" \
		"$(root_version "$SOURCES_SUITE" "$pkg")" \
		"$(cached_output "cc-$cc" root_run "$SOURCES_SUITE" "$cc" --version)") || return
	cached_build "$dir" "sources-$key" sources_make_anew "$@"
}

sources_make_anew() {
	local release=$1 pkg=$2 cc=$3 opt=$4 dir=$5 source

	source=$(source_dir "$SOURCES_SUITE" "$pkg") || return
	root_install "$SOURCES_SUITE" "linux-headers-$release" pahole
	mkdir -p "$dir/kernel" && cp -r "$source/kernel/sched" "$dir/kernel/" &&
		cp "$TOP"/tests/sources/* "$dir/kernel/sched/" || return
	# sched.h includes it, and uses nothing of it.
	: >"$dir/kernel/workqueue_internal.h"
	echo 'obj-y := policy.o' >"$dir/kernel/sched/Kbuild"
	# shellcheck disable=SC2016
	root_run "$SOURCES_SUITE" env "SOURCES_CC=$cc" "SOURCES_OPT=$opt" sh -euc '
		cd "$1"
		make -s -C "/lib/modules/$2/build" M="$1/kernel/sched" CC="$1/kernel/sched/cc" policy.o
		ld -z noexecstack --no-warn-rwx-segments -e 0 -T kernel/sched/vmlinux.lds \
			--unresolved-symbols=ignore-all -o linked kernel/sched/policy.o
		pahole --btf_encode_detached=btf linked \
			--btf_features=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func
		nm -n linked | grep -v " [aUwN] " >kallsyms
		strip --strip-debug linked
		objcopy --add-section .BTF=btf linked vmlinux 2>&1
		rm -r kernel linked btf
	' sh "$(root_sees "$dir")" "$release" >"$dir.log" 2>&1 || { tail -n 40 "$dir.log"; return 1; }
}

# sources_case RELEASE PACKAGE COMPILER OPTION
sources_case() {
	local dir=$WORK/sources/$1-$3$4

	mkdir -p "$WORK/sources"
	sources_make "$@" "$dir" || return
	"$WORK/unit/test_image" --compiled "$dir/vmlinux" "$dir/kallsyms" >"$dir.log" 2>&1 ||
		{ cat "$dir.log"; return 1; }
	awk '$1 == "host" { host = $2 }
		$1 ~ /^(root|nested|pass)$/ { nr[$1]++ }
		{ print }
		END { printf "RESULT: %s; calls of the flush: %d in the outermost loop, %d in that of children, %d in none\n",
			host, nr["root"], nr["nested"], nr["pass"] }' "$dir.log"
}

sources_tests() {
	local release pkg cc opt

	[ -x "$WORK/unit/test_image" ] || return 0
	while read -r release pkg; do
		for cc in gcc "$(cached_output "clang-$SOURCES_SUITE" root_clang "$(root_path "$SOURCES_SUITE")")"; do
			for opt in -O2 -O3; do
				start_case "sources-${cc%%-*}$opt" "$release" \
					sources_case "$release" "$pkg" "$cc" "$opt"
			done
		done
	done < <(sources_list)
}
