# SPDX-License-Identifier: GPL-2.0
# Builds for one kernel what its cases need.
# shellcheck shell=bash

# build_kdir RELEASE: where the root has what modules for it are built with.
build_kdir() {
	local dir

	if dir=$(asked "built-$1" built_dir "$1"); then
		root_sees "$dir/headers"
	else
		echo "/lib/modules/$1/build"
	fi
}

# build_module RELEASE SUITE DIR: build the module with nothing but the kernel's
# headers package, into DIR. A warning is an error.
build_module() {
	local release=$1 suite=$2 dir=$3 log

	asked "built-$release" built_dir "$release" >/dev/null ||
		root_install "$suite" "linux-headers-$release"
	rm -rf "$dir"
	mkdir -p "$dir"
	cp -r "$TOP"/{Kbuild,Makefile,include,module} "$dir"
	log=$dir/build.log
	root_run "$suite" make -C "$(root_sees "$dir")" KVER="$release" \
		KDIR="$(build_kdir "$release")" \
		>"$log" 2>&1 || { cat "$log"; return 1; }
	! grep -i 'warning' "$log" || return 1
	[ -s "$dir/scx_loop_cap.ko" ]
}

# build_plain RELEASE SUITE DIR: the other documented way, kbuild by hand.
build_plain() {
	local release=$1 suite=$2 dir=$3

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -r "$TOP"/{Kbuild,include,module} "$dir"
	build_kbuild "$release" "$suite" "$dir" || return
	[ -s "$dir/scx_loop_cap.ko" ]
}

# build_kbuild RELEASE SUITE DIR: whatever modules DIR has.
build_kbuild() {
	local release=$1 suite=$2 dir=$3

	root_run "$suite" make -C "$(build_kdir "$release")" \
		M="$(root_sees "$dir")" modules >"$dir/build.log" 2>&1 ||
		{ cat "$dir/build.log"; return 1; }
	! grep -i 'warning' "$dir/build.log"
}

# build_variant RELEASE SUITE DIR BUILT FILE OLD NEW: the module as it would be if it
# looked for something that the kernel does not have. BUILT is where it was built as it
# is; only the file that differs is compiled again.
build_variant() {
	local release=$1 suite=$2 dir=$3 built=$4 file=$5 old=$6 new=$7

	rm -rf "$dir"
	cp -a "$built" "$dir"
	rm "$dir/scx_loop_cap.ko"
	grep -q "$old" "$dir/$file" || { echo "$file has no $old"; return 1; }
	sed -i "s/$old/$new/g" "$dir/$file"
	build_kbuild "$release" "$suite" "$dir" || return
	[ -s "$dir/scx_loop_cap.ko" ]
}

# build_sched KERNEL-DIR SUITE: the looping schedulers, and fentry; prints the
# directory they are in. There is no scx_nest where schedulers cannot be nested.
build_sched() {
	local kernel=$1 suite=$2 out clang tmp

	clang=$(asked "clang-$suite" root_clang "$(root_path "$suite")")
	out=$CACHE/bpf/$(key "$TOP"/tests/bpf/* "$kernel/btf" -- "$clang" "$suite")
	if [ ! -e "$out/.complete" ]; then
		rm -rf "$out"
		mkdir -p "$out"
		tmp=$(mktemp -d "$WORK/bpf.XXXXXX")
		cp "$kernel/btf" "$tmp/btf"
		quietly root_run "$suite" make -C /src/tests/bpf \
			OUT="$(root_sees "$tmp")" BTF="$(root_sees "$tmp/btf")" \
			CLANG="$clang" || return
		cp "$tmp"/{scx_loop,fentry} "$out" || return
		[ ! -e "$tmp/scx_nest" ] || cp "$tmp/scx_nest" "$out"
		rm -rf "$tmp"
	fi
	touch "$out/.complete"
	echo "$out"
}

# build_qmap RELEASE SUITE KERNEL-DIR: the kernel's own scx_qmap, from the source
# package of the same series; prints where it is, or nothing if there is no such
# package.
build_qmap() {
	local release=$1 suite=$2 kernel=$3 pkg version clang out dir

	pkg=linux-source-$(grep -oE "^[0-9]+\.[0-9]+" <<<"$release")
	version=$(root_version "$suite" "$pkg")
	[ -n "$version" ] || return 0
	clang=$(asked "clang-$suite" root_clang "$(root_path "$suite")")
	out=$CACHE/bpf/$(key "$TOP"/tests/bpf/{qmap.sh,libelf-static.c} \
		"$kernel/btf" -- "$clang" "$suite" "$version")
	if [ ! -e "$out/.complete" ]; then
		say "  building scx_qmap from $pkg $version"
		rm -rf "$out"
		dir=$(mktemp -d "$WORK/qmap.XXXXXX")
		mkdir -p "$dir/out"
		source_unpack "$suite" "$pkg" "$dir/src" '*/tools' '*/scripts'
		cp "$kernel/btf" "$dir/btf"
		quietly root_run "$suite" env CLANG="$clang" /src/tests/bpf/qmap.sh \
			"$(root_sees "$dir")"/{src,btf,out} || return
		mkdir -p "$out"
		cp "$dir/out/scx_qmap" "$out" || return
		rm -rf "$dir"
	fi
	touch "$out/.complete"
	echo "$out/scx_qmap"
}
