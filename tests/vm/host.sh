# SPDX-License-Identifier: GPL-2.0
# What the machine that runs the tests needs, and what its apt is set up to use.
# shellcheck shell=bash

HOST_PACKAGES=(
	binutils ca-certificates cpio debian-archive-keyring gcc libc6-dev
	libcmocka-dev make mmdebstrap util-linux xz-utils zstd
)

# host_apt ARGUMENT...: a machine that was just started may be at it by itself.
host_apt() {
	local said tries=0

	while ! said=$(DEBIAN_FRONTEND=noninteractive \
			apt-get -o DPkg::Lock::Timeout=300 "$@" 2>&1); do
		tries=$((tries + 1))
		if [ $tries -gt 20 ] || ! grep -q 'Could not get lock' <<<"$said"; then
			tail -n 60 <<<"$said" >&2
			return 1
		fi
		[ $tries -gt 1 ] || say "  waiting for another apt ..."
		sleep 15
	done
}

# Install what is missing.
host_setup() {
	local missing=() p

	command -v apt-get >/dev/null ||
		die "there is no apt-get; run this on Debian, as it makes Debian chroots"
	[ "$(dpkg --print-architecture)" = amd64 ] ||
		die "only amd64 is supported"
	for p in "${HOST_PACKAGES[@]}"; do
		[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null)" = "ii " ] ||
			missing+=("$p")
	done
	say "  apt-get update"
	host_apt update || die "apt-get update failed"
	[ ${#missing[@]} -eq 0 ] && return
	say "  installing ${missing[*]}"
	host_apt install -y --no-install-recommends "${missing[@]}" ||
		die "cannot install ${missing[*]}"
}

# The Debian mirror this machine uses itself.
host_mirror() {
	asked mirror host_mirror_ask
}

host_mirror_ask() {
	local uri

	if [ -n "${MIRROR:-}" ]; then
		echo "$MIRROR"
		return
	fi
	# shellcheck disable=SC2016
	uri=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' \
		'Created-By: Packages' | sed -n 's/^Debian \(https\?:.*\)/\1/p' |
		sort -u | head -n 1)
	[ -n "$uri" ] ||
		die "no Debian mirror in this machine's apt sources; set MIRROR=<URI>"
	echo "$uri"
}

# Its proxy and similar settings, to be used inside of the roots as well.
host_apt_conf() {
	apt-config dump Acquire |
		grep -E '^Acquire::(https?|ftp|Retries|Check-Valid-Until|Check-Date)\b' || true
}
