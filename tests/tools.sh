# SPDX-License-Identifier: GPL-2.0
# Tests of the command, its man pages, completion and units without a virtual machine: a
# directory of made-up files stands for the system. tests/cases/command*.sh test the command
# on a running kernel.
#
# Each file of tests/tools/ is a case. It can be run by hand, see tools/lib.sh. Here it runs
# in the trixie root or, for tests/check, on the host, with
#	$CMD		the command, built with sanitizers
#	$DEST		the directory that "make install" installed to
#	$KERNELS	directories with the images of kernels, see kernel_dir
# shellcheck shell=bash

TOOLS_SUITE=trixie
TOOLS_PACKAGES=(jq man-db mandoc promtool systemd)
TOOLS_FLAGS="-O1 -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=all"

tools_build() {
	root_install "$TOOLS_SUITE" "${TOOLS_PACKAGES[@]}"
	rm -rf "$WORK/tools"
	mkdir -p "$WORK/tools"
	root_run "$TOOLS_SUITE" make -s -C "$(root_sees "$TOP/tools")" \
		OUT="$(root_sees "$WORK/tools/out")" CFLAGS="$TOOLS_FLAGS" \
		install DESTDIR="$(root_sees "$WORK/tools/dest")"
}

# tools_kernels: print the directories of all kernels of this run, as paths in the root.
tools_kernels() {
	local release suite dir

	while read -r release suite _; do
		dir=$(kernel_dir "$release" "$suite") || continue
		[ ! -e "$dir/.complete" ] || root_sees "$dir"
	done <<<"$KERNELS"
}

# tools_case FILE: run one case.
tools_case() {
	root_run "$TOOLS_SUITE" env CMD="$(root_sees "$WORK/tools/out/scx-loop-cap")" \
		DEST="$(root_sees "$WORK/tools/dest")" KERNELS="$(tools_kernels | xargs)" \
		bash "$(root_sees "$1")"
}

tools_tests() {
	local file

	run_case tools-build source tools_build
	[ -x "$WORK/tools/out/scx-loop-cap" ] || quietly tools_build || return 0
	for file in "$TOP"/tests/tools/*.sh; do
		[ "${file##*/}" = lib.sh ] ||
			start_case "tools-$(basename "$file" .sh)" source tools_case "$file"
	done
}
