# SPDX-License-Identifier: GPL-2.0
# Builds the modules, schedulers and programs that the cases on one kernel need.
# shellcheck shell=bash

# build_kdir RELEASE: print the directory in the root with the files to build modules for it.
build_kdir() {
	local dir

	if dir=$(cached_output "built-$1" built_dir "$1"); then
		root_sees "$dir/headers"
	else
		echo "/lib/modules/$1/build"
	fi
}

# build_config RELEASE SUITE FILE: write the kernel's configuration to FILE. BPF programs look
# for it in /boot.
build_config() {
	root_install "$2" "linux-headers-$1"
	root_run "$2" cat "$(build_kdir "$1")/.config" >"$3"
}

# build_key RELEASE SUITE FILE...: print a key over the files, the kernel's headers and the
# compiler.
build_key() {
	local release=$1 suite=$2 headers

	shift 2
	headers=$(cached_output "built-$release" built_dir "$release") ||
		headers=$(root_version "$suite" "linux-headers-$release")
	key "$TOP/tests/vm/build.sh" "$@" -- "${@#"$TOP"/}" "$release $headers" \
		"$(cached_output "gcc-$suite" root_run "$suite" gcc --version)"
}

# build_sources: print the source files of the module, without build results.
build_sources() {
	find "$TOP"/{Kbuild,Makefile,include,module} -type f ! -name '.*' \
		! -name '*.[ado]' ! -name '*.ko' ! -name '*.mod*' | sort
}

# build_module RELEASE SUITE DIR: build the module in DIR against the kernel's headers package.
# A warning is an error.
build_module() {
	local key

	# shellcheck disable=SC2046
	key=$(build_key "$1" "$2" $(build_sources)) || return
	cached_build "$3" "make-$key" build_module_anew "$@"
}

build_module_anew() {
	local release=$1 suite=$2 dir=$3 log

	cached_output "built-$release" built_dir "$release" >/dev/null ||
		root_install "$suite" "linux-headers-$release"
	mkdir -p "$dir"
	cp -r "$TOP"/{Kbuild,Makefile,include,module} "$dir"
	log=$dir/build.log
	# shellcheck disable=SC2046
	root_run "$suite" make -C "$(root_sees "$dir")" KVER="$release" \
		KDIR="$(build_kdir "$release")" $(built_for "$release") \
		>"$log" 2>&1 || { cat "$log"; return 1; }
	! grep -i 'warning' "$log" || return 1
	[ -s "$dir/scx_loop_cap.ko" ]
}

# build_plain RELEASE SUITE DIR: build the module by calling kbuild directly, without the
# Makefile.
build_plain() {
	local key

	# shellcheck disable=SC2046
	key=$(build_key "$1" "$2" $(build_sources)) || return
	cached_build "$3" "kbuild-$key" build_plain_anew "$@"
}

build_plain_anew() {
	local release=$1 suite=$2 dir=$3

	root_install "$suite" "linux-headers-$release"
	mkdir -p "$dir"
	cp -r "$TOP"/{Kbuild,include,module} "$dir"
	build_kbuild "$release" "$suite" "$dir" || return
	[ -s "$dir/scx_loop_cap.ko" ]
}

# build_kbuild RELEASE SUITE DIR: build all modules in DIR.
build_kbuild() {
	local release=$1 suite=$2 dir=$3

	# shellcheck disable=SC2046
	root_run "$suite" make -C "$(build_kdir "$release")" $(built_for "$release") \
		M="$(root_sees "$dir")" modules >"$dir/build.log" 2>&1 ||
		{ cat "$dir/build.log"; return 1; }
	! grep -i 'warning' "$dir/build.log"
}

# build_tools DIR: build the command, and pollpri.
build_tools() {
	local key

	# shellcheck disable=SC2046
	key=$(key "$TOP/tests/vm/build.sh" $(find "$TOP/tools" -name '*.[ch]' | sort) \
		"$TOP/tools/Makefile" $(build_sources) "$TOP/tests/vm/pollpri.c" -- "$(gcc --version)") || return
	cached_build "$1" "tools-$key" build_tools_anew "$@"
}

