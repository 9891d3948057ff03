# SPDX-License-Identifier: GPL-2.0
# Fuzzing of the code that reads a kernel's types and machine code. The targets are in
# tests/fuzz/ and run in the trixie root. The first inputs are the parts of this run's kernels
# that the resolver reads.
# shellcheck shell=bash

FUZZ_SUITE=trixie
# The time for each target in make test-fuzz.
FUZZ_SECONDS=${FUZZ_SECONDS:-600}

# One line for each target: its name, and the number of inputs that "make test" tries. That
# takes about ten seconds. On a busy machine a target stops after ten seconds with fewer inputs.
fuzz_targets() {
	cat <<-'EOF'
		btf 70000
		calls 3500000
		layout 150000
		gate 400000
	EOF
}

# One line for each bug that a fuzzer must find: its name, the target, the file, and the bug as
# a sed script.
fuzz_bugs() {
	cat <<-'EOF'
		id-not-checked btf module/resolve/btf.c s/if (!id || id >= btf->nr_types)/if (!id)/
		type-too-long btf module/resolve/btf.c s/return len <= left ? (u32)len : 0;/return (u32)len;/
		kind-behind-table btf module/resolve/btf.c s/rec.kind < nr_layout/rec.kind < nr_layout + 128/
		chain-endless btf module/resolve/btf.c s/hops < SLC_BTF_MAX_CHAIN/hops < 1 << 30/
		member-outside btf module/resolve/btf.c s/if (off > total || size > total - off)/if (0)/
		call-behind-end calls module/arch/x86/calls.c s/end = len - SLC_CALL_LEN + 1;/end = len;/
		window-too-small calls module/arch/x86/calls.c s/entry > SLC_CALL_AFTER/entry >= SLC_CALL_AFTER/
		upper-half-not-updated calls module/arch/x86/calls.c s/rel - SLC_CALL_BEFORE - (u32)(end - i)/rel/
		no-room calls module/arch/x86/calls.c s/if (c->nr < c->room)/if (c->nr <= c->room)/
		jump-for-call layout module/resolve/sites.c s/calls\[i\].insn.kind != SLC_ARCH_JUMP/1/
		size-not-checked layout module/resolve/layout.c s/if (field.size != size)/if (0)/
		limit-not-looked-at gate module/gate/pick.c s/return next > rounds ? next - rounds - 1 : 0;/return next - rounds;/
	EOF
}

fuzz_wanted() {
	local name

	for name in build seeds $(fuzz_targets | cut -d' ' -f1); do
		! wanted "fuzz-$name" "$CASE" || return 0
	done
	return 1
}

fuzz_clang() {
	cached_output "clang-$FUZZ_SUITE" root_clang "$(root_path "$FUZZ_SUITE")"
}

# fuzz_make ARGUMENT...: run make in tests/fuzz/ with clang
fuzz_make() {
	local clang

	clang=$(fuzz_clang)
	# libFuzzer, and llvm-symbolizer for line numbers in its reports.
	root_install "$FUZZ_SUITE" "libclang-rt-${clang#clang-}-dev" "llvm-${clang#clang-}"
	root_run "$FUZZ_SUITE" make -s -C "$(root_sees "$TOP/tests/fuzz")" CC="$clang" "$@"
}

fuzz_build() {
	rm -rf "$WORK/fuzz"
	mkdir -p "$WORK/fuzz"
	fuzz_make OUT="$(root_sees "$WORK/fuzz")"
}

# fuzz_seeds: write the first inputs. The resolver must accept all of them: from an input that
# it refuses early, fuzzing does not reach the rest of the code.
fuzz_seeds() {
	local release suite dir said nr see from=0

	see=$(root_sees "$WORK/fuzz")
	# Each decision of the model is a byte, and all bytes mean something.
	mkdir -p "$WORK/fuzz/gate"
	head -c 64 /dev/zero >"$WORK/fuzz/gate/zero"
	root_run "$FUZZ_SUITE" "$see/seeds" "$see" || return
	while read -r release suite _; do
		dir=$(kernel_dir "$release" "$suite") || continue
		{ [ -e "$dir/.complete" ] && kernel_has_sched_ext "$dir"; } || continue
		root_run "$FUZZ_SUITE" "$see/seeds" \
			"$(root_sees "$dir")"/{vmlinux,kallsyms} "$see" ||
			{ echo "no inputs from $release"; return 1; }
		from=$((from + 1))
	done <<<"$KERNELS"
	nr=$(find "$WORK/fuzz/layout" -type f | wc -l)
	# shellcheck disable=SC2016
	said=$(root_run "$FUZZ_SUITE" sh -c 'cd "$1" && SAY=1 ./fuzz_layout layout/* 2>&1' sh "$see") ||
		{ echo "$said"; return 1; }
	# Not exactly $nr, as libFuzzer may run the first input twice.
	if [ "$(grep -cx resolved <<<"$said")" -lt "$nr" ] || grep -q ^refused <<<"$said"; then
		echo "not all of these $nr inputs are accepted:"
		echo "$said"
		return 1
	fi
	echo "RESULT: from $from kernels and a made-up one: $(find "$WORK"/fuzz/{btf,calls,layout} -type f | wc -l) inputs"
}

