# SPDX-License-Identifier: GPL-2.0
# Builds for one kernel what its cases need.
# shellcheck shell=bash

# build_kdir RELEASE: where the root has what modules for it are built with.
build_kdir() {
	local dir

	if dir=$(built_dir "$1"); then
		root_sees "$dir/headers"
	else
		echo "/lib/modules/$1/build"
	fi
}

# build_module RELEASE SUITE DIR: build the module with nothing but the kernel's
# headers package, into DIR. A warning is an error.
build_module() {
	local release=$1 suite=$2 dir=$3 log

	built_dir "$release" >/dev/null || root_install "$suite" "linux-headers-$release"
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
	local release=$1 suite=$2 dir=$3 src=${4:-$TOP}

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -r "$src"/{Kbuild,include,module} "$dir"
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

# build_variant RELEASE SUITE DIR FILE OLD NEW: the module as it would be if it
# looked for something that the kernel does not have.
build_variant() {
	local release=$1 suite=$2 dir=$3 file=$4 old=$5 new=$6

	rm -rf "$dir.src"
	mkdir -p "$dir.src"
	cp -r "$TOP"/{Kbuild,include,module} "$dir.src"
	grep -q "$old" "$dir.src/$file" || { echo "$file has no $old"; return 1; }
	sed -i "s/$old/$new/g" "$dir.src/$file"
	build_plain "$release" "$suite" "$dir" "$dir.src"
}

# build_sched KERNEL-DIR SUITE: the looping schedulers, and fentry; prints the
# directory they are in. There is no scx_nest where schedulers cannot be nested.
build_sched() {
	local kernel=$1 suite=$2 out clang

	clang=$(root_clang "$(root_path "$suite")")
	out=$CACHE/bpf/$(key "$TOP"/tests/bpf/* "$kernel/btf" -- "$clang" "$suite")
	if [ ! -e "$out/.complete" ]; then
		rm -rf "$WORK/bpf" "$out"
		mkdir -p "$WORK/bpf" "$out"
		cp "$kernel/btf" "$WORK/bpf/btf"
		quietly root_run "$suite" make -C /src/tests/bpf OUT=/build/bpf \
			BTF=/build/bpf/btf CLANG="$clang" || return
		cp "$WORK"/bpf/{scx_loop,fentry} "$out" || return
		[ ! -e "$WORK/bpf/scx_nest" ] || cp "$WORK/bpf/scx_nest" "$out"
	fi
	touch "$out/.complete"
	echo "$out"
}

# build_qmap RELEASE SUITE KERNEL-DIR: the kernel's own scx_qmap, from the source
# package of the same series; prints where it is, or nothing if there is no such
# package.
build_qmap() {
	local release=$1 suite=$2 kernel=$3 pkg version clang out dir=$WORK/qmap

	pkg=linux-source-$(grep -oE "^[0-9]+\.[0-9]+" <<<"$release")
	version=$(root_version "$suite" "$pkg")
	[ -n "$version" ] || return 0
	clang=$(root_clang "$(root_path "$suite")")
	out=$CACHE/bpf/$(key "$TOP"/tests/bpf/{qmap.sh,libelf-static.c} \
		"$kernel/btf" -- "$clang" "$suite" "$version")
	if [ ! -e "$out/.complete" ]; then
		say "  building scx_qmap from $pkg $version"
		rm -rf "$dir" "$out"
		mkdir -p "$dir/out"
		source_unpack "$suite" "$pkg" "$dir/src" '*/tools' '*/scripts'
		cp "$kernel/btf" "$dir/btf"
		quietly root_run "$suite" env CLANG="$clang" /src/tests/bpf/qmap.sh \
			/build/qmap/src /build/qmap/btf /build/qmap/out || return
		mkdir -p "$out"
		cp "$dir/out/scx_qmap" "$out" || return
		rm -rf "$dir"
	fi
	touch "$out/.complete"
	echo "$out/scx_qmap"
}