build_tools_anew() {
	make -s -C "$TOP/tools" OUT="$1" LDFLAGS=-static &&
		gcc -static -O2 -Wall -o "$1/pollpri" "$TOP/tests/vm/pollpri.c"
}

# build_other RELEASE SUITE DIR: build the modules of tests/modules/.
build_other() {
	local key

	key=$(build_key "$1" "$2" "$TOP"/tests/modules/*) || return
	cached_build "$3" "other-$key" build_other_anew "$@"
}

build_other_anew() {
	mkdir -p "$3"
	cp "$TOP"/tests/modules/* "$3"
	build_kbuild "$@"
}

# build_variants RELEASE SUITE DIR BUILT: build variants of the module that look for a symbol, a
# member or a call site that no kernel has. BUILT has the build of the real module; only the
# file that differs is compiled again.
build_variants() {
	local key

	key=$(build_key "$1" "$2" "$4/scx_loop_cap.ko") || return
	cached_build "$3" "variants-$key" build_variants_anew "$@"
}

build_variants_anew() {
	mkdir -p "$3"
	build_variant no-symbol "$@" module/resolve/sites.c s/flush_dispatch_buf/flush_dispatch_xyz/g &&
		build_variant no-member "$@" module/resolve/layout.c 's/"nr_switches"/"nr_switchez"/' &&
		build_variant no-site "$@" module/arch/x86/calls.c s/0xe8/0xf1/g
}

# build_variant NAME RELEASE SUITE DIR BUILT FILE SCRIPT: build DIR/NAME.ko from a copy of BUILT
# in which the sed script changed FILE.
build_variant() {
	local name=$1 release=$2 suite=$3 dir=$4 built=$5 file=$6 script=$7 tmp

	tmp=$WORK/$release/$name
	rm -rf "$tmp"
	cp -a "$built" "$tmp"
	rm "$tmp/scx_loop_cap.ko"
	sed -i "$script" "$tmp/$file" || return
	! cmp -s "$tmp/$file" "$built/$file" || { echo "nothing in $file for $script"; return 1; }
	build_kbuild "$release" "$suite" "$tmp" || return
	mv "$tmp/scx_loop_cap.ko" "$dir/$name.ko" && rm -r "$tmp"
}

# build_sched KERNEL-DIR SUITE: build scx_loop, scx_nest and fentry; print their directory.
# scx_nest is not built for kernels without nested schedulers.
build_sched() {
	local kernel=$1 suite=$2 out clang tmp

	clang=$(cached_output "clang-$suite" root_clang "$(root_path "$suite")")
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

# build_examples RELEASE SUITE KERNEL-DIR: build the kernel's own schedulers (see examples.sh)
# from the source package of the same series; print their directory, or nothing if there is no
# such package.
build_examples() {
	local release=$1 suite=$2 kernel=$3 pkg version clang out dir prog

	pkg=linux-source-$(grep -oE "^[0-9]+\.[0-9]+" <<<"$release")
	version=$(root_version "$suite" "$pkg")
	[ -n "$version" ] || return 0
	clang=$(cached_output "clang-$suite" root_clang "$(root_path "$suite")")
	out=$CACHE/bpf/$(key "$TOP"/tests/bpf/{examples.sh,libelf-static.c} \
		"$kernel/btf" -- "$clang" "$suite" "$version")
	if [ ! -e "$out/.complete" ]; then
		say "  building the kernel's example schedulers from $pkg $version"
		rm -rf "$out"
		dir=$(mktemp -d "$WORK/examples.XXXXXX")
		mkdir -p "$dir/out"
		source_unpack "$suite" "$pkg" "$dir/src" '*/tools' '*/scripts'
		cp "$kernel/btf" "$dir/btf"
		quietly root_run "$suite" env CLANG="$clang" /src/tests/bpf/examples.sh \
			"$(root_sees "$dir")"/{src,btf,out} || return
		mkdir -p "$out"
		cp "$dir/out"/scx_{qmap,simple} "$out" || return
		for prog in scx_{central,flatcg}; do
			cp "$dir/out/$prog.failed" "$out" 2>/dev/null ||
				cp "$dir/out/$prog" "$out" || return
		done
		rm -rf "$dir"
	fi
	touch "$out/.complete"
	echo "$out"
}
