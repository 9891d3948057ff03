# SPDX-License-Identifier: GPL-2.0
# Builds kernels that no distribution packages from Debian's kernel source: kernels
# without the cap, also with the dispatch loop of vendors' kernels, without
# CONFIG_LIVEPATCH, compiled at -O3, by clang, and debug kernels. The configuration (see
# config) is small, so one takes minutes to build. A kernel is built again only if its
# source, patches, configuration or compiler change.
# shellcheck shell=bash

BUILT_SUITE=trixie
BUILT_PACKAGES=(bc bison coccinelle cpio flex pahole rsync xz-utils)

# Which kernels are in the list: those of "make test" if it is empty, else "debug" or "o3",
# which have a leg of their own as they are slow to build or to run.
BUILT_SET=

# One line for each kernel: its name, the source package, the compiler (see built_make_options),
# the changes to the configuration, and the semantic patches for the source, in this order, each
# with the names that are defined for it (see vendor.cocci). The changes are separated by commas:
# -OPTION is removed, the file +FILE is appended; or - for none.
built_kernels() {
	local oldest newest vendor=tests/kernels/vendor.cocci
	local cap=coccinelle/cap.cocci uncap=coccinelle/uncap.cocci

	oldest=$(source_list "$BUILT_SUITE" | head -n 1)
	newest=$(source_list "$BUILT_SUITE" | tail -n 1)
	case $BUILT_SET in
	debug)
		echo "nocore-debug $newest gcc-O2 +config-debug,-SCHED_CORE"
		echo "debug $newest gcc-O2 +config-debug"
		;;
	o3)
		echo "O3 $newest gcc-O3 -"
		echo "clang $newest clang-O3 +config-clang"
		;;
	*)
		cat <<-EOT
			capped $oldest gcc-O2 - $uncap $cap
			uncapped $oldest gcc-O2 - $uncap
			balance_scx $oldest gcc-O2 - $vendor:balance_scx:boot $uncap
			balance_one $oldest gcc-O2 - $vendor:balance_one:boot $uncap
			uncapped $newest gcc-O2 -LIVEPATCH $uncap
			O3 $newest gcc-O3 -
		EOT
		;;
	esac
}

# built_release PACKAGE NAME: print the kernel's release, which is also its name in the tests.
built_release() {
	echo "${1#linux-source-}-$2"
}

# built_list: print a line "RELEASE SUITE own" for each kernel, in the format of kernel_list.
built_list() {
	local name pkg

	built_kernels | while read -r name pkg _; do
		echo "$(built_release "$pkg" "$name") $BUILT_SUITE own"
	done
}

# built_key PACKAGE NAME: print a key over everything that the kernel is built from.
built_key() {
	local pkg=$1 name=$2 n p compiler differs patches patch files=()

	while read -r n p compiler differs patches; do
		[ "$n $p" != "$name $pkg" ] || break
	done < <(built_kernels)
	for patch in $patches; do
		files+=("$TOP/${patch%%:*}")
	done
	for patch in ${differs//,/ }; do
		[[ $patch != +* ]] || files+=("$TOP/tests/kernels/${patch#+}")
	done
	key "$TOP/tests/kernels/config" ${files[@]+"${files[@]}"} -- \
		"$(declare -f built_config built_compile built_store built_make_options)" \
		"$(root_version "$BUILT_SUITE" "$pkg")" "$compiler $differs $patches" \
		"$(built_compiler "$compiler")"
}

# built_compiler COMPILER: print its version.
built_compiler() {
	local clang

	case $1 in
	gcc-*) root_version "$BUILT_SUITE" gcc ;;
	clang-*)
		clang=$(cached_output "clang-$BUILT_SUITE" root_clang "$(root_path "$BUILT_SUITE")")
		echo "$clang $(root_version "$BUILT_SUITE" "$clang")"
		;;
	esac
}

# built_make_options COMPILER: print the options of make that select it; empty for gcc. COMPILER
# is gcc or clang, followed by the level of optimization.
built_make_options() {
	local clang

	[[ $1 = clang-* ]] || return 0
	clang=$(cached_output "clang-$BUILT_SUITE" root_clang "$(root_path "$BUILT_SUITE")")
	echo "LLVM=${clang#clang}"
}

# built_for RELEASE: print the options of make to build modules for it.
built_for() {
	local name pkg compiler

	while read -r name pkg compiler _; do
		[ "$(built_release "$pkg" "$name")" != "$1" ] || built_make_options "$compiler"
	done < <(built_kernels)
}

# built_dir RELEASE: print the kernel's directory, which has the same files as that of
# kernel_dir, and
#	headers			to build modules with
built_dir() {
	local name pkg

	# A release with a patch level (7.3.4+...) is that of a packaged kernel.
	[[ $1 != *.*.* ]] || return 1
	while read -r name pkg _; do
		[ "$(built_release "$pkg" "$name")" = "$1" ] || continue
		echo "$CACHE/kernels/$1-$(built_key "$pkg" "$name")"
		return
	done < <(built_kernels)
	return 1
}

