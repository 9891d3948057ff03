# SPDX-License-Identifier: GPL-2.0
# The way out of a boot that goes wrong with the module: noscx_loop_cap on the command line.
. ./lib.sh

booted "$OLD"
grep -qw noscx_loop_cap /proc/cmdline || fail "not on the command line"
built "$OLD"
not_loaded
is "the service" "$(systemctl is-active $UNIT)" inactive
is "its condition" "$(systemctl show -P ConditionResult $UNIT)" no
status_says 'ConditionKernelCommandLine=!noscx_loop_cap'
cat /run/status
