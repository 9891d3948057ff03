# SPDX-License-Identifier: GPL-2.0
# Shared by the scripts under tests/: paths, messages, locking and caching.
# shellcheck shell=bash

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${SCX_LOOP_CAP_CACHE:-${HOME:-/root}/.cache/scx-loop-cap}
# The directory for temporary files: empty at the start of a run, removed at its end.
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

# need_root: to be called before anything is printed or created.
need_root() {
	[ "$(id -u)" -eq 0 ] ||
		die "run this as root: it installs packages and creates chroots"
}

# work_begin: take the lock, as all runs share the roots, and create an empty $WORK.
work_begin() {
	mkdir -p "$CACHE" || die "cannot create $CACHE; set SCX_LOOP_CAP_CACHE=DIRECTORY"
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
	# Remove kernels and builds that were not used for 30 days.
	find "$CACHE" -mindepth 2 -maxdepth 3 -name .complete -mtime +30 \
		-printf '%h\0' | xargs -0r rm -rf
}

# key FILE... -- STRING...: print a short hash over the contents of the files and the strings. It
# names the results that are built from them.
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

# cached_build DIR KEY COMMAND...: create DIR by running the command, or by copying the result
# of an earlier run with the same key. The result is stored with one rename, as jobs may build
# the same at a time.
cached_build() {
	local dir=$1 store=$CACHE/built/$2 part

	shift 2
	rm -rf "$dir"
	if [ -e "$store/.complete" ]; then
		touch "$store/.complete"
		cp -a "$store" "$dir" && rm "$dir/.complete"
		return
	fi
	"$@" || return
	part=$(mktemp -d "$WORK/cached.XXXXXX") &&
		cp -a "$dir/." "$part" && touch "$part/.complete" &&
		mkdir -p "$CACHE/built" || return
	# If this fails, another job has stored the same result.
	mv -T "$part" "$store" 2>/dev/null || rm -rf "$part"
}

# cached_output NAME COMMAND...: print the output of the command. It is run once for each NAME
# in a run of the tests, and its output is stored: apt takes seconds, and the output does not
# change meanwhile.
cached_output() {
	local answer=$WORK/outputs/$1

	shift
	if [ ! -e "$answer" ]; then
		mkdir -p "$WORK/outputs"
		"$@" >"$answer.$BASHPID" || return
		mv "$answer.$BASHPID" "$answer"
	fi
	cat "$answer"
}

# put_between FILE BEGIN END TABLE: replace the text between the lines BEGIN and END of FILE
# with the contents of the file TABLE.
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

# quietly COMMAND...: run the command; print the end of its output only if it failed.
quietly() {
	local log rc=0

	log=$(mktemp "$WORK/log.XXXXXX")
	"$@" >"$log" 2>&1 || rc=$?
	[ $rc -eq 0 ] || tail -n 60 "$log" >&2
	rm -f "$log"
	return $rc
}
