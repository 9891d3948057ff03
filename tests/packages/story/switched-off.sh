# SPDX-License-Identifier: GPL-2.0
# With noscx_loop_cap on the kernel command line, the service does not load the module.
. ./lib.sh

booted "$OLD"
grep -qw noscx_loop_cap /proc/cmdline || fail "noscx_loop_cap is not on the command line"
built "$OLD"
not_loaded
is "the service" "$(systemctl is-active $UNIT)" inactive
is "condition of the service" "$(systemctl show -P ConditionResult $UNIT)" no
status_says 'ConditionKernelCommandLine=!noscx_loop_cap'
cat /run/status
