# SPDX-License-Identifier: GPL-2.0
# Debian roots to make and install packages in. Beside those of vm/root.sh, as these have
# DKMS, which builds for every kernel that is installed in them, and packages are
# installed in throw-away copies of them only.
#
#	pkg_make SUITE		makes it or brings it up to date
#	pkg_run SUITE ...	runs a command in it, with the tree at /src and $WORK at
#				/build
#	pkg_try SUITE ...	the same, and what it changes in the root is forgotten
#
# A change of what is installed makes a new root, and the old one is removed after a month.
# shellcheck shell=bash

# What makes the packages, and what a machine has that they are installed on. lintian and
# rpmlint of trixie are older than the rules they are to check.
PKG_PACKAGES=(
	bash-completion build-essential debhelper dh-dkms dkms elfutils kmod
	openssl rpm
)
PKG_PACKAGES_SID=(autodep8 autopkgtest createrepo-c dnf lintian mandoc rpmlint)

pkg_packages() {
	printf '%s\n' "${PKG_PACKAGES[@]}"
	[ "$1" != sid ] || printf '%s\n' "${PKG_PACKAGES_SID[@]}"
}

# pkg_root SUITE: where it is, whether it exists or not.
pkg_root() {
	echo "$CACHE/roots/packages-$1-$(key -- "$(root_sources "$1")" \
		"$(pkg_packages "$1")")"
}

# pkg_kernels SUITE: the kernels that are to have headers in the root: all that
# have headers in the suite, the newest first.
pkg_kernels() {
	kernel_list "$1" | awk '$3 == "yes" { print $1 }' | sort -rV
}

# pkg_make SUITE
pkg_make() {
	local suite=$1 root conf release pkg headers=()

	root=$(pkg_root "$suite")
	conf=$WORK/apt.conf
	host_apt_conf >"$conf"
	if [ ! -e "$root/.complete" ]; then
		say "  making a root of Debian $suite for packages"
		rm -rf "$root"
		mkdir -p "$(dirname "$root")"
		root_sources "$suite" >"$WORK/$suite.list"
		quietly mmdebstrap --mode=root --variant=apt --dpkgopt=force-unsafe-io \
			--skip=cleanup/apt/lists --aptopt="$conf" \
			"$suite" "$root" "$WORK/$suite.list" ||
			die "mmdebstrap $suite failed"
	else
		quietly pkg_run "$suite" apt-get update ||
			die "apt-get update failed in the $suite root for packages"
	fi
	for release in $(pkg_kernels "$suite"); do
		headers+=("linux-headers-$release")
	done
	# shellcheck disable=SC2016
	# Of a kernel that the mirror has no more, the module would be built as well.
	for pkg in $(chroot "$root" dpkg-query -W -f '${Package}\n' \
		'linux-headers-*-amd64' 2>/dev/null); do
		[[ " ${headers[*]} " = *" $pkg "* ]] || headers+=("$pkg-")
	done
	# shellcheck disable=SC2046
	quietly pkg_run "$suite" apt-get install -y --no-install-recommends \
		$(pkg_packages "$suite") "${headers[@]}" ||
		die "cannot install what packages need in the $suite root"
	touch "$root/.complete"
}

# pkg_run SUITE COMMAND...
pkg_run() {
	local root

	root=$(pkg_root "$1")
	shift
	pkg_enter "$root" "$root" "$@"
}

# pkg_try SUITE COMMAND...
pkg_try() {
	local root upper rc=0

	root=$(pkg_root "$1")
	shift
	upper=$(mktemp -d "$WORK/try.XXXXXX")
	mkdir "$upper"/{changes,work,root}
	pkg_enter "$root" "$upper" "$@" || rc=$?
	rm -rf "$upper"
	return $rc
}

# pkg_enter ROOT WHERE COMMAND...: in ROOT itself if WHERE is the same, or in ROOT with
# WHERE/changes laid over it. What is mounted goes away with the command.
pkg_enter() {
	local root=$1 where=$2

	shift 2
	cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
	# shellcheck disable=SC2016
	unshare --mount --propagation private sh -euc '
		root=$1 where=$2 top=$3 work=$4
		shift 4
		mkdir -p "$root/src" "$root/build"
		if [ "$where" != "$root" ]; then
			mount -t overlay overlay "$where/root" \
				-o "lowerdir=$root,upperdir=$where/changes,workdir=$where/work"
			root=$where/root
		fi
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmpfs "$root/tmp"
		mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
		mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx"
		mount --bind "$top" "$root/src"
		mount -o remount,bind,ro "$root/src"
		mount --bind "$work" "$root/build"
		cd /
		exec env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
	' sh "$root" "$where" "$TOP" "$WORK" "$@" </dev/null
}

# pkg_sees FILE: the path under which these see a file of ours.
pkg_sees() {
	case $1 in
	"$WORK"/*) echo "/build${1#"$WORK"}" ;;
	"$TOP"/*) echo "/src${1#"$TOP"}" ;;
	*) die "$1 is not visible in the roots" ;;
	esac
}
