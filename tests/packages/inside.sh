# SPDX-License-Identifier: GPL-2.0
# Helpers for the cases in tests/packages/cases. A case runs in a temporary root that has
# headers of kernels with and without sched_ext, and the packages to test in $PACKAGES and,
# with a higher version, in $NEXT. The root has no running systemd and no kernel of its own.
# shellcheck shell=sh
set -eu

MODULE=scx_loop_cap
DKMS=scx-loop-cap

fail() {
	echo "FAILED: $*"
	exit 1
}

# releases with|without: print the kernels with headers here that have sched_ext, or do not.
releases() {
	for dir in /lib/modules/*/build; do
		if grep -q '^CONFIG_SCHED_CLASS_EXT=y' "$dir/.config"; then
			[ "$1" = without ] || basename "${dir%/build}"
		else
			[ "$1" = with ] || basename "${dir%/build}"
		fi
	done
}

# module RELEASE: print the path of the module for this kernel. modinfo cannot find it, as
# there is no modules.dep without the kernel itself.
module() {
	find "/lib/modules/$1" -name "$MODULE.ko*" | grep .
}

# is_built VERSION [RELEASE...]: DKMS has installed this version for these kernels (default: all
# with sched_ext) and for no others.
is_built() {
	version=$1
	shift
	# shellcheck disable=SC2046
	[ $# -gt 0 ] || set -- $(releases with)
	[ $# -gt 0 ] || fail "no headers of a kernel with sched_ext here"
	for release; do
		dkms status "$DKMS/$version" -k "$release" | grep -q ': installed' ||
			fail "not installed for $release: $(dkms status)"
		[ "$(modinfo -F version "$(module "$release")")" = "$version" ] ||
			fail "the module for $release has another version"
	done
	[ "$(dkms status | grep -c .)" -eq $# ] || fail "DKMS installed it for other kernels, too: $(dkms status)"
	for release in $(releases without); do
		! module "$release" || fail "a module for $release, which has no sched_ext"
	done
	echo "built for $*"
}

# is_gone: there is no module, no source, and no record in DKMS.
is_gone() {
	[ ! -e /var/lib/dkms/$DKMS ] || fail "left in /var/lib/dkms: $(find /var/lib/dkms/$DKMS)"
	! find /lib/modules -name "$MODULE*" | grep . || fail "a module is left"
	! find /usr/src -maxdepth 1 -name 'scx*' | grep . || fail "source is left"
}

# apt_get ARGUMENT...: run apt-get, which must succeed and leave no package half installed.
# /tmp/apt has its output.
apt_get() {
	apt-get -y -o Dpkg::Use-Pty=0 "$@" >/tmp/apt 2>&1 ||
		{ cat /tmp/apt; fail "apt-get $* failed"; }
	cat /tmp/apt
	[ -z "$(dpkg --audit)" ] || fail "$(dpkg --audit)"
	! dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' |
		grep -vE '^(ii|rc|un|hi) ' || fail "these packages are half installed"
}

# said TEXT: apt_get has printed this text.
said() {
	grep -qF -- "$1" /tmp/apt || fail "apt did not print: $1"
}

# said_not TEXT: apt_get has not printed this text.
said_not() {
	! grep -F -- "$1" /tmp/apt || fail "apt printed: $1"
}

# list_files: print all files, except those that apt, dpkg and DKMS keep for themselves.
list_files() {
	find / -xdev \( -path /proc -o -path /tmp -o -path /build -o -path /src \
		-o -path /var/log -o -path /var/cache -o -path /var/lib/apt \
		-o -path /var/lib/dpkg -o -path '/var/lib/dkms/mok.*' \
		-o -path '/lib/modules/*/modules.*' -o -path '/usr/lib/modules/*/modules.*' \
		\) -prune -o -print | sort
}

# deb_version: print the version of the packages to test.
deb_version() {
	dpkg-deb -f "$(echo "$PACKAGES"/scx-loop-cap-dkms_*.deb)" Version
}

# only_newest: remove all kernels with sched_ext but the newest, as DKMS builds for each.
only_newest() {
	for release in $(releases with | sort -V | head -n -1); do
		rm -r "/lib/modules/$release"
	done
}
