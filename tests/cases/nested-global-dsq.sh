# SPDX-License-Identifier: GPL-2.0
# needs: nested
# cpus: 1
# A child that loops, and brings its tasks by way of the global DSQ: with a limit of
# 1 each of its loops reaches it, but one that then yields a task is no hit. One CPU,
# as another one could take the task away.
. /case/guest.sh

trues() {
	[ "$(sched_value sub_true)" -ge 1000 ]
}

load_cap limit=1
nest_start -L 2 -M 1 -l 100 -s -g -w 2 -t 30000
await 120 "1000 loops that yielded a task" trues
sched_stop
false=$(sched_value sub_false)
check "$(stat kicks) >= 1000" "loops that reached the limit"
check "$(stat hits) <= $false" "hits, and loops that yielded nothing"
unload_cap
