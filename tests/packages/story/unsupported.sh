# SPDX-License-Identifier: GPL-2.0
# On a kernel without sched_ext, the service is skipped and no unit fails.
. ./lib.sh

booted "$(uname -r)"
[ ! -e /sys/kernel/sched_ext ] || fail "this kernel has sched_ext"
not_built "$(uname -r)"
not_loaded
is "the service" "$(systemctl is-active $UNIT)" inactive
is "result of the service" "$(systemctl show -P Result $UNIT)" exec-condition
status_says skipped
cat /run/status
