# SPDX-License-Identifier: GPL-2.0
# A newer kernel is installed for which the module does not build, because a header was
# replaced by one with an #error. apt succeeds and prints what to do.
. ./lib.sh

booted "$OLD"
active 8
header=/usr/src/linux-headers-${NEW%-amd64}-common/include/linux/ftrace.h
dpkg-divert --quiet --local --no-rename --divert "$header.good" --add "$header" ||
	fail "dpkg-divert"
mkdir -p "${header%/*}"
echo '#error this kernel is too new' >"$header" || fail "cannot write $header"
apt_get install --no-install-recommends "linux-image-$NEW" "linux-headers-$NEW"
apt_said "scx-loop-cap: no module for Linux $NEW, as it does not build"
apt_said "dkms install scx-loop-cap/$(version 1) -k $NEW --force"
not_built "$NEW"
built "$OLD"
active 8
apt_get install --reinstall dkms
send_kernel "$NEW"
