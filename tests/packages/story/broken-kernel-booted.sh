# SPDX-License-Identifier: GPL-2.0
# The newer kernel boots without the module. The service reports that, and the command that
# apt has printed shows the error.
. ./lib.sh

booted "$NEW" $UNIT
not_loaded
status_says 'there is no module for this kernel'
cat /run/status
dkms install "scx-loop-cap/$(version 1)" -k "$NEW" --force >/run/dkms 2>&1 &&
	fail "the module builds: $(cat /run/dkms)"
cat /run/dkms
grep -rF 'this kernel is too new' /run/dkms "/var/lib/dkms/scx-loop-cap/$(version 1)" ||
	fail "neither the output of dkms nor its log has the error"
