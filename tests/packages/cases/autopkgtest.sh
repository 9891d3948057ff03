# SPDX-License-Identifier: GPL-2.0
# Run the tests of the source package with autopkgtest, as Debian does. The test for all
# packages with DKMS passes; debian/tests/boot needs a virtual machine and is skipped.
# leg: long
# suites: sid
# packages: deb
. /src/tests/packages/inside.sh

rc=0
# The root is deleted after this case, so a test may break it.
autopkgtest --ignore-restrictions=breaks-testbed "$PACKAGES"/*.deb "$PACKAGES"/*.dsc \
	-- null >/tmp/log 2>&1 || rc=$?
cat /tmp/log
# 2: a test was skipped. 8: no test passed but superficial ones.
case $rc in
2 | 8) ;;
*) fail "autopkgtest returned $rc" ;;
esac
grep -qE '^dkms-autopkgtest +PASS' /tmp/log || fail "the test for DKMS packages did not pass"
grep -qE '^boot +SKIP .*(isolation-machine|reboot)' /tmp/log || fail "boot was not skipped"
grep -qE 'I: PASS scx-loop-cap/' /tmp/log || fail "no module was built"
