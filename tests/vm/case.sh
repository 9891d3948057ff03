# SPDX-License-Identifier: GPL-2.0
# Runs one file of tests/cases/ in a virtual machine and judges it.
#
# A case says what it needs in comments at its top:
#	# needs: no-sched-ext		only on kernels without; default: with
#	# needs: nested			only where schedulers can be nested
#	# limit: SECONDS		time limit of the guest; default 600
#	# cpus: N			default 2
# shellcheck shell=bash

# What case_run returns for a case that does not apply to a kernel.
CASE_SKIPPED=77

case_header() {
	sed -n "s/^# $2: //p" "$1"
}

# case_applies FILE KERNEL-DIR
case_applies() {
	case $(case_header "$1" needs) in
	no-sched-ext) ! kernel_has_sched_ext "$2" ;;
	nested) kernel_has_sub_scheds "$2" ;;
	*) kernel_has_sched_ext "$2" ;;
	esac
}

# case_prepare RELEASE SUITE KERNEL-DIR: build what the cases use and pack it
# into the initramfs they share.
case_prepare() {
	# shellcheck disable=SC2153
	local release=$1 suite=$2 dir=$3 work=$WORK/$1 files

	[ -s "$work/make/scx_loop_cap.ko" ] ||
		build_module "$release" "$suite" "$work/make" || return
	gcc -static -O2 -Wall -o "$work/pollpri" "$TOP/tests/vm/pollpri.c" || return
	mapfile -t files < <(guest_files)
	files+=(
		"$work/pollpri=case/pollpri"
		"$work/make/scx_loop_cap.ko=case/scx_loop_cap.ko"
	)
	if kernel_has_sched_ext "$dir"; then
		local sched variant
		sched=$(build_sched "$dir" "$suite") || return
		files+=("$sched/scx_loop=case/scx_loop")
		[ ! -e "$sched/scx_nest" ] || files+=("$sched/scx_nest=case/scx_nest")
		sched=$(build_qmap "$release" "$suite" "$dir") || return
		[ -z "$sched" ] || files+=("$sched=case/scx_qmap")
		mkdir -p "$work/other"
		cp "$TOP"/tests/modules/* "$work/other"
		build_kbuild "$release" "$suite" "$work/other" || return
		files+=("$work/other/other_patch.ko=case/other_patch.ko")

		# Modules that look for a symbol, a member and a call site that
		# no kernel has.
		build_variant "$release" "$suite" "$work/no-symbol" \
			module/layout.c flush_dispatch_buf flush_dispatch_xyz &&
		build_variant "$release" "$suite" "$work/no-member" \
			module/layout.c '"nr_switches"' '"nr_switchez"' &&
		build_variant "$release" "$suite" "$work/no-site" \
			module/callsite.c '0xe8' '0xf1' || return
		for variant in no-symbol no-member no-site; do
			files+=("$work/$variant/scx_loop_cap.ko=case/$variant.ko")
		done
	fi
	initramfs_pack "$work/base.cpio" "${files[@]}"
}

# case_boot FILE RELEASE KERNEL-DIR DIR: boot and run it; leaves the console
# and the channel in DIR.
case_boot() {
	local file=$1 release=$2 kernel=$3 dir=$4 cpus limit

	cpus=$(case_header "$file" cpus)
	limit=$(case_header "$file" limit)
	initramfs_pack "$dir/case.cpio" "$file=case/case.sh" "$TOP/tests/vm/case-run=case/run"
	cat "$WORK/$release/base.cpio" "$dir/case.cpio" >"$dir/cpio"
	qemu_run "$kernel/vmlinuz" "$dir/cpio" "$dir" "${cpus:-2}" "${limit:-600}" \
		"loglevel=7 ${CASE_APPEND:-}"
}

# case_run FILE RELEASE SUITE KERNEL-DIR
case_run() {
	local file=$1 release=$2 kernel=$4 dir rc=0 why=

	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	case_boot "$file" "$release" "$kernel" "$dir" || rc=$?
	# Kept until the case runs again.
	mkdir -p "$CACHE/consoles/$release"
	cp "$dir/console" "$CACHE/consoles/$release/$(basename "$file" .sh)"
	tr -d '\r' <"$dir/channel"
	if [ $rc -eq 124 ] || [ $rc -eq 137 ]; then
		why="the guest did not finish in time"
	elif [ $rc -ne 0 ]; then
		why="QEMU failed: $(cat "$dir/qemu")"
	elif ! grep -q '^END \(pass\|skip\)' "$dir/channel"; then
		why="the case failed"
	elif qemu_splats "$dir" >/dev/null; then
		why="the kernel complained: $(qemu_splats "$dir" | head -n 3)"
	fi
	if [ -n "$why" ]; then
		echo "$why"
		echo "--- console of the guest:"
		tr -d '\r' <"$dir/console" | tail -n 200
		rm -rf "$dir"
		return 1
	fi
	! grep -q '^END skip' "$dir/channel" || rc=$CASE_SKIPPED
	rm -rf "$dir"
	return $rc
}

# The harness is worth nothing if it does not notice, so it is tested too: a
# case that fails, one that leaves a splat, and one that hangs.
harness_case() {
	local what=$1 expect=$2 release=$3 kernel=$4 script=$5 out

	printf '%s\n' "$script" >"$WORK/harness-$what.sh"
	if out=$(case_run "$WORK/harness-$what.sh" "$release" - "$kernel"); then
		[ "$expect" = pass ] && return
	else
		[ "$expect" != pass ] && grep -q "^$expect" <<<"$out" && return
	fi
	echo "$out"
	return 1
}

harness_tests() {
	local release suite dir

	read -r release suite _ <<<"$(tail -n 1 <<<"$KERNELS")"
	dir=$(kernel_dir "$release" "$suite")
	mkdir -p "$WORK/$release"
	# shellcheck disable=SC2046
	initramfs_pack "$WORK/$release/base.cpio" $(guest_files)
	start_case harness-pass "$release" harness_case pass pass "$release" "$dir" \
		'true'
	start_case harness-failure "$release" harness_case failure "the case failed" \
		"$release" "$dir" '. /case/guest.sh; fail "on purpose"'
	start_case harness-splat "$release" harness_case splat "the kernel complained" \
		"$release" "$dir" 'echo "<4>WARNING: on purpose" >/dev/kmsg'
	start_case harness-hang "$release" harness_case hang "the guest did not finish in time" \
		"$release" "$dir" '# limit: 30
sleep 1000'
	start_case harness-crash "$release" harness_case crash "the case failed" \
		"$release" "$dir" 'echo c >/proc/sysrq-trigger'
	# Their initramfs is not that of the cases.
	reap_cases
}
