# SPDX-License-Identifier: GPL-2.0
# Two kernels: one with sched_ext whose headers are missing, and the running one, which has
# no sched_ext. apt reports both, and the module is built when the headers are installed.
# leg: long
# suites: trixie
# packages: deb
. /src/tests/packages/inside.sh

only_newest
release=$(releases with)
running=$(releases without | tail -n 1)
cp "/lib/modules/$release/build/.config" "/boot/config-$release"
apt_get purge "linux-headers-$release"
mkdir -p "/lib/modules/$release/kernel"
# Replace uname itself, as apt sets its own PATH.
mv /usr/bin/uname /usr/bin/uname.real
cat >/usr/bin/uname <<-EOT
	#!/bin/sh
	[ "\$*" = -r ] || exec /usr/bin/uname.real "\$@"
	echo $running
EOT
chmod +x /usr/bin/uname

apt_get install "$PACKAGES"/scx-loop-cap_*.deb "$PACKAGES"/scx-loop-cap-dkms_*.deb
said "no module for Linux $release, as its headers are missing: install linux-headers-$release"
said "Linux $running has no sched_ext, so it needs no module"
! find /lib/modules -name 'scx*' | grep . || fail "there is a module"
# The same message when a kernel is installed later without headers.
/etc/kernel/postinst.d/zz-scx-loop-cap "$release" 2>&1 |
	grep -F "no module for Linux $release, as its headers are missing" || fail "the hook does not report it"
mv /usr/bin/uname.real /usr/bin/uname

apt_get install "linux-headers-$release"
said_not "no module for"
is_built "$(deb_version)" "$release"
apt_get purge scx-loop-cap scx-loop-cap-dkms
is_gone
