# SPDX-License-Identifier: GPL-2.0
# The module does not build for a kernel, here because a header has an #error. apt succeeds,
# for the packages of the module and of the kernel, and prints what to do. dkms called by
# hand fails.
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

# The command that the message names shows the error.
rc=0
dkms install "$DKMS/$(deb_version)" -k "$release" --force || rc=$?
case $rc in
0 | 77) fail "dkms returned $rc" ;;
esac
grep -q "another kernel than the module knows" \
	"/var/lib/dkms/$DKMS/$(deb_version)/build/make.log" || fail "the error is not in the log"

# A kernel is installed while the module is, and the module does not build, now because of
# an error in its own source.
cp /tmp/header "$header"
sed -i '1i #error "this module is too old"' "/usr/src/$DKMS-$(deb_version)/module/main.c"
apt_get install --reinstall "linux-headers-$release"
said "scx-loop-cap: no module for Linux $release, as it does not build"
! module "$release" || fail "there is a module"

# After the error is removed, it builds.
sed -i 1d "/usr/src/$DKMS-$(deb_version)/module/main.c"
dkms install "$DKMS/$(deb_version)" -k "$release" --force
is_built "$(deb_version)"
sed -i '1i #error "again"' "/usr/src/$DKMS-$(deb_version)/module/main.c"
apt_get purge scx-loop-cap scx-loop-cap-dkms
is_gone
