# SPDX-License-Identifier: GPL-2.0
# The scriptlets of the RPMs, run by rpm --root on Debian with DKMS: install, reinstall the
# same version, upgrade, remove. Dependencies are ignored, as there is no RPM distribution
# here.
# leg: long
# suites: trixie
# packages: rpm next-rpm
. /src/tests/packages/inside.sh

only_newest
mkdir /tmp/target
mount --rbind / /tmp/target
rpm_root() {
	rpm --root /tmp/target --nodeps "$@" >/tmp/rpm 2>&1 ||
		{ cat /tmp/rpm; fail "rpm $* failed"; }
	cat /tmp/rpm
	! grep -i 'scriptlet failed' /tmp/rpm || fail "a scriptlet failed"
}

version=$(rpm -qp --qf '%{version}' "$PACKAGES"/scx-loop-cap-dkms-*.noarch.rpm)
rpm_root -i "$PACKAGES"/scx-loop-cap-[0-9]*.x86_64.rpm "$PACKAGES"/scx-loop-cap-dkms-*.rpm
is_built "$version"
scx-loop-cap --version | grep -F "$version"

# For DKMS, the same version again is the one that it has already.
rpm_root -U --force "$PACKAGES"/scx-loop-cap-[0-9]*.x86_64.rpm \
	"$PACKAGES"/scx-loop-cap-dkms-*.rpm
is_built "$version"

echo "options scx_loop_cap limit=8" >>/etc/modprobe.d/scx-loop-cap.conf
rpm_root -U "$NEXT"/scx-loop-cap-[0-9]*.x86_64.rpm "$NEXT"/scx-loop-cap-dkms-*.rpm
is_built 99.0.0
grep -q limit=8 /etc/modprobe.d/scx-loop-cap.conf || fail "the configuration was changed"

rpm_root -e scx-loop-cap scx-loop-cap-dkms
is_gone
! find /etc /usr -name 'scx[-_]loop*' ! -name '*.rpmsave' | grep . || fail "the packages left files"
