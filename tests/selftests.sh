# SPDX-License-Identifier: GPL-2.0
# make test-selftests: every sched_ext and livepatch selftest of the kernel that passes without the
# module must pass with it. The selftests are those of the source package of the newest kernel's
# series, unmodified.
# shellcheck shell=bash

# Programs that the livepatch scripts need in a version other than busybox's.
SELFTESTS_PROGRAMS=(
	bin/bash bin/date bin/diff bin/dmesg bin/getconf bin/grep bin/id bin/mawk bin/sed
	bin/seq bin/stat bin/tr sbin/insmod sbin/modinfo sbin/rmmod sbin/sysctl
)

# selftests_build RELEASE SUITE KERNEL-DIR DIR: build DIR/runner, with all sched_ext tests, and
# DIR/livepatch.
selftests_build() {
	local release=$1 suite=$2 pkg version key

	pkg=linux-source-$(grep -oE "^[0-9]+\.[0-9]+" <<<"$release")
	version=$(root_version "$suite" "$pkg")
	[ -n "$version" ] || { echo "no $pkg in $suite"; return 1; }
	key=$(build_key "$release" "$suite" "$TOP/tests/selftests.sh" "$3/btf")-$(key -- "$version") || return
	cached_build "$4" "selftests-$key" selftests_build_anew "$@" "$pkg"
}

