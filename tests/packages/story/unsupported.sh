# SPDX-License-Identifier: GPL-2.0
# A kernel without sched_ext: the service is skipped, and the boot is none the worse.
. ./lib.sh

booted "$(uname -r)"
[ ! -e /sys/kernel/sched_ext ] || fail "this kernel has sched_ext"
not_built "$(uname -r)"
not_loaded
is "the service" "$(systemctl is-active $UNIT)" inactive
is "its result" "$(systemctl show -P Result $UNIT)" exec-condition
status_says skipped
cat /run/status
