# SPDX-License-Identifier: GPL-2.0
# needs: nested
# cpus: 1
# A child that loops, and brings its tasks by way of the global DSQ: with a limit of
# 1 each of its loops reaches it, but one that then yields a task is no hit. With a
# limit of 4 such a loop is over all the same, and does not count in the next one. Nor
# does it end a pick: that is done by who asks again. One CPU, as another one could take
# the task away.
. /case/guest.sh

trues() {
	[ "$(sched_value sub_true)" -ge 1000 ]
}

load_cap limit=1
nest_start -L 2 -M 1 -l 100 -s -g -w 2 -t 30000
await 120 "1000 loops that yielded a task" trues
sched_stop
false=$(sched_value sub_false)
# But for those of the first 100 dispatches.
check "$(stat kicks) >= $(sched_value sub_true) - 100" "loops that reached the limit"
check "$(stat hits) <= $false" "hits, and loops that yielded nothing"

ones() {
	stat loop_histogram | sed -n 's/^1-1 //p'
}
echo 4 >$CAP/limit
before=$(ones)
nest_start -L 2 -M 1 -l 100 -s -g -w 2 -t 30000
await 120 "1000 loops that yielded a task" trues
sched_stop
# All loops that yielded nothing have 4 rounds, but for those of the first 100 dispatches.
missing=$(($(sched_value sub_true) + 4 * $(sched_value sub_false) -
	$(sched_value dispatches_1)))
check "$missing >= 0 && $missing <= 400" "rounds that are missing"
# All others have one, and so have those of the root.
check "$(ones) - $before >= $(sched_value sub_true) + $(sched_value dispatches_0) - 100" \
	"loops of one round"

refused() {
	[ "$(sched_value refused)" -ge 100 ]
}
echo 1 >$CAP/limit
echo 3 >$CAP/pick_limit
before=$(stat pick_hits)
nest_start -L 3 -M 1,2 -l 100 -s -g -a -r 2 -w 1 -t 30000
await 120 "100 picks in which a child was not run" refused
sched_stop
# There are some more, where the last round that was left was for the last child.
check "$(stat pick_hits) - $before >= $(sched_value refused)" "pick hits"
unload_cap
