# SPDX-License-Identifier: GPL-2.0
# Builds kernels that no distribution packages from Debian's kernel source: kernels
# without the cap, also with the dispatch loop of vendors' kernels, and without
# CONFIG_LIVEPATCH. The configuration (see config) is small, so one takes minutes to
# build. A kernel is built again only if its sources, patches or configuration change.
# shellcheck shell=bash

BUILT_SUITE=trixie
BUILT_PACKAGES=(bc bison coccinelle cpio flex pahole rsync xz-utils)

# If not empty, only the debug kernel is in the list. It is slow to build and to run.
BUILT_DEBUG=

# One line for each kernel: its name, the source package, the change to the configuration
# (-OPTION is removed, the file +FILE is appended, or - for none), and the semantic patches for
# the source, in this order, each with the names that are defined for it (see vendor.cocci).
built_kernels() {
	local oldest newest vendor=tests/kernels/vendor.cocci
	local cap=coccinelle/cap.cocci uncap=coccinelle/uncap.cocci

	oldest=$(source_list "$BUILT_SUITE" | head -n 1)
	newest=$(source_list "$BUILT_SUITE" | tail -n 1)
	if [ -n "$BUILT_DEBUG" ]; then
		echo "debug $newest +config-debug"
		return
	fi
	cat <<-EOT
		capped $oldest - $uncap $cap
		uncapped $oldest - $uncap
		balance_scx $oldest - $vendor:balance_scx:boot $uncap
		balance_one $oldest - $vendor:balance_one:boot $uncap
		uncapped $newest -LIVEPATCH $uncap
	EOT
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
	local pkg=$1 name=$2 n p differs patches patch files=()

	while read -r n p differs patches; do
		[ "$n $p" != "$name $pkg" ] || break
	done < <(built_kernels)
	for patch in $patches; do
		files+=("$TOP/${patch%%:*}")
	done
	[[ $differs != +* ]] || files+=("$TOP/tests/kernels/${differs#+}")
	key "$TOP"/tests/kernels/{build.sh,config} ${files[@]+"${files[@]}"} -- \
		"$(root_version "$BUILT_SUITE" "$pkg")" "$differs $patches" \
		"$(root_version "$BUILT_SUITE" gcc)"
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
	local pkg name p differs patches release dir tmp=$WORK/kernel

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
	while read -r name p differs patches; do
		[ "$p" = "$pkg" ] || continue
		release=$(built_release "$pkg" "$name")
		dir=$(built_dir "$release")
		[ ! -e "$dir/.complete" ] || continue
		say "  building $release"
		built_config "$differs" >"$tmp/config"
		# shellcheck disable=SC2086
		built_compile "$release" $patches || return
		rm -rf "$dir"
		mkdir -p "$dir"
		cp "$tmp/out/arch/x86/boot/bzImage" "$dir/vmlinuz" &&
			strip --strip-debug -o "$dir/vmlinux" "$tmp/out/vmlinux" &&
			objcopy --dump-section .BTF="$dir/btf" "$dir/vmlinux" /dev/null &&
			mv "$tmp/headers" "$dir/headers" || return
		kernel_kallsyms "$dir"
		touch "$dir/.complete"
	done < <(built_kernels)
	rm -rf "$tmp"
}

# built_config DIFFERS: print the configuration; DIFFERS is a field of built_kernels.
built_config() {
	case $1 in
	+*) cat "$TOP/tests/kernels/config" "$TOP/tests/kernels/${1#+}" ;;
	*) grep -vx "CONFIG_${1#-}=y" "$TOP/tests/kernels/config" ;;
	esac
}

# built_compile RELEASE PATCH...: patch and compile the source in $WORK/kernel. Files that are
# the same as in the previous build are not compiled again.
built_compile() {
	# shellcheck disable=SC2016
	quietly root_run "$BUILT_SUITE" sh -euc '
		release=$1
		shift
		cd /build/kernel/src
		rsync -rc --delete ../sched/ kernel/sched/
		for patch; do
			defines=$(echo "$patch:" | cut -d: -f2- | sed "s/\([^:]*\):/-D \1 /g")
			spatch --very-quiet --no-includes --in-place $defines \
				--sp-file "/src/${patch%%:*}" \
				$(find kernel/sched -path "*/ext*" -name "*.[ch]")
		done
		set -- -s -j"$(nproc)" O=/build/kernel/out KERNELRELEASE="$release"
		make "$@" KCONFIG_ALLCONFIG=/build/kernel/config allnoconfig
		# Fail if kconfig dropped one of these because of a dependency.
		for want in BPF_EVENTS DEBUG_ATOMIC_SLEEP DEBUG_INFO_BTF DEBUG_KMEMLEAK \
				DEBUG_OBJECTS DEBUG_PREEMPT FUNCTION_GRAPH_TRACER KALLSYMS_ALL \
				KASAN KPROBES LIVEPATCH NET PROVE_LOCKING SCHED_CLASS_EXT; do
			! grep -qx "CONFIG_$want=y" ../config ||
				grep -x "CONFIG_$want=y" ../out/.config
		done
		make "$@" bzImage modules
		rm -rf ../headers
		make "$@" run-command KBUILD_RUN_COMMAND="\$(srctree)/scripts/package/install-extmod-build /build/kernel/headers"
	' sh "$@"
}
