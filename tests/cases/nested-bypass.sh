# SPDX-License-Identifier: GPL-2.0
# The parent loops. While its child is attached or detached, the kernel keeps the child's tasks on a
# DSQ of the parent, and looks there after the parent's loop. A loop that the limit ended is a hit,
# also if there is a task then.
# needs: nested
# built: plain
. /case/guest.sh

reattached() {
	[ "$(sched_value reattached)" -ge "$1" ]
}

load_cap limit=4
nest_start -L 2 -M 0 -l 100 -s -w 4 -x -t 30000
# Not more often: each time the kernel takes pages of an arena, which stays loaded.
await 120 "the child to be attached again" reattached 12
sched_stop
check "$(stat hits) > 0" "hits"
check "$(stat hits) == $(stat loop_histogram | sed -n 's/^4-7 //p')" "hits and loops of 4 rounds"
unload_cap
