# SPDX-License-Identifier: GPL-2.0
# A kernel without its headers, and one without sched_ext, which runs: apt says what is
# missing, and that nothing is. The module is built when the headers arrive.
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
# In its place, as apt has a PATH of its own.
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
! find /lib/modules -name 'scx*' | grep . || fail "a module"
# The same when a kernel comes later, without them.
/etc/kernel/postinst.d/zz-scx-loop-cap "$release" 2>&1 |
	grep -F "no module for Linux $release, as its headers are missing" || fail "no word of it"
mv /usr/bin/uname.real /usr/bin/uname

apt_get install "linux-headers-$release"
said_not "no module for"
is_built "$(deb_version)" "$release"
apt_get purge scx-loop-cap scx-loop-cap-dkms
is_gone
