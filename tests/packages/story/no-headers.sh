# SPDX-License-Identifier: GPL-2.0
# Without the kernel's headers the module cannot be built. apt and the service report that.
# tests/packages/cases/deb-headers-later.sh installs the headers later.
. ./lib.sh

booted "$OLD"
apt_get remove "linux-headers-$OLD"
apt_get install ./1/*.deb
apt_said "scx-loop-cap: no module for Linux $OLD, as its headers are missing: install linux-headers-$OLD"
not_built "$OLD"
not_loaded
status_says "install linux-headers-$OLD"
cat /run/status

# The packages can be removed.
apt_get purge scx-loop-cap scx-loop-cap-dkms
is "failed units" "$(failed_units)" ""
