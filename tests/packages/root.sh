# SPDX-License-Identifier: GPL-2.0
# The roots to make and install packages in, packages-SUITE. Others than those to build in,
# as these have DKMS, which builds for every kernel that is installed in them. Packages are
# installed in throw-away copies of them only, see root_try.
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

# pkg_kernels SUITE: the kernels that are to have headers in the root: all that
# have headers in the suite, the newest first.
pkg_kernels() {
	kernel_list "$1" | awk '$3 == "yes" { print $1 }' | sort -rV
}

# pkg_make SUITE
pkg_make() {
	local suite=$1 root release pkg headers=()

	root=$(root_path "packages-$suite")
	root_bootstrap "packages-$suite"
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
	root_install "packages-$suite" $(pkg_packages "$suite") "${headers[@]}"
	touch "$root/.complete"
}
