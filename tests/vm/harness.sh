# SPDX-License-Identifier: GPL-2.0
# Tests of case_run itself, and of the debug kernel.
# shellcheck shell=bash

# harness_case WHAT EXPECT RELEASE KERNEL-DIR SCRIPT: run SCRIPT as a case. EXPECT is "pass", or
# the beginning of the line that says why the case failed. The scripts are a case that fails, one
# with a kernel warning, one that hangs, one that is expected to hang and does not, and one that
# hangs too early.
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

# harness_known: QEMU_KNOWN hides exactly one warning of the kernel, from its first line to its
# last, and no other.
harness_known() {
	# shellcheck disable=SC2034
	local dir=$WORK/harness-known QEMU_KNOWN=a_function
	local begin='------------[ cut here ]------------' end='---[ end trace 0 ]---'

	mkdir -p "$dir"
	printf '%s\r\n' one "$begin" "WARNING: a.c:1 at a_function+0x1/0x2, CPU#1" \
		"Call Trace:" "$end" two >"$dir/console"
	! qemu_splats "$dir" || return
	# shellcheck disable=SC2034
	QEMU_KNOWN='' qemu_splats "$dir" || return
	printf '%s\n' "$begin" "WARNING: a.c:1 at another+0x1/0x2" a_function "$end" \
		>"$dir/console"
	qemu_splats "$dir" || return
	printf '%s\n' "$begin" "WARNING: a.c:1 at a_function" >"$dir/console"
	qemu_splats "$dir"
}

HARNESS_CASES=(known pass failure splat hang crash no-hang expected-hang early-hang)

# harness_wanted: does CASE select any of them?
harness_wanted() {
	local name

	for name in "${HARNESS_CASES[@]}"; do
		! wanted "harness-$name" "$CASE" || return 0
	done
	return 1
}

# harness_tests RELEASE SUITE KERNEL-DIR: case_prepare must have been called for this kernel.
harness_tests() {
	local release=$1 kernel=$3

	start_case harness-known host harness_known
	CASE='' run_case harness-boot "$release" case_save /dev/null "$release" "$kernel"
	start_case harness-pass "$release" harness_case pass pass "$release" "$kernel" \
		'true'
	start_case harness-failure "$release" harness_case failure "the case failed" \
		"$release" "$kernel" '. /case/guest.sh; fail "on purpose"'
	start_case harness-splat "$release" harness_case splat "the kernel complained" \
		"$release" "$kernel" 'echo "<4>WARNING: on purpose" >/dev/kmsg'
	start_case harness-hang "$release" harness_case hang "the guest did not finish in time" \
		"$release" "$kernel" '# limit: 15
while :; do :; done'
	start_case harness-crash "$release" harness_case crash "the case failed" \
		"$release" "$kernel" 'echo c >/proc/sysrq-trigger'
	start_case harness-no-hang "$release" harness_case no-hang \
		"the guest did not hang" "$release" "$kernel" '# expect: hang
echo "now 1"'
	start_case harness-expected-hang "$release" harness_case expected-hang pass \
		"$release" "$kernel" '# expect: hang
# log: on purpose
echo "on purpose" >/dev/kmsg
echo "now 1"
while :; do :; done'
	start_case harness-early-hang "$release" harness_case early-hang \
		"the guest hangs, but not at the expected point" "$release" "$kernel" \
		'# expect: hang
# log: on purpose
echo "now 1"
while :; do :; done'
}

# planted_tests RELEASE SUITE KERNEL-DIR: does the debug kernel find the bugs in
# tests/modules/planted.c?
planted_tests() {
	local release=$1 kernel=$3 what said

	# Any case will do: planted.ko is in the initramfs that all cases share.
	CASE='' run_case prepare "$release" case_prepare "$@" "$TOP/tests/cases/load.sh"
	while read -r what said; do
		start_case "planted-$what" "$release" harness_case "planted-$what" "$said" \
			"$release" "$kernel" "insmod /case/planted.ko what=$what || true"
	done <<-'EOF'
		bounds	the kernel complained: .*KASAN: slab-out-of-bounds in planted_bounds
		freed	the kernel complained: .*KASAN: slab-use-after-free in planted_freed
		sleep	the kernel complained: .*sleeping function called from invalid context
		cpu	the kernel complained: .*using smp_processor_id() in preemptible
		locks	the kernel complained: .*possible circular locking dependency
		context	the kernel complained: .*sleeping function called from invalid context
		object	ODEBUG: free active
		leak	FAIL: memory that was not freed
	EOF
}
