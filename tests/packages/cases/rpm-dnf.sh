# SPDX-License-Identifier: GPL-2.0
# dnf installs the command's RPM from a repository, with the module's RPM as a dependency, and
# removes both. An empty package provides all their other dependencies: DKMS and the other
# programs are those of Debian.
# leg: long
# suites: sid
# packages: rpm
. /src/tests/packages/inside.sh

repo=/tmp/repo
mkdir $repo
cp "$PACKAGES"/*.rpm $repo/

{
	printf '%s\n' 'Name: distribution' 'Version: 1' 'Release: 1' 'Summary: .' \
		'License: GPL-2.0-only' 'BuildArch: noarch' 'AutoReqProv: no'
	rpm -qp --requires $repo/scx-loop-cap-[0-9]*.x86_64.rpm \
		$repo/scx-loop-cap-dkms-*.noarch.rpm |
		grep -vE '^(rpmlib|\(?scx-loop-cap|config\(scx)' | sed 's/ >= / = /' |
		sort -u | sed 's/^/Provides: /'
	printf '%s\n' '%description' . '%files'
} >/tmp/distribution.spec
grep '^Provides: dkms = ' /tmp/distribution.spec
rpmbuild -bb --define "_rpmdir $repo" --define '_topdir /tmp/rpmbuild' \
	/tmp/distribution.spec >/tmp/rpmbuild.log 2>&1 ||
	{ cat /tmp/rpmbuild.log; fail "cannot build the package with the dependencies"; }
createrepo_c -q $repo

dnf_local() {
	dnf -y --releasever=1 --setopt=reposdir=/dev/null --setopt=gpgcheck=0 \
		--setopt=install_weak_deps=1 --repofrompath="local,$repo" "$@" \
		>/tmp/dnf 2>&1 || { cat /tmp/dnf; fail "dnf $* failed"; }
	cat /tmp/dnf
}

dnf_local install scx-loop-cap
rpm -q scx-loop-cap scx-loop-cap-dkms
is_built "$(rpm -q --qf '%{version}' scx-loop-cap-dkms)"
dnf_local remove scx-loop-cap-dkms
! rpm -q scx-loop-cap || fail "the command's package stays installed without the module's"
is_gone
