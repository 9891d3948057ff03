# SPDX-License-Identifier: GPL-2.0
# Shared by the scripts under tests/: where things are, and how to speak.
# shellcheck shell=bash

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${SCX_LOOP_CAP_CACHE:-${HOME:-/root}/.cache/scx-loop-cap}
# What is made anew for each run and thrown away after it.
WORK=$CACHE/work
export TOP CACHE WORK

# Progress goes to stderr, so that functions can return values on stdout.
say() {
	printf '%s\n' "$*" >&2
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Before anything is said or made.
need_root() {
	[ "$(id -u)" -eq 0 ] ||
		die "run this as root: it installs packages and makes chroots"
}

# work_begin: one run at a time, as all share the roots, with an empty $WORK.
work_begin() {
	mkdir -p "$CACHE" || die "cannot make $CACHE; set SCX_LOOP_CAP_CACHE=DIRECTORY"
	exec 9>"$CACHE/lock"
	flock -n 9 || {
		say "waiting for another run to end ..."
		flock 9
	}
	rm -rf "$WORK"
	mkdir -p "$WORK"
	trap 'rm -rf "$WORK"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# Kernels and builds that were not used for a month.
	find "$CACHE" -mindepth 2 -maxdepth 3 -name .complete -mtime +30 \
		-printf '%h\0' | xargs -0r rm -rf
}

# key FILE... -- STRING...: a short hash over contents and strings, for naming
# what was made from them.
key() {
	local files=()

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		files+=("$1")
		shift
	done
	{
		[ ${#files[@]} -eq 0 ] || cat -- "${files[@]}"
		printf '%s\n' "$@"
	} | sha256sum | cut -c1-16
}

# kept DIR KEY COMMAND...: DIR as the command makes it, or made it when it was run with the
# same key. Several may make the same at a time, so it is stored in one step.
kept() {
	local dir=$1 store=$CACHE/built/$2 part

	shift 2
	rm -rf "$dir"
	if [ -e "$store/.complete" ]; then
		touch "$store/.complete"
		cp -a "$store" "$dir" && rm "$dir/.complete"
		return
	fi
	"$@" || return
	part=$(mktemp -d "$WORK/kept.XXXXXX") &&
		cp -a "$dir/." "$part" && touch "$part/.complete" &&
		mkdir -p "$CACHE/built" || return
	# Who was first has stored the same.
	mv -T "$part" "$store" 2>/dev/null || rm -rf "$part"
}

# asked NAME COMMAND...: what the command prints. It is run once, however often it is
# asked for in a run: apt takes seconds for an answer, which does not change meanwhile.
asked() {
	local answer=$WORK/asked/$1

	shift
	if [ ! -e "$answer" ]; then
		mkdir -p "$WORK/asked"
		"$@" >"$answer.$BASHPID" || return
		mv "$answer.$BASHPID" "$answer"
	fi
	cat "$answer"
}

# put_between FILE BEGIN END TABLE: what TABLE has goes between these two lines of FILE.
put_between() {
	awk -v begin="$2" -v end="$3" -v table="$4" '
		$0 == end { skip = 0 }
		!skip { print }
		$0 == begin {
			skip = 1
			while ((getline line <table) > 0)
				print line
		}' "$1" >"$1.new"
	cat "$1.new" >"$1"
	rm "$1.new"
}

# A log is only of interest if the command failed.
quietly() {
	local log rc=0

	log=$(mktemp "$WORK/log.XXXXXX")
	"$@" >"$log" 2>&1 || rc=$?
	[ $rc -eq 0 ] || tail -n 60 "$log" >&2
	rm -f "$log"
	return $rc
}
