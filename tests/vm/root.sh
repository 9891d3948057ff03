# SPDX-License-Identifier: GPL-2.0
# Debian roots (chroots) to build in and to run QEMU from. The kernels under test need the
# compiler and libc of their own suite, which this machine may not have. QEMU before 8.1
# emulates the patching of running x86 code wrongly: a guest that enables and disables
# livepatches crashes on a stray int3.
#
# A root is named after its suite, or WHAT-SUITE if it has another purpose.
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

# root_clang DIR: print the newest clang package. The kernel's own schedulers need a recent
# clang.
root_clang() {
	chroot "$1" apt-cache search --names-only '^clang-[0-9]+$' |
		sed -n 's/^\(clang-[0-9]*\) .*/\1/p' | sort -V | tail -n 1
}

root_sources() {
	local mirror

	mirror=$(host_mirror)
	case $1 in
	trixie | *-trixie)
		echo "deb $mirror trixie main"
		echo "deb $mirror trixie-updates main"
		echo "deb $mirror trixie-backports main"
		;;
	sid | *-sid)
		echo "deb $mirror sid main"
		;;
	*)
		die "unknown suite $1"
		;;
	esac
}

# root_path ROOT: print the root's directory, which need not exist. Its name does not depend on
# the installed packages, which every run updates.
root_path() {
	echo "$CACHE/roots/$1-$(key -- "$(declare -f root_bootstrap)" "$(root_sources "$1")")"
}

# root_bootstrap ROOT: make the root, or update its package lists if it exists. A change of
# this function's code or messages rebuilds all roots, see root_path.
root_bootstrap() {
	local name=$1 root conf=$WORK/apt.conf

	root=$(root_path "$name")
	host_apt_conf >"$conf"
	if [ ! -e "$root/.complete" ]; then
		say "  making a root of Debian: $name"
		rm -rf "$root"
		mkdir -p "$(dirname "$root")"
		root_sources "$name" >"$WORK/$name.list"
		quietly mmdebstrap --mode=root --variant=apt --dpkgopt=force-unsafe-io \
			--skip=cleanup/apt/lists --aptopt="$conf" \
			"${name##*-}" "$root" "$WORK/$name.list" ||
			die "mmdebstrap of $name failed"
	else
		quietly root_run "$name" apt-get update ||
			die "apt-get update failed in the $name root"
	fi
}

# root_make SUITE: make or update the root that builds and runs QEMU.
root_make() {
	local root

	root=$(root_path "$1")
	root_bootstrap "$1"
	# shellcheck disable=SC2046
	root_install "$1" $(root_packages "$1") "$(root_clang "$root")"
	touch "$root/.complete"
}

# root_run ROOT COMMAND...: run the command in the root, with the tree at /src and the cache at
# /cache, both read-only, and $WORK at /build. The mounts last until the command ends.
root_run() {
	local root

	root=$(root_path "$1")
	shift
	root_enter "$root" '' "$@"
}

# root_try ROOT COMMAND...: the same, and discard all changes the command makes to the root.
root_try() {
	local root changes rc=0

	root=$(root_path "$1")
	shift
	changes=$(mktemp -d "$WORK/try.XXXXXX")
	mkdir "$changes"/{upper,work,root}
	root_enter "$root" "$changes" "$@" || rc=$?
	rm -rf "$changes"
	return $rc
}

# root_enter DIR CHANGES COMMAND...: the common part of root_run and root_try. If CHANGES is
# not empty, it is a directory for an overlay on top of the root.
root_enter() {
	local root=$1 changes=$2

	shift 2
	cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
	# shellcheck disable=SC2016
	unshare --mount --propagation private sh -euc '
		root=$1 changes=$2 top=$3 cache=$4 work=$5
		shift 5
		if [ -n "$changes" ]; then
			mount -t overlay overlay "$changes/root" \
				-o "lowerdir=$root,upperdir=$changes/upper,workdir=$changes/work"
			root=$changes/root
		fi
		mkdir -p "$root/src" "$root/cache" "$root/build" "$root/dev/pts"
		[ -e "$root/dev/ptmx" ] || touch "$root/dev/ptmx"
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmpfs "$root/tmp"
		mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
		mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx"
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
	' sh "$root" "$changes" "$TOP" "$CACHE" "$WORK" "$@" </dev/null
}

# root_sees FILE: print the path of this machine's FILE inside root_run.
root_sees() {
	case $1 in
	"$WORK"/*) echo "/build${1#"$WORK"}" ;;
	"$CACHE"/*) echo "/cache${1#"$CACHE"}" ;;
	"$TOP"/*) echo "/src${1#"$TOP"}" ;;
	*) die "$1 is not visible in the roots" ;;
	esac
}

# root_install ROOT PACKAGE...: install the packages, or upgrade them to the mirror's version.
# Does so once a run for the same packages. A lock serializes callers, as apt does not wait.
root_install() {
	local name=$1 installed

	installed=$WORK/outputs/installed-$(key -- "$@")
	shift
	mkdir -p "$WORK/outputs"
	(
		flock 8
		[ ! -e "$installed" ] || exit 0
		quietly root_run "$name" apt-get install -y --no-install-recommends "$@" ||
			die "cannot install $* in the $name root"
		: >"$installed"
	) 8>"$WORK/outputs/lock-$name" || exit 1
}

# root_version ROOT PACKAGE: print the newest version in the root's package lists, or nothing.
root_version() {
	cached_output "version-$1-$2" root_version_ask "$1" "$2"
}

root_version_ask() {
	chroot "$(root_path "$1")" apt-cache show --no-all-versions "$2" \
		2>/dev/null | sed -n 's/^Version: //p' | head -n 1 || true
}

# root_versions ROOT PACKAGE...: look up the versions of many packages with one call of apt, for
# root_version.
root_versions() {
	local name=$1 pkg version

	shift
	mkdir -p "$WORK/outputs"
	for pkg; do
		: >"$WORK/outputs/version-$name-$pkg"
	done
	# apt-cache fails if one of the packages does not exist.
	{ chroot "$(root_path "$name")" apt-cache show --no-all-versions "$@" 2>/dev/null || true; } |
		awk '/^Package: / { name = $2 } /^Version: / { print name, $2 }' |
		while read -r pkg version; do
			echo "$version" >"$WORK/outputs/version-$name-$pkg"
		done
}

# root_download SUITE PACKAGE DIR: download its .deb into DIR, which is below $WORK.
root_download() {
	chmod 755 "$3"
	# shellcheck disable=SC2016
	quietly root_run "$1" sh -euc 'cd "$1" &&
		apt-get -o APT::Sandbox::User=root download "$2"' sh \
		"$(root_sees "$3")" "$2" || die "cannot download $2"
}
