# SPDX-License-Identifier: GPL-2.0
# make test-schedulers: run the kernel's own schedulers under load with the module. They are built
# from the source package of the newest kernel's series.
# shellcheck shell=bash

# schedulers_ran N: fail unless N, the number of passed cases, is more than 0
schedulers_ran() {
	echo "$1 cases with schedulers passed"
	[ "$1" -gt 0 ]
}

schedulers_tests() {
	local release suite dir name file examples limit before cases=$TOP/tests/cases
	# shellcheck disable=SC2034
	local CASE_LEG=schedulers CASE_SETS

	read -r release suite <<<"$(kernel_newest_suite)"
	# shellcheck disable=SC2153
	[ -n "$release" ] || die "no kernel with headers matches KERNEL=$KERNEL"
	dir=$(kernel_dir "$release" "$suite")
	qemu_choose_accel "$dir/vmlinuz"
	mkdir -p "$WORK/$release"
	CASE='' run_case build-make "$release" \
		build_module "$release" "$suite" "$WORK/$release/make"
	# shellcheck disable=SC2034
	GUEST=-schedulers
	examples=$(build_examples "$release" "$suite" "$dir") ||
		die "the kernel's example schedulers do not build"
	build_config "$release" "$suite" "$WORK/$release/config"
	GUEST_MORE=("$WORK/$release/config=boot/config-$release")
	for file in ${examples:+"$examples"/scx_*}; do
		GUEST_MORE+=("$file=case/${file##*/}")
	done
	CASE='' run_case prepare "$release" case_prepare "$release" "$suite" "$dir" \
		"$cases/schedulers.sh"
	# shellcheck disable=SC2154
	before=$passed
	for name in simple qmap flatcg central; do
		# shellcheck disable=SC2034
		CASE_SETS=EXAMPLE=$name
		start_case "schedulers-$name" "$release" \
			case_run "$cases/schedulers.sh" "$release" "$suite" "$dir"
	done
	for limit in 32 16; do
		# shellcheck disable=SC2034
		CASE_SETS=LIMIT=$limit
		start_case "schedulers-bounce-$limit" "$release" \
			case_run "$cases/bounce.sh" "$release" "$suite" "$dir"
	done
	reap_cases
	# Fail if all of them were skipped.
	run_case schedulers-ran "$release" schedulers_ran $((passed - before))
	# shellcheck disable=SC2034
	GUEST='' GUEST_MORE=()
}
