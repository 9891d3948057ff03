# SPDX-License-Identifier: GPL-2.0
# An upgrade to a higher version replaces the module and keeps a changed configuration.
# Removing the packages keeps the configuration, purging them deletes it.
# leg: long
# suites: trixie
# packages: deb next-deb
. /src/tests/packages/inside.sh

only_newest
apt_get install "$PACKAGES"/scx-loop-cap_*.deb "$PACKAGES"/scx-loop-cap-dkms_*.deb
is_built "$(deb_version)"
conf=/etc/modprobe.d/scx-loop-cap.conf
echo "options scx_loop_cap limit=8" >>$conf

apt_get install "$NEXT"/scx-loop-cap_*.deb "$NEXT"/scx-loop-cap-dkms_*.deb
is_built 99.0.0
[ "$(echo /usr/src/$DKMS-*)" = "/usr/src/$DKMS-99.0.0" ] || fail "the source of the older version is left"
[ "$(echo /var/lib/dkms/$DKMS/[0-9]*)" = /var/lib/dkms/$DKMS/99.0.0 ] ||
	fail "DKMS still has the older version"
grep -q limit=8 $conf || fail "the configuration was changed"

apt_get remove scx-loop-cap scx-loop-cap-dkms
is_gone
grep -q limit=8 $conf || fail "the configuration was removed"
# The hooks are conffiles as well. They must succeed without the package.
for hook in /etc/kernel/*postinst.d/zz-scx-loop-cap; do
	"$hook" "$(releases with)" || fail "$hook fails"
done
apt_get purge scx-loop-cap scx-loop-cap-dkms
! find /etc /var/lib/systemd /usr/lib/systemd -name '*scx*' | grep . || fail "the purge left files"
