# SPDX-License-Identifier: GPL-2.0
# The third part of "make demo": a scheduler that loops on a kernel without the cap. Runs in
# the guest, in place of a case. The module is loaded only if the kernel's command line has
# scx_module=1.
# shellcheck shell=sh
. /case/guest.sh

MODULE=$(sed -n 's/.*scx_module=\([01]\).*/\1/p' /proc/cmdline)

if [ "$MODULE" = 1 ]; then
	load_cap >/tmp/quiet || { cat /tmp/quiet; exit 1; }
	echo "     kernel_limit  $(cat $CAP/kernel_limit)       the kernel has no cap"
	echo "     limit         $(cat $CAP/limit)      the module's limit"
fi
qmap_storm 50 >/tmp/quiet || { cat /tmp/quiet; exit 1; }
begin=$(uptime_s)
while ! qmap_gone; do
	line="    $(printf %2d $(($(uptime_s) - begin))) s   still here"
	[ "$MODULE" = 0 ] || line="$line   hits $(printf %9d "$(stat hits)")"
	echo "$line"
	sleep 1
done
[ "$MODULE" = 1 ] || exit 1
echo "     $(grep -m 1 -o 'runnable task stall.*' /tmp/qmap.out)"
echo
echo "Summary: without the module the machine hangs. With it, $(stat hits) loops were ended"
echo "after at most $(stat max_rounds) rounds, and the kernel's watchdog ejected the scheduler."
