# SPDX-License-Identifier: GPL-2.0
# After a reboot, a newer kernel is installed. DKMS builds the module for it at once, while the
# module for the running kernel stays in effect.
. ./lib.sh

booted "$OLD"
active 8
apt_get install --no-install-recommends "linux-image-$NEW" "linux-headers-$NEW"
apt_said_not 'scx-loop-cap: '
built "$NEW"
built "$OLD"
active 8
send_kernel "$NEW"
