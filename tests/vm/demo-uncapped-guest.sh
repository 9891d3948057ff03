# SPDX-License-Identifier: GPL-2.0
# The guest's part of the third act of "make demo"; runs in place of a case. With
# scx_module=1 on the kernel's command line the module is loaded, and that is all the
# difference.
# shellcheck shell=sh
. /case/guest.sh

MODULE=$(sed -n 's/.*scx_module=\([01]\).*/\1/p' /proc/cmdline)

if [ "$MODULE" = 1 ]; then
	load_cap >/tmp/quiet || { cat /tmp/quiet; exit 1; }
	echo "     kernel_limit  $(cat $CAP/kernel_limit)       the kernel has no cap"
	echo "     limit         $(cat $CAP/limit)      ours"
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
echo "Summary: the machine without the module is lost. With it, $(stat hits) loops were"
echo "ended after $(stat max_rounds) rounds each, and the kernel ejected the scheduler."
