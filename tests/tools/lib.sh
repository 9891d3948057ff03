# SPDX-License-Identifier: GPL-2.0
# Helpers for the tests of the command: a directory that stands for the system, and checks
# of what the command prints. To run a test by hand, as any user:
#
#	$ make -C tools OUT=/tmp/out install DESTDIR=/tmp/dest
#	$ CMD=/tmp/out/scx-loop-cap DEST=/tmp/dest bash tests/tools/status.sh
#
# check.sh also takes KERNELS: directories, each with vmlinux, btf and kallsyms of a kernel.
# shellcheck shell=bash

set -euo pipefail
umask 022

SRC=$(cd "$(dirname "$0")/../.." && pwd)
CMD=$(realpath "${CMD:?is not set: the command to test}")
export SRC CMD

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
export SCX_LOOP_CAP_ROOT=$TMP/root
ROOT=$SCX_LOOP_CAP_ROOT
CAP=$ROOT/sys/kernel/scx_loop_cap
KLP=$ROOT/sys/kernel/livepatch
export CONF=$ROOT/etc/modprobe.d/scx-loop-cap.conf
RELEASE=7.9.1-test

fail() {
	echo "FAIL: $*"
	echo "--- stdout"
	cat "$TMP/out" 2>/dev/null
	echo "--- stderr"
	cat "$TMP/err" 2>/dev/null
	exit 1
}

# needs COMMAND PACKAGE: skip the case if the command is not installed.
needs() {
	command -v "$1" >/dev/null || {
		echo "SKIP: $1 is not installed (apt-get install $2)"
		exit 77
	}
}

# has COMMAND PACKAGE: is it installed? Otherwise say that a part of the case is left out.
has() {
	command -v "$1" >/dev/null || {
		echo "RESULT: in part, as $1 is not installed (apt-get install $2)"
		return 1
	}
}

# put TEXT FILE: create a file below $ROOT, and its directories.
put() {
	mkdir -p "$(dirname "$ROOT/$2")"
	printf '%s\n' "$1" >"$ROOT/$2"
}

# system: create a system without the module.
system() {
	rm -rf "$ROOT"
	put "$RELEASE" proc/sys/kernel/osrelease
	put 1 proc/sys/kernel/ftrace_enabled
	put "" dev/kmsg
	mkdir -p "$ROOT/etc/modprobe.d" "$KLP" "$ROOT/lib/modules/$RELEASE" \
		"$ROOT/sys/kernel/tracing"
}

# loaded: create a system with the module; every counter has a different value.
loaded() {
	local name n=100

	system
	put active sys/kernel/scx_loop_cap/state
	put livepatch sys/kernel/scx_loop_cap/backend
	put 32 sys/kernel/scx_loop_cap/limit
	put 32 sys/kernel/scx_loop_cap/kernel_limit
	put 1024 sys/kernel/scx_loop_cap/pick_limit
	for name in hits pick_hits kicks loops rounds max_rounds max_pick_rounds \
		max_loop_ns max_pick_ns; do
		n=$((n + 1))
		put $n sys/kernel/scx_loop_cap/stats/$name
	done
	put 18446744073709551615 sys/kernel/scx_loop_cap/stats/rounds
	put 5209889 sys/kernel/scx_loop_cap/stats/max_loop_ns
	put "boottime_ns=5797472223 cpu=1 rounds=32 ops=nest2 level=2 cgroup=66 kind=loop limit=32 later=0x1" \
		sys/kernel/scx_loop_cap/stats/last_hit
	put "nest2 90 1
12 11 0" sys/kernel/scx_loop_cap/stats/by_ops
	put "cpu0 1
cpu17 100" sys/kernel/scx_loop_cap/stats/hits_by_cpu
	for n in $(seq 0 15); do
		echo "$((1 << n))-$(((2 << n) - 1)) $((n < 6 ? n : 0))"
	done >"$CAP/stats/loop_histogram"
	put 0.1.0 sys/module/scx_loop_cap/version
}

# cap CODE ARGUMENT...: run the command. It must exit with CODE, and print at most one line
# on stderr.
cap() {
	local code=$1 rc=0

	shift
	"$CMD" "$@" >"$TMP/out" 2>"$TMP/err" </dev/null || rc=$?
	echo "\$ scx-loop-cap $*   ($rc)"
	[ $rc -eq "$code" ] || fail "exit code $rc, not $code: $*"
	[ "$(wc -l <"$TMP/err")" -le 1 ] || fail "more than one line on stderr: $*"
	[ "$code" -eq 0 ] || [ -s "$TMP/out" ] || [ -s "$TMP/err" ] ||
		fail "exit code $code without a message: $*"
	! grep -q . "$TMP/err" || grep -q '^scx-loop-cap: ' "$TMP/err" ||
		fail "the message does not begin with the name of the command: $*"
}

# says out|err PATTERN...: stdout or stderr of the last command contains all patterns.
says() {
	local file=$1

	shift
	for pattern; do
		grep -q -e "$pattern" "$TMP/$file" || fail "std$file does not match: $pattern"
	done
}

# silent out|err: the last command printed nothing there.
silent() {
	[ ! -s "$TMP/$1" ] || fail "std$1 is not empty"
}

# is FILE TEXT: the file contains exactly this line.
is() {
	[ "$(cat "$1")" = "$2" ] || { cat "$1"; fail "$1 is not: $2"; }
}
