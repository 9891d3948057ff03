# SPDX-License-Identifier: GPL-2.0
# A scheduler that loops for ever: every loop is ended at the limit, the CPU is kicked, and the
# watchdog ejects the scheduler.
# built: yes
# exact: yes
. /case/guest.sh

# last_hit_on CPU: is the latest hit on CPU? The file is read on the other CPU, which does not
# loop while the reader runs.
last_hit_on() {
	taskset -c $((1 - $1)) cat $CAP/stats/last_hit | grep -q " cpu=$1 "
}

# Limit 100 is above the kernel's own cap: the module calls the host again, which may skip the
# loop while the scheduler is being ejected.
for limit in 1 5 32 100; do
	load_cap limit=$limit
	# Time enough to see a hit of both CPUs before the ejection, also on a slow kernel.
	sched_start -l 100 -w 2 -t $((3000 * SLOWER))
	for cpu in 0 1; do
		await 60 "a hit on CPU $cpu" last_hit_on "$cpu"
	done
	# A read in pieces of 3 bytes, while the counters change, must be consistent.
	await 60 "hits" hits_reach 300
	pieces=$(dd if=$CAP/stats/hits_by_cpu bs=3 status=none)
	[ "$(echo "$pieces" | grep -cv '^cpu[01] [0-9]*$')" = 0 ] ||
		fail "hits_by_cpu in pieces: $pieces"
	# Read before the hits, which only grow.
	kicks=$(stat kicks)
	check "$kicks <= $(stat hits)" "kicks before the ejection"
	sched_ejected
	hits=$(stat hits)
	rounds=$(stat rounds)
	check "$hits > 300" "hits"
	check "$rounds * 100 >= $hits * $limit * 99" "rounds per hit, lower bound"
	# Without the rounds of the first 100 dispatches.
	check "($rounds - 100) * 100 <= $hits * $limit * 101" "rounds per hit, upper bound"
	check "$(stat max_rounds) == $limit" "max_rounds"
	# When the kernel ejects the scheduler it moves the tasks of one CPU after the other to the
	# global DSQ. A loop that then runs on CPU 1 finds those of CPU 0 in its last round: that is
	# no hit, but the kick is queued.
	if [ $limit -eq "$KERNEL_LIMIT" ]; then
		# The kernel's own cap ends the loop and kicks; the module does not.
		check "$(stat kicks) == 0" "kicks"
	elif [ "$KERNEL_LIMIT" -ne 0 ] && [ $limit -gt "$KERNEL_LIMIT" ]; then
		check "$(stat kicks) <= $hits + 1" "kicks"
	else
		# A pick that the kernel restarts can hit again before the kick.
		check "$(stat kicks) <= $hits + 1 && $(stat kicks) * 100 >= $hits * 95" "kicks"
	fi
	check "$(sched_ejected_ms) < 60000" "ejected in time"
	sum=0
	while read -r _ count; do
		sum=$((sum + count))
	done <$CAP/stats/hits_by_cpu
	check "$sum == $hits" "sum of hits_by_cpu"
	stat last_hit | grep -Eq "^boottime_ns=[0-9]+ cpu=[01] rounds=$limit ops=loop level=0 cgroup=1 kind=loop limit=$limit\$" ||
		fail "last_hit: $(stat last_hit)"
	# All loops are hits, except those of the first 100 dispatches.
	check "$(stat loops) >= $hits && $(stat loops) <= $hits * 101 / 100 + 150" "loops"
	now=$(cut -d. -f1 /proc/uptime)
	at=$(stat last_hit | sed 's/^boottime_ns=\([0-9]*\)[0-9]\{9\} .*/\1/')
	check "$at <= $now && $at + 60 >= $now" "time of the last hit, in seconds"
	unload_cap
done
