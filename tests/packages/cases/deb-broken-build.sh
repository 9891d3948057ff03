# SPDX-License-Identifier: GPL-2.0
# A kernel that the module does not build for, here one whose header says so: apt goes on,
# for our package and for that kernel's, and tells what to do. Called by hand, dkms fails.
# leg: long
# suites: trixie
# packages: deb
. /src/tests/packages/inside.sh

only_newest
release=$(releases with)
header=$(grep -rl --include=irq_work.h . /usr/src/linux-headers-"${release%-*}"-common/include/linux)
cp "$header" /tmp/header
sed -i '1i #error "another kernel than the module knows"' "$header"

apt_get install "$PACKAGES"/scx-loop-cap_*.deb "$PACKAGES"/scx-loop-cap-dkms_*.deb
said "scx-loop-cap: no module for Linux $release, as it does not build"
said "dkms install $DKMS/$(deb_version) -k $release"
! module "$release" || fail "there is a module"

# What it said is right.
rc=0
dkms install "$DKMS/$(deb_version)" -k "$release" --force || rc=$?
case $rc in
0 | 77) fail "dkms returned $rc" ;;
esac
grep -q "another kernel than the module knows" \
	"/var/lib/dkms/$DKMS/$(deb_version)/build/make.log" || fail "not in the log"

# A kernel arrives while the module is there, but does not build, now because of its own
# source.
cp /tmp/header "$header"
sed -i '1i #error "this module is too old"' "/usr/src/$DKMS-$(deb_version)/module/gate/pick.c"
apt_get install --reinstall "linux-headers-$release"
said "scx-loop-cap: no module for Linux $release, as it does not build"
! module "$release" || fail "there is a module"

# And once it is repaired.
sed -i 1d "/usr/src/$DKMS-$(deb_version)/module/gate/pick.c"
dkms install "$DKMS/$(deb_version)" -k "$release" --force
is_built "$(deb_version)"
sed -i '1i #error "again"' "/usr/src/$DKMS-$(deb_version)/module/gate/pick.c"
apt_get purge scx-loop-cap scx-loop-cap-dkms
is_gone
