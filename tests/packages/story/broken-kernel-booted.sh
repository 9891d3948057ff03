# SPDX-License-Identifier: GPL-2.0
# It boots all the same, without the module, and the service says so. What apt said to do
# shows the error.
. ./lib.sh

booted "$NEW" $UNIT
not_loaded
status_says 'there is no module for this kernel'
cat /run/status
dkms install "scx-loop-cap/$(version 1)" -k "$NEW" --force >/run/dkms 2>&1 &&
	fail "it builds: $(cat /run/dkms)"
cat /run/dkms
grep -rF 'this kernel is too new' /run/dkms "/var/lib/dkms/scx-loop-cap/$(version 1)" ||
	fail "the error is not to be found"
