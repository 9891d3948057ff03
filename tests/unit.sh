# SPDX-License-Identifier: GPL-2.0
# Unit tests of what also compiles in user space, tests/unit/: with made-up input, and
# with the images of the kernels of this run.
# shellcheck shell=bash

unit_tests() {
	local out=$WORK/unit release suite headers dir t

	mkdir -p "$out"
	run_case unit-build host make -s -C "$TOP/tests/unit" OUT="$out"
	[ -x "$out/test_image" ] || quietly make -s -C "$TOP/tests/unit" OUT="$out" || return 0
	for t in "$out"/test_*; do
		case ${t##*/} in
		*.* | test_image) ;;
		*) start_case "unit-${t##*/test_}" host "$t" ;;
		esac
	done
	while read -r release suite headers; do
		# The kernels built for the tests are booted, so their images are not read.
		[ "$headers" = no ] || [ "$headers" = yes ] || continue
		dir=$(kernel_dir "$release" "$suite")
		if kernel_has_sched_ext "$dir"; then
			start_case image-resolves "$release" "$out/test_image" \
				--expect ok "$dir/vmlinux" "$dir/kallsyms"
			start_case image-refusals "$release" "$out/test_image" \
				--refusals "$dir/vmlinux" "$dir/kallsyms"
		else
			start_case image-refused "$release" "$out/test_image" \
				--expect ENODEV "$dir/vmlinux" "$dir/kallsyms"
		fi
	done <<<"$KERNELS"
}
