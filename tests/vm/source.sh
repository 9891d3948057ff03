# SPDX-License-Identifier: GPL-2.0
# The kernel's source as the distribution packages it, which is what a test wants
# that reads or changes source, or borrows one of the kernel's scripts.
# shellcheck shell=bash

# source_list SUITE: the packages, oldest series first.
source_list() {
	asked "sources-$1" source_list_ask "$1"
}

source_list_ask() {
	chroot "$(root_path "$1")" apt-cache pkgnames linux-source- |
		grep -E '^linux-source-[0-9]+\.[0-9]+$' | sort -V
}

# source_unpack SUITE PACKAGE DIR PATTERN...: fetch its newest version, and put what
# matches in DIR, without the name of the package in front.
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

# source_dir SUITE PACKAGE: fetch its newest version and keep what is used of it.
# Prints the directory that then holds
#	kernel/sched
#	scripts			of which checkpatch
source_dir() {
	local suite=$1 pkg=$2 version dir

	version=$(root_version "$suite" "$pkg")
	[ -n "$version" ] || die "no $pkg in $suite"
	dir=$CACHE/sources/$pkg-$version
	# Whoever else wants it waits.
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
	) 8>"$WORK/asked/source-$pkg" || return
	echo "$dir"
}
