# SPDX-License-Identifier: GPL-2.0
# Core scheduling: CPU 0 runs a loop for CPU 1, which the kernel calls its sibling, and drops the
# rq lock in each round: the scheduler sends tasks that wait on CPU 2 to that CPU. CPU 1 switches
# tasks meanwhile: the scheduler counts rounds of a loop in which nr_switches of CPU 1 has changed.
# The loop still has to end at the limit. The scheduler counts on the CPU that runs the loop.
# needs: core-sched
# built: plain
# exact: yes
# cpus: 4,threads=2
. /case/guest.sh

# reached COUNTER N: has the scheduler counted so many?
reached() {
	[ "$(sched_value "$1")" -ge "$2" ]
}

is /sys/devices/system/cpu/cpu0/topology/thread_siblings_list 0-1
# Nothing that this case needs to go on runs on CPUs 0 to 2.
taskset -p 8 $$ >/dev/null
limits="8 3"
# There the module ends the loop, and kicks, in the round in which the kernel does: it cannot be
# sure that the kernel counts the same loop.
[ "$KERNEL_LIMIT" -eq 0 ] || limits="$limits $KERNEL_LIMIT"
for limit in $limits; do
	load_cap "limit=$limit"
	# shellcheck disable=SC2046
	sched_start $(core_options) -S -C -l 100 -m feed -f 2 -c 1 -s -w 1 -a 0 -i 0 -R 1 -Y -t 30000
	await 120 "rounds on CPU 0 for CPU 1" reached sibling_rounds 5000
	await 60 "rounds that dropped the lock" reached fed 500
	await 120 "rounds after a switch on CPU 1, in its loop" reached switched_rounds 10
	hits=$(hits_on 0)
	# Without a switch on CPU 1, the loop ends at the limit in any case.
	kill "$(sched_value napper)"
	sched_stop
	note "$(cat $STATUS)"
	check "$(sched_value max_loop) == $limit" "max_loop, counted by the scheduler"
	check "$hits > 0" "hits of CPU 0"
	check "$(stat kicks) > 0" "kicks"
	check "$(stat max_rounds) == $limit" "max_rounds"
	check "$(stat rounds) == $(sched_value dispatches)" "rounds"
	unload_cap
done
