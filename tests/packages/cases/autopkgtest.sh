# SPDX-License-Identifier: GPL-2.0
# The tests of the source package, as Debian's machines run them: that of all packages with
# dkms. The one that boots wants a machine of its own, and must say so.
# leg: long
# suites: sid
# packages: deb
. /src/tests/packages/inside.sh

rc=0
# This root is thrown away, so a test may break it.
autopkgtest --ignore-restrictions=breaks-testbed "$PACKAGES"/*.deb "$PACKAGES"/*.dsc \
	-- null >/tmp/log 2>&1 || rc=$?
cat /tmp/log
# 2: some were skipped. 8: and none that passed looks into the package more than this does.
case $rc in
2 | 8) ;;
*) fail "autopkgtest returned $rc" ;;
esac
grep -qE '^dkms-autopkgtest +PASS' /tmp/log || fail "the test of DKMS did not pass"
grep -qE '^boot +SKIP .*(isolation-machine|reboot)' /tmp/log || fail "boot was not skipped"
grep -qE 'I: PASS scx-loop-cap/' /tmp/log || fail "nothing was built"
