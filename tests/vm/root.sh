# SPDX-License-Identifier: GPL-2.0
# Debian roots to build in and to run QEMU from. The kernels under test want a
# compiler and a libc of their own time, which the machine itself need not have,
# and QEMU before 8.1 emulates x86's rewriting of running code wrongly: a guest
# that switches livepatches on and off dies of a stray int3.
# shellcheck shell=bash

ROOT_PACKAGES=(
	bpftool ca-certificates gcc kmod libbpf-dev libc6-dev libelf-dev
	libzstd-dev make perl python3 zlib1g-dev
)
QEMU_SUITE=trixie

root_packages() {
	printf '%s\n' "${ROOT_PACKAGES[@]}"
	[ "$1" != "$QEMU_SUITE" ] || echo qemu-system-x86 busybox-static
}

# Which compiler for BPF: the newest there is, as the kernel's own schedulers
# are written for a recent one.
root_clang() {
	chroot "$1" apt-cache search --names-only '^clang-[0-9]+$' |
		sed -n 's/^\(clang-[0-9]*\) .*/\1/p' | sort -V | tail -n 1
}

root_sources() {
	local mirror

	mirror=$(host_mirror)
	case $1 in
	trixie)
		echo "deb $mirror trixie main"
		echo "deb $mirror trixie-updates main"
		echo "deb $mirror trixie-backports main"
		;;
	sid)
		echo "deb $mirror sid main"
		;;
	*)
		die "unknown suite $1"
		;;
	esac
}

# root_path SUITE: where the root is, whether it exists or not.
root_path() {
	echo "$CACHE/roots/$1-$(key "$TOP/tests/vm/root.sh" -- "$(root_sources "$1")")"
}

# root_make SUITE: make it, or bring what it knows of the mirror up to date.
root_make() {
	local suite=$1 root conf

	root=$(root_path "$suite")
	conf=$WORK/apt.conf
	host_apt_conf >"$conf"
	if [ ! -e "$root/.complete" ]; then
		say "  making a root of Debian $suite"
		rm -rf "$root"
		mkdir -p "$(dirname "$root")"
		root_sources "$suite" >"$WORK/$suite.list"
		quietly mmdebstrap --mode=root --variant=apt \
			--skip=cleanup/apt/lists --aptopt="$conf" \
			"$suite" "$root" "$WORK/$suite.list" ||
			die "mmdebstrap $suite failed"
	else
		quietly root_run "$suite" apt-get update ||
			die "apt-get update failed in the $suite root"
	fi
	# shellcheck disable=SC2046
	root_install "$suite" $(root_packages "$suite") "$(root_clang "$root")"
	touch "$root/.complete"
}

# root_run SUITE COMMAND...: with the tree at /src and the cache at /cache, both
# read-only, and $WORK at /build. Its mounts go away with it.
root_run() {
	local suite=$1 root

	shift
	root=$(root_path "$suite")
	cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
	# shellcheck disable=SC2016
	unshare --mount --propagation private sh -euc '
		root=$1 top=$2 cache=$3 work=$4
		shift 4
		mkdir -p "$root/src" "$root/cache" "$root/build"
		mount -t proc proc "$root/proc"
		mount --bind "$top" "$root/src"
		mount -o remount,bind,ro "$root/src"
		mount --bind "$cache" "$root/cache"
		mount -o remount,bind,ro "$root/cache"
		mount --bind "$work" "$root/build"
		if [ -e /dev/kvm ]; then
			touch "$root/dev/kvm"
			mount --bind /dev/kvm "$root/dev/kvm"
		fi
		cd /
		exec env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
	' sh "$root" "$TOP" "$CACHE" "$WORK" "$@" </dev/null
}

# root_sees FILE: the path under which root_run sees a file of ours.
root_sees() {
	case $1 in
	"$WORK"/*) echo "/build${1#"$WORK"}" ;;
	"$CACHE"/*) echo "/cache${1#"$CACHE"}" ;;
	"$TOP"/*) echo "/src${1#"$TOP"}" ;;
	*) die "$1 is not visible in the roots" ;;
	esac
}

# root_install SUITE PACKAGE...: also upgrades them to what the mirror has.
root_install() {
	local suite=$1

	shift
	quietly root_run "$suite" apt-get install -y --no-install-recommends "$@" ||
		die "cannot install $* in the $suite root"
}

# root_version SUITE PACKAGE: its newest version there, or nothing.
root_version() {
	chroot "$(root_path "$1")" apt-cache show --no-all-versions "$2" \
		2>/dev/null | sed -n 's/^Version: //p' | head -n 1 || true
}

# root_download SUITE PACKAGE DIR: fetch its .deb into DIR, below $WORK.
root_download() {
	chmod 755 "$3"
	# shellcheck disable=SC2016
	quietly root_run "$1" sh -euc 'cd "$1" &&
		apt-get -o APT::Sandbox::User=root download "$2"' sh \
		"$(root_sees "$3")" "$2" || die "cannot download $2"
}
