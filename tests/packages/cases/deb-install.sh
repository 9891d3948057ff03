# SPDX-License-Identifier: GPL-2.0
# apt installs both packages. The module is built and signed for each kernel with sched_ext,
# and skipped on the others. A purge leaves no files.
# leg: quick
# suites: trixie sid
# packages: deb
. /src/tests/packages/inside.sh

list_files >/tmp/before
apt_get install "$PACKAGES"/scx-loop-cap_*.deb "$PACKAGES"/scx-loop-cap-dkms_*.deb
is_built "$(deb_version)"
said_not "does not build"
for release in $(releases with); do
	modinfo -F signer "$(module "$release")" | grep . || fail "not signed for $release"
done
scx-loop-cap --version | grep -F "$(deb_version)"
[ "$(dpkg-query -W -f '${Conffiles}' scx-loop-cap | grep -c modprobe.d)" -eq 1 ] ||
	fail "the configuration is not a conffile"
# Look at the links, as not all of these roots have systemd.
wants=/etc/systemd/system
[ -L $wants/sysinit.target.wants/scx-loop-cap.service ] || fail "the service is not enabled"
[ ! -e $wants/timers.target.wants/scx-loop-cap-textfile.timer ] ||
	fail "the timer for metrics is enabled by default"

# The report about a kernel without a module, without and with the possibility that DKMS
# skipped the kernel.
mkdir -p /lib/modules/9.9.9/build/include
options=$(sed -n 's/^BUILD_EXCLUSIVE_CONFIG="\(.*\)"$/\1/p' /usr/src/"$DKMS"-*/dkms.conf)
for option in $options; do
	echo "$option=y"
done >/lib/modules/9.9.9/build/.config
/usr/libexec/scx-loop-cap/report 2>/tmp/apt
said "no module for Linux 9.9.9, as it does not build"
mv /etc/dkms/framework.conf.d /tmp
/usr/libexec/scx-loop-cap/report 2>/tmp/apt
said "no module for Linux 9.9.9: DKMS skipped it"
mv /tmp/framework.conf.d /etc/dkms
# A kernel that lacks an option is reported only if it is the running one.
for option in CONFIG_KPROBES CONFIG_SCHED_CLASS_EXT; do
	sed -i "/^$option=/d" /lib/modules/9.9.9/build/.config
	/usr/libexec/scx-loop-cap/report 2>/tmp/apt
	said_not 9.9.9
	mv /lib/modules/9.9.9 "/lib/modules/$(uname -r)"
	/usr/libexec/scx-loop-cap/report 2>/tmp/apt
	case $option in
	*_EXT) said "Linux $(uname -r) has no sched_ext, so it needs no module." ;;
	*) said "Linux $(uname -r) is not supported, as it has no $option." ;;
	esac
	mv "/lib/modules/$(uname -r)" /lib/modules/9.9.9
done
rm -r /lib/modules/9.9.9

apt_get purge scx-loop-cap scx-loop-cap-dkms
is_gone
list_files >/tmp/after
diff -u /tmp/before /tmp/after || fail "the purge left or removed files"
