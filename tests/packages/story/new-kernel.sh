# SPDX-License-Identifier: GPL-2.0
# The machine was booted again. Then a newer kernel arrives, and the module is built for it
# before the next boot, while the old one stays in effect.
. ./lib.sh

booted "$OLD"
active 8
apt_get install --no-install-recommends "linux-image-$NEW" "linux-headers-$NEW"
apt_said_not 'scx-loop-cap: '
built "$NEW"
built "$OLD"
active 8
send_kernel "$NEW"
