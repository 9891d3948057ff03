# SPDX-License-Identifier: GPL-2.0
# Run debian/tests/boot as autopkgtest does: with the packages installed, and again after the
# reboot that the test requests.
. ./lib.sh

booted "$OLD"
mark=$(cat $KEEP/mark 2>/dev/null)
[ -n "$mark" ] || apt_get install ./1/*.deb
printf '%s\n' '#!/bin/sh' "echo \"\$1\" >$KEEP/mark" >/tmp/autopkgtest-reboot
chmod +x /tmp/autopkgtest-reboot
AUTOPKGTEST_REBOOT_MARK=$mark sh ./boot || fail "debian/tests/boot, mark \"$mark\""
is "the mark" "$(cat $KEEP/mark)" loaded
