# SPDX-License-Identifier: GPL-2.0
# The roots named packages-SUITE, in which packages are built and installed. They are separate
# from the roots for builds because they have DKMS, which builds for every kernel installed in
# them. Packages are only installed in temporary copies; see root_try.
# shellcheck shell=bash

# Tools to build the packages, and packages that a machine has before they are installed.
# lintian and rpmlint are those of sid, as trixie's are older than the rules to check.
PKG_PACKAGES=(
	bash-completion build-essential debhelper dh-dkms dkms elfutils kmod
	openssl rpm
)
PKG_PACKAGES_SID=(autodep8 autopkgtest createrepo-c dnf lintian mandoc rpmlint)

# package_root_packages SUITE: print the packages to install in the root.
package_root_packages() {
	printf '%s\n' "${PKG_PACKAGES[@]}"
	[ "$1" != sid ] || printf '%s\n' "${PKG_PACKAGES_SID[@]}"
}

# package_root_kernels SUITE: print the kernels with headers in the suite, the newest first.
# All of these headers are installed in the root.
package_root_kernels() {
	kernel_list "$1" | awk '$3 == "yes" { print $1 }' | sort -rV
}

# package_root_make SUITE: make the root, or update it.
package_root_make() {
	local suite=$1 root release pkg headers=()

	root=$(root_path "packages-$suite")
	root_bootstrap "packages-$suite"
	for release in $(package_root_kernels "$suite"); do
		headers+=("linux-headers-$release")
	done
	# shellcheck disable=SC2016
	# Remove headers that the mirror does not have any more, as DKMS would build for them.
	for pkg in $(chroot "$root" dpkg-query -W -f '${Package}\n' \
		'linux-headers-*-amd64' 2>/dev/null); do
		[[ " ${headers[*]} " = *" $pkg "* ]] || headers+=("$pkg-")
	done
	# shellcheck disable=SC2046
	root_install "packages-$suite" $(package_root_packages "$suite") "${headers[@]}"
	touch "$root/.complete"
}