selftests_build_anew() {
	local release=$1 suite=$2 kernel=$3 out=$4 pkg=$5 dir tests

	root_install "$suite" "linux-headers-$release"
	dir=$(mktemp -d "$WORK/selftests.XXXXXX")
	source_unpack "$suite" "$pkg" "$dir/src" '*/tools' '*/scripts'
	tests=$dir/src/tools/testing/selftests
	cp "$kernel/btf" "$dir/btf"
	mkdir -p "$dir/sched_ext" "$dir/klp" "$out"
	# Built in the root that the guest's libraries come from.
	# shellcheck disable=SC2016
	root_run "$QEMU_SUITE" sh -euc 'make -C "$1" OUTPUT="$2" VMLINUX_BTF="$3" CLANG="$4" \
		BPFTOOL="$(command -v bpftool)" CC=gcc' sh "$(root_sees "$tests/sched_ext")" \
		"$(root_sees "$dir/sched_ext")" "$(root_sees "$dir/btf")" \
		"$(cached_output "clang-$QEMU_SUITE" root_clang "$(root_path "$QEMU_SUITE")")" \
		>"$dir/log" 2>&1 || { tail -n 60 "$dir/log"; return 1; }
	root_run "$suite" make -C "$(root_sees "$tests/livepatch")" \
		OUTPUT="$(root_sees "$dir/klp")" KDIR="$(build_kdir "$release")" \
		>"$dir/log" 2>&1 || { tail -n 60 "$dir/log"; return 1; }
	mkdir -p "$out/livepatch/test_modules" &&
		cp "$dir/sched_ext/runner" "$out" &&
		cp "$tests"/livepatch/*.sh "$dir/klp/test_klp-call_getpid" "$out/livepatch" &&
		cp "$tests"/livepatch/test_modules/*.ko "$out/livepatch/test_modules" &&
		rm -r "$dir"
}

# selftests_prepare RELEASE SUITE KERNEL-DIR FILE...: prepare the guests, with the files in
# $WORK/selftests.
selftests_prepare() {
	local root dir=$WORK/selftests file prog

	root=$(root_path "$QEMU_SUITE")
	root_install "$QEMU_SUITE" procps
	build_config "$1" "$2" "$WORK/$1/config"
	GUEST_MORE=("$WORK/$1/config=boot/config-$1")
	while read -r file; do
		GUEST_MORE+=("$file=case/selftests/${file#"$dir"/}")
	done < <(find "$dir" -type f)
	for prog in "${SELFTESTS_PROGRAMS[@]}"; do
		GUEST_MORE+=("$root/usr/$prog=bin/$(basename "${prog/mawk/awk}")")
	done
	while read -r file; do
		GUEST_MORE+=("$root$file=${file#/}")
	done < <(guest_libraries "$(root_sees "$dir/runner")" "${SELFTESTS_PROGRAMS[@]/#//usr/}")
	case_prepare "$@"
}

# selftests_run NAME WITH RELEASE SUITE KERNEL-DIR: run a case; keep its output in $WORK/NAME-WITH.
selftests_run() {
	local name=$1 rc=0
	# shellcheck disable=SC2034
	local CASE_SETS=WITH=$2

	case_run "$TOP/tests/cases/$name.sh" "${@:3}" >"$WORK/$name-$2" || rc=$?
	cat "$WORK/$name-$2"
	return $rc
}

# selftests_compare NAME CONTROL WITH...: print all results. Each test that is ok with "nothing"
# must be ok with each WITH. With the livepatch backend it may also have the same result as with
# CONTROL, another livepatch, as some livepatch tests count all livepatches.
selftests_compare() {
	local name=$1 control=$2

	shift 2
	cd "$WORK" || return
	awk -F '\t' -v name="$name" -v control="$control" '
		BEGIN {
			for (i = 1; i < ARGC; i++) {
				with[i] = substr(ARGV[i], length(name) + 2)
				head = head sprintf("  %-10s", with[i])
			}
			width = name == "selftests-livepatch" ? 92 : 30
			printf "RESULT: %-*s%s\n", width, "", head
		}
		FNR == 1 { file++ }
		$1 == "TEST" {
			if (!(($2) in seen)) {
				seen[$2]
				order[++n] = $2
			}
			got[$2, with[file]] = $3
		}
		function of(test, w) {
			return (test, w) in got ? got[test, w] : "not run"
		}
		END {
			for (i = 1; i <= n; i++) {
				test = order[i]
				line = ""
				for (j = 1; j < ARGC; j++) {
					line = line sprintf("  %-10s", of(test, with[j]))
					if (with[j] == control || of(test, "nothing") != "ok" ||
					    of(test, with[j]) == "ok")
						continue
					if (control != "" && with[j] == "livepatch" &&
					    of(test, with[j]) == of(test, control)) {
						excused++
						continue
					}
					bad = bad "\nnot as without the module: " test ", " with[j] ": " of(test, with[j])
				}
				passed += of(test, "nothing") == "ok"
				printf "RESULT: %-*s%s\n", width, test, line
			}
			printf "RESULT: %d of %d ok with nothing", passed, n
			if (control != "")
				printf "; %d not as a livepatch, as with %s one", excused, control
			print bad
			exit bad != "" || passed == 0
		}' "${@/#/$name-}"
}

# selftests_compare_planted: test selftests_compare with made-up results.
selftests_compare_planted() {
	local out=$WORK/planted.out

	printf 'TEST\t%s\n' $'a\tok' $'b\tok' $'c\tskip' $'d\tok' >"$WORK/planted-nothing"
	printf 'TEST\t%s\n' $'a\tok' $'b\tnot ok' $'c\tskip' >"$WORK/planted-another"
	printf 'TEST\t%s\n' $'a\tok' $'b\tnot ok' $'c\tok' >"$WORK/planted-livepatch"
	printf 'TEST\t%s\n' $'a\tok' $'b\tnot ok' $'c\tskip' $'d\tok' >"$WORK/planted-direct"
	selftests_compare planted another nothing another livepatch >"$out" || return
	! selftests_compare planted '' nothing livepatch >>"$out" || return
	! selftests_compare planted another nothing another livepatch direct >>"$out" || return
	[ "$(grep '^not as' "$out")" = "$(printf 'not as without the module: %s\n' \
		'b, livepatch: not ok' 'd, livepatch: not run' 'b, direct: not ok')" ] || {
		cat "$out"
		return 1
	}
}

selftests_tests() {
	local release suite dir with cases=$TOP/tests/cases name=selftests-sched-ext
	# One of the tests needs a nohz_full CPU.
	# shellcheck disable=SC2034
	local CASE_LEG=selftests BACKEND='' CASE_APPEND="$CASE_APPEND nohz_full=3"

	read -r release suite <<<"$(kernel_newest_suite)"
	# shellcheck disable=SC2153
	[ -n "$release" ] || die "no kernel with headers matches KERNEL=$KERNEL"
	dir=$(kernel_dir "$release" "$suite")
	qemu_choose_accel "$dir/vmlinuz"
	mkdir -p "$WORK/$release"
	CASE='' run_case selftests-compare-planted host selftests_compare_planted
	CASE='' run_case build-make "$release" \
		build_module "$release" "$suite" "$WORK/$release/make"
	CASE='' run_case selftests-build "$release" \
		selftests_build "$release" "$suite" "$dir" "$WORK/selftests"
	[ -d "$WORK/selftests" ] || return 0
	# shellcheck disable=SC2034
	GUEST=-selftests
	CASE='' run_case prepare "$release" selftests_prepare "$release" "$suite" "$dir" \
		"$cases"/selftests-{sched-ext,livepatch}.sh
	if wanted $name "$CASE"; then
		for with in nothing livepatch direct; do
			CASE='' start_case "$name" "$release, $with" \
				selftests_run $name $with "$release" "$suite" "$dir"
		done
		reap_cases
		CASE='' run_case $name-compared "$release" \
			selftests_compare $name '' nothing livepatch direct
	fi
	name=selftests-livepatch
	if wanted $name "$CASE"; then
		for with in nothing another livepatch direct; do
			CASE='' start_case "$name" "$release, $with" \
				selftests_run $name $with "$release" "$suite" "$dir"
		done
		reap_cases
		CASE='' run_case $name-compared "$release" \
			selftests_compare $name another nothing another livepatch direct
	fi
	# shellcheck disable=SC2034
	GUEST=''
}
