# SPDX-License-Identifier: GPL-2.0
# Without the kernel's headers nothing can be built: apt says so, and so does the service.
# That the module is built once they are there is seen in tests/packages/cases.
. ./lib.sh

booted "$OLD"
apt_get remove "linux-headers-$OLD"
apt_get install ./1/*.deb
apt_said "scx-loop-cap: no module for Linux $OLD, as its headers are missing: install linux-headers-$OLD"
not_built "$OLD"
not_loaded
status_says "install linux-headers-$OLD"
cat /run/status

# Nor is anything in the way of a removal.
apt_get purge scx-loop-cap scx-loop-cap-dkms
is "what failed" "$(failed_units)" ""
