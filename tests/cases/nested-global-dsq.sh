# SPDX-License-Identifier: GPL-2.0
# A child that loops, and brings its tasks to the CPU through the global DSQ. With limit 1 each of
# its loops reaches the limit, but one that then brings a task is no hit. With limit 4 a loop that
# brings a task ends before the limit, and its rounds must not be added to those of the next loop. A
# pick reaches pick_limit only when the parent calls again. One CPU: another one could take the
# task.
# needs: nested
# cpus: 1
. /case/guest.sh

trues() {
	[ "$(sched_value sub_true)" -ge 1000 ]
}

load_cap limit=1
nest_start -L 2 -M 1 -l 100 -s -g -w 2 -t 30000
await 120 "1000 loops that brought a task" trues
sched_stop
false=$(sched_value sub_false)
# Except for the loops of the first 100 dispatches.
check "$(stat kicks) >= $(sched_value sub_true) - 100" "loops that reached the limit"
check "$(stat hits) <= $false" "hits and loops that brought no task"

ones() {
	stat loop_histogram | sed -n 's/^1-1 //p'
}
echo 4 >$CAP/limit
before=$(ones)
nest_start -L 2 -M 1 -l 100 -s -g -w 2 -t 30000
await 120 "1000 loops that brought a task" trues
sched_stop
# Loops that brought no task have 4 rounds, except for those of the first 100 dispatches.
missing=$(($(sched_value sub_true) + 4 * $(sched_value sub_false) -
	$(sched_value dispatches_1)))
check "$missing >= 0 && $missing <= 400" "rounds that are missing"
# All others have one round, and so have the loops of the root.
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
# There are more pick hits than that if the last round of a pick was that of the last child.
check "$(stat pick_hits) - $before >= $(sched_value refused)" "pick hits"
unload_cap
