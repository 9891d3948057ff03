# SPDX-License-Identifier: GPL-2.0
# Core scheduling: if the kernel drops the rq lock in a dispatch loop, it restarts the selection of
# tasks for the whole core when the loop is over, with interrupts still off. The scheduler drops the
# lock in each round for which a task waits on CPU 2. The rounds of all loops of a selection count
# as one pick: it ends at pick_limit. The scheduler counts the rounds in each __schedule().
# needs: core-sched nested
# built: plain
# exact: yes
# cpus: 4,threads=2
. /case/guest.sh

# start CPU US: loop on CPU 0, for itself, while its tasks sleep, or for CPU 1
start() {
	sched_start -C -l 100 -m feed -f 2 -c "$1" -s -w 1 -a 0 -i "$2" -Y -t 30000
	await 60 "rounds that dropped the lock" fed_reach 5000
	sched_stop
}
fed_reach() {
	[ "$(sched_value fed)" -ge "$1" ]
}

is /sys/devices/system/cpu/cpu0/topology/thread_siblings_list 0-1
# Nothing that this case needs to go on runs on CPUs 0 to 2.
taskset -p 8 $$ >/dev/null
# Without the module a selection goes on as long as tasks wait on CPU 2, on a slow kernel for ever.
load_cap limit=8 pick_limit=64
for what in "0 1000" "1 0"; do
	# shellcheck disable=SC2086
	start $what
	check "$(sched_value max_loop) == 8" "max_loop, counted by the scheduler"
	check "$(sched_value max_selection) >= 64" "restarts"
	check "$(sched_value max_selection) <= 64 + 1" "rounds in a selection, counted by the scheduler"
done
check "$(stat max_rounds) == 8" "max_rounds"
check "$(stat pick_hits) > 0" "pick_hits"
unload_cap