# built_make RELEASE: build the kernel, and all others with the same source package, as these
# take little more time.
built_make() {
	local pkg name p compiler differs patches release dir tmp=$WORK/kernel

	dir=$(built_dir "$1")
	if [ -e "$dir/.complete" ]; then
		touch "$dir/.complete"
		return
	fi
	pkg=linux-source-${1%%-*}
	root_install "$BUILT_SUITE" "${BUILT_PACKAGES[@]}"
	say "  unpacking $pkg"
	rm -rf "$tmp"
	mkdir -p "$tmp/out"
	source_unpack "$BUILT_SUITE" "$pkg" "$tmp/src" '*'
	cp -r "$tmp/src/kernel/sched" "$tmp/sched"
	while read -r name p compiler differs patches; do
		[ "$p" = "$pkg" ] || continue
		release=$(built_release "$pkg" "$name")
		dir=$(built_dir "$release")
		[ ! -e "$dir/.complete" ] || continue
		say "  building $release"
		# The linker has the same version as clang.
		[[ $compiler != clang-* ]] || root_install "$BUILT_SUITE" \
			"lld$(built_make_options "$compiler" | cut -d= -f2)"
		built_config "$differs" >"$tmp/config"
		# shellcheck disable=SC2086
		built_compile "$release" "$compiler" $patches || return
		rm -rf "$dir"
		built_store "$tmp" "$dir" || return
		kernel_kallsyms "$dir"
		touch "$dir/.complete"
	done < <(built_kernels)
	rm -rf "$tmp"
}

# built_store TMP DIR: put what was built in TMP into DIR.
built_store() {
	mkdir -p "$2"
	cp "$1/out/arch/x86/boot/bzImage" "$2/vmlinuz" &&
		strip --strip-debug -o "$2/vmlinux" "$1/out/vmlinux" &&
		objcopy --dump-section .BTF="$2/btf" "$2/vmlinux" /dev/null &&
		mv "$1/headers" "$2/headers"
}

# built_config DIFFERS: print the configuration; DIFFERS is a field of built_kernels.
built_config() {
	local change removed=()

	for change in ${1//,/ }; do
		[[ $change != -?* ]] || removed+=("CONFIG_${change#-}=y")
	done
	grep -vxF "$(printf '%s\n' "${removed[@]:-none}")" "$TOP/tests/kernels/config"
	for change in ${1//,/ }; do
		[[ $change != +* ]] || cat "$TOP/tests/kernels/${change#+}"
	done
}

# built_compile RELEASE COMPILER PATCH...: patch and compile the source in $WORK/kernel. Files that
# are the same as in the previous build are not compiled again. The level of optimization is
# written into the source's Makefile, where kernels built at -O3 have it. Modules for that kernel
# are then compiled with the same level.
built_compile() {
	local release=$1 compiler=$2

	shift 2
	# shellcheck disable=SC2016
	quietly root_run "$BUILT_SUITE" sh -euc '
		release=$1 level=$2 options=$3
		shift 3
		cd /build/kernel/src
		rsync -rc --delete ../sched/ kernel/sched/
		for patch; do
			defines=$(echo "$patch:" | cut -d: -f2- | sed "s/\([^:]*\):/-D \1 /g")
			spatch --very-quiet --no-includes --in-place $defines \
				--sp-file "/src/${patch%%:*}" \
				$(find kernel/sched -path "*/ext*" -name "*.[ch]")
		done
		sed -i "s/^\(KBUILD_CFLAGS += \)-O[23]\$/\1-$level/" Makefile
		# At -O3 pahole takes functions for inconsistent that are not, and leaves them out
		# of BTF; the kernel then has no sched_ext if one of its kfuncs is missing.
		[ "$level" != O3 ] || sed -i "s/,consistent_func//" scripts/Makefile.btf
		set -- -s -j"$(nproc)" O=/build/kernel/out KERNELRELEASE="$release" $options
		make "$@" KCONFIG_ALLCONFIG=/build/kernel/config allnoconfig
		# Fail if kconfig dropped one of these because of a dependency.
		for want in BPF_EVENTS DEBUG_ATOMIC_SLEEP DEBUG_INFO_BTF DEBUG_KMEMLEAK \
				DEBUG_OBJECTS DEBUG_PREEMPT FUNCTION_GRAPH_TRACER KALLSYMS_ALL \
				KASAN KPROBES LIVEPATCH LTO_CLANG_THIN NET PROVE_LOCKING \
				SCHED_CLASS_EXT SCHED_CORE; do
			! grep -qx "CONFIG_$want=y" ../config ||
				grep -x "CONFIG_$want=y" ../out/.config
		done
		make "$@" bzImage modules
		# The scheduler is compiled with the last level that is on the command line.
		grep -o -- " -O[0-9s] " ../out/kernel/sched/.build_policy.o.cmd | tail -n 1 |
			grep -x -- " -$level "
		rm -rf ../headers
		make "$@" run-command KBUILD_RUN_COMMAND="\$(srctree)/scripts/package/install-extmod-build /build/kernel/headers"
	' sh "$release" "${compiler#*-}" "$(built_make_options "$compiler")" "$@"
}