# fuzz_run DIR TARGET OPTION...: run the target until it finds something or reaches the limits
# in the options. DIR is the build directory; the log and the inputs that were found are written
# there.
fuzz_run() {
	local dir=$1 target=$2 see clang

	shift 2
	see=$(root_sees "$dir")
	clang=$(fuzz_clang)
	mkdir -p "$dir/new-$target"
	root_run "$FUZZ_SUITE" env "ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-${clang#clang-}" \
		"$see/fuzz_$target" \
		-artifact_prefix="$see/found-$target-" -max_len=4096 -print_final_stats=1 "$@" \
		"$see/new-$target" "$(root_sees "$WORK/fuzz/$target")" >"$dir/$target.log" 2>&1
}

# fuzz_found DIR TARGET: print the report of fuzz_run, the input, and how to reproduce it.
fuzz_found() {
	local file

	sed -E '/^#[0-9]+\s/d; /^Shadow bytes around/,/ABORTING$/d' "$1/$2.log" | tail -n 60
	for file in "$1/found-$2"-*; do
		[ -e "$file" ] || continue
		cat <<-EOF

			To reproduce it, with clang and libclang-rt-dev:
			  dir=\$(mktemp -d)
			  make -C tests/fuzz OUT=\$dir CC=clang
			  base64 -d >\$dir/input <<<$(base64 -w 0 "$file")
			  \$dir/fuzz_$2 \$dir/input
		EOF
	done
}

# fuzz_case TARGET OPTION...: fail if the target finds something
fuzz_case() {
	local log=$WORK/fuzz/$1.log

	fuzz_run "$WORK/fuzz" "$@" -timeout=30 || { fuzz_found "$WORK/fuzz" "$1"; return 1; }
	echo "RESULT: $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) .*/\1 inputs in \2 s/p' "$log")," \
		"$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d' ' -f2) places in the code reached"
}

# fuzz_finds NAME TARGET FILE SCRIPT: fail unless the target finds this bug. Only FILE is
# compiled again.
fuzz_finds() {
	local dir=$WORK/fuzz-$1 start=$SECONDS rc=0

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -a "$TOP"/{module,include} "$dir" && cp -a "$WORK"/fuzz/*.o "$dir" || return
	sed -i "$4" "$dir/$3" || return
	! cmp -s "$dir/$3" "$TOP/$3" || { echo "nothing in $3 for $4"; return 1; }
	fuzz_make OUT="$(root_sees "$dir")" MODULE="$(root_sees "$dir/module")" \
		"$(root_sees "$dir/fuzz_$2")" || return
	# -timeout is lower than in fuzz_case, so that the endless loop is found sooner.
	fuzz_run "$dir" "$2" -seed=1 -max_total_time=120 -timeout=5 || rc=$?
	[ $rc -ne 0 ] || { echo "not found"; return 1; }
	fuzz_found "$dir" "$2"
	# Without an input that was found, the target failed for another reason.
	compgen -G "$dir/found-$2-*" >/dev/null || return
	echo "RESULT: found after $((SECONDS - start)) s:" \
		"$(grep -m 1 -oE 'not true: .*|SUMMARY: .*' "$dir/$2.log" | sed 's,/build/[^ ]*/module/,module/,')"
}

# fuzz_prepare: build the targets and write the first inputs; fail if there are none.
fuzz_prepare() {
	run_case fuzz-build source fuzz_build
	[ -x "$WORK/fuzz/seeds" ] || quietly fuzz_build || return
	run_case fuzz-seeds images fuzz_seeds
	[ -d "$WORK/fuzz/layout" ] || { fuzz_seeds >/dev/null && [ -d "$WORK/fuzz/layout" ]; }
}

# "make test": a fixed seed, so the inputs are the same in each run with the same module and
# kernels, and a failure is due to a change. (-reload=0, as reloading depends on time.)
fuzz_tests() {
	local target runs

	{ fuzz_wanted && fuzz_prepare; } || return 0
	while read -r target runs; do
		start_case "fuzz-$target" "$runs inputs" \
			fuzz_case "$target" -seed=1 -reload=0 -runs="$runs" \
			-max_total_time=10
	done < <(fuzz_targets)
}

# "make test-fuzz": first the planted bugs, then other inputs in each run.
fuzz_long_tests() {
	local target name file script

	CASE='' fuzz_prepare || return 0
	while read -r name target file script; do
		start_case "fuzz-finds-$name" "$target, broken" \
			fuzz_finds "$name" "$target" "$file" "$script"
	done < <(fuzz_bugs)
	while read -r target _; do
		start_case "fuzz-$target" "$FUZZ_SECONDS s" \
			fuzz_case "$target" -max_total_time="$FUZZ_SECONDS"
	done < <(fuzz_targets)
	reap_cases
}
