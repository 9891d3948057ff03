# SPDX-License-Identifier: GPL-2.0
# For the cases in tests/packages/cases, which run in a root that is thrown away after
# them: with headers of kernels with and without sched_ext, and with the packages to test
# in /build/packages (apt can use them as "stage NAME"). No systemd, no kernel of its own.
# shellcheck shell=sh
set -eu

MODULE=scx_loop_cap
DKMS=scx-loop-cap

fail() {
	echo "FAILED: $*"
	exit 1
}

# releases with|without: kernels with headers here, and with or without sched_ext.
releases() {
	for dir in /lib/modules/*/build; do
		if grep -q '^CONFIG_SCHED_CLASS_EXT=y' "$dir/.config"; then
			[ "$1" = without ] || basename "${dir%/build}"
		else
			[ "$1" = with ] || basename "${dir%/build}"
		fi
	done
}

# module RELEASE: the file of the module for this kernel. There is no modules.dep, as only
# headers are installed.
module() {
	find "/lib/modules/$1" -name "$MODULE.ko*" | grep .
}

# is_built VERSION [RELEASE...]: DKMS installed it for these, by default for all with
# sched_ext, and for no other.
is_built() {
	version=$1
	shift
	# shellcheck disable=SC2046
	[ $# -gt 0 ] || set -- $(releases with)
	[ $# -gt 0 ] || fail "no kernel with sched_ext here"
	for release; do
		dkms status "$DKMS/$version" -k "$release" | grep -q ': installed' ||
			fail "not installed for $release: $(dkms status)"
		[ "$(modinfo -F version "$(module "$release")")" = "$version" ] ||
			fail "the module for $release has another version"
	done
	[ "$(dkms status | grep -c .)" -eq $# ] || fail "more than that: $(dkms status)"
	for release in $(releases without); do
		! module "$release" || fail "a module for $release, which has no sched_ext"
	done
	echo "built for $*"
}

# The module is nowhere, and DKMS knows nothing of it.
is_gone() {
	[ ! -e /var/lib/dkms/$DKMS ] || fail "left in /var/lib/dkms: $(find /var/lib/dkms/$DKMS)"
	! find /lib/modules -name "$MODULE*" | grep . || fail "a module is left"
	! find /usr/src -maxdepth 1 -name 'scx*' | grep . || fail "source is left"
}

# apt_get ARGUMENT...: must succeed, with all packages in order after it. What it said is
# in /tmp/apt.
apt_get() {
	apt-get -y -o Dpkg::Use-Pty=0 "$@" >/tmp/apt 2>&1 ||
		{ cat /tmp/apt; fail "apt-get $* failed"; }
	cat /tmp/apt
	[ -z "$(dpkg --audit)" ] || fail "$(dpkg --audit)"
	! dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' |
		grep -vE '^(ii|rc|un|hi) ' || fail "packages half installed"
}

# said TEXT: it told the administrator.
said() {
	grep -qF -- "$1" /tmp/apt || fail "apt did not say: $1"
}

# said_not TEXT
said_not() {
	! grep -F -- "$1" /tmp/apt || fail "apt said that"
}

# list_files: all that a package could leave behind, but for what apt and DKMS keep for
# themselves.
list_files() {
	find / -xdev \( -path /proc -o -path /tmp -o -path /build -o -path /src \
		-o -path /var/log -o -path /var/cache -o -path /var/lib/apt \
		-o -path /var/lib/dpkg -o -path '/var/lib/dkms/mok.*' \
		-o -path '/lib/modules/*/modules.*' -o -path '/usr/lib/modules/*/modules.*' \
		\) -prune -o -print | sort
}

# The version of the packages to test.
deb_version() {
	dpkg-deb -f "$(echo "$PACKAGES"/scx-loop-cap-dkms_*.deb)" Version
}

# Forget all kernels with sched_ext but the newest, as each takes a build.
only_newest() {
	for release in $(releases with | sort -V | head -n -1); do
		rm -r "/lib/modules/$release"
	done
}
