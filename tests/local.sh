# SPDX-License-Identifier: GPL-2.0
# For tests/check: the functions of vm/root.sh that lint.sh, fuzz.sh and tools.sh call, for
# commands that run on this machine, as the user that calls. Nothing is installed.
# shellcheck shell=bash
# Called with the arguments of those in vm/root.sh:
# shellcheck disable=SC2317

# Debian keeps modprobe and others there, which users may not have in $PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# local_work_begin: an empty $WORK of this run alone.
local_work_begin() {
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/scx-loop-cap-check.XXXXXX")
	trap 'rm -rf "$WORK"' EXIT
	trap 'kill_cases; exit 130' INT
	trap 'kill_cases; exit 143' TERM HUP
}

# root_run ROOT COMMAND...
root_run() {
	shift
	env -i HOME="${HOME:-/}" TERM=dumb LC_ALL=C.UTF-8 PATH="$PATH" \
		TMPDIR="${TMPDIR:-/tmp}" "$@" </dev/null
}

# root_sees FILE
root_sees() {
	echo "$1"
}

# root_install ROOT PACKAGE...
root_install() {
	:
}

# root_clang ROOT: the newest clang with a version in its name, or clang.
root_clang() {
	local dir

	for dir in ${PATH//:/ }; do
		compgen -G "$dir/clang*" || true
	done | sed -n 's,.*/\(clang\(-[0-9]*\)\?\)$,\1,p' | sort -uV | tail -n 1
}

# root_path ROOT
root_path() {
	echo /
}

# needs_tools COMMAND=PACKAGE...: end the case as skipped if one of these is not installed.
needs_tools() {
	local tool

	for tool; do
		command -v "${tool%%=*}" >/dev/null ||
			skip_because "${tool%%=*} is not installed" "${tool#*=}"
	done
}

# skip_because WHY PACKAGE [WHICH]: end the case as skipped, and say what to install. WHICH
# describes the versions of the package that are recent enough, if not every version is.
skip_because() {
	if [ -n "${3:-}" ]; then
		echo "SKIP: $1 (needs $2, $3)"
	else
		echo "SKIP: $1 (apt-get install $2)"
	fi
	exit "$CASE_SKIPPED"
}

# skip_needs: from "skipped:" lines on stdin, print one line for all packages to install, and
# one for each that must have a certain version.
skip_needs() {
	local lines install

	lines=$(cat)
	install=$(sed -n 's/.*(apt-get install \([^)]*\))$/\1/p' <<<"$lines" | sort -u | xargs)
	[ -z "$install" ] || echo "to run what was skipped: apt-get install $install"
	sed -n 's/.*(needs \([^)]*\))$/to run what was skipped, install \1/p' <<<"$lines" | sort -u
}
