# SPDX-License-Identifier: GPL-2.0
# The machine that runs the tests: installs the packages it needs, reads its apt settings.
# shellcheck shell=bash

HOST_PACKAGES=(
	binutils ca-certificates cpio debian-archive-keyring gcc libc6-dev
	libcmocka-dev make mmdebstrap util-linux xz-utils zstd
)

# host_apt ARGUMENT...: run apt-get; wait for another one that holds the lock, such as that
# of unattended-upgrades after the boot.
host_apt() {
	local output tries=0

	while ! output=$(DEBIAN_FRONTEND=noninteractive \
			apt-get -o DPkg::Lock::Timeout=300 "$@" 2>&1); do
		tries=$((tries + 1))
		if [ $tries -gt 20 ] || ! grep -q 'Could not get lock' <<<"$output"; then
			tail -n 60 <<<"$output" >&2
			return 1
		fi
		[ $tries -gt 1 ] || say "  waiting for another apt ..."
		sleep 15
	done
}

# Install the packages that are missing.
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

# Print the Debian mirror that this machine's apt uses.
host_mirror() {
	cached_output mirror host_mirror_ask
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

# Print apt's proxy and similar settings, which the roots use as well.
host_apt_conf() {
	apt-config dump Acquire |
		grep -E '^Acquire::(https?|ftp|Retries|Check-Valid-Until|Check-Date)\b' || true
}
