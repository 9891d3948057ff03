# SPDX-License-Identifier: GPL-2.0
# The kernel's source as the distribution packages it, for tests that read or patch the
# source, or use one of the kernel's scripts.
# shellcheck shell=bash

# source_list SUITE: print the source packages, oldest series first.
source_list() {
	cached_output "sources-$1" source_list_ask "$1"
}

source_list_ask() {
	chroot "$(root_path "$1")" apt-cache pkgnames linux-source- |
		grep -E '^linux-source-[0-9]+\.[0-9]+$' | sort -V
}

# source_unpack SUITE PACKAGE DIR PATTERN...: download its newest version, and unpack the
# files that match into DIR, without the leading directory.
source_unpack() {
	local suite=$1 pkg=$2 dir=$3 tmp

	shift 3
	tmp=$(mktemp -d "$WORK/deb.XXXXXX")
	root_download "$suite" "$pkg" "$tmp"
	mkdir -p "$dir"
	dpkg-deb --fsys-tarfile "$tmp"/*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ -C "$dir" --strip-components=1 \
			--wildcards --no-wildcards-match-slash "$@" ||
		die "$pkg is not packed as expected"
	rm -rf "$tmp"
}

# source_dir SUITE PACKAGE: download its newest version and keep the parts that tests use.
# Prints the directory, which then has
#	kernel/sched
#	scripts			checkpatch and its data
source_dir() {
	local suite=$1 pkg=$2 version dir

	version=$(root_version "$suite" "$pkg")
	[ -n "$version" ] || die "no $pkg in $suite"
	dir=$CACHE/sources/$pkg-$version
	# Concurrent callers wait for the first one.
	(
		flock 8
		[ -e "$dir/.complete" ] || {
			say "  fetching $pkg $version"
			rm -rf "$dir"
			source_unpack "$suite" "$pkg" "$dir" '*/kernel/sched' \
				'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
				'*/scripts/const_structs.checkpatch'
		} || exit
		touch "$dir/.complete"
	) 8>"$WORK/outputs/source-$pkg" || return
	echo "$dir"
}
