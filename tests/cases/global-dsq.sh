# SPDX-License-Identifier: GPL-2.0
# A scheduler that brings its tasks to the CPU through the global DSQ. The kernel looks there
# after the flush, so the module does not see that the loop ends. Its rounds must not be added to
# those of the next loop, and it is no hit if it had as many rounds as the limit. One CPU, as
# another one could take the task.
# cpus: 1
# built: yes
# exact: yes
. /case/guest.sh

# The module is loaded once: max_rounds must stay 1 here, and then grow with the limits.
load_cap limit=1
for limit in 1 5 32; do
	echo $limit >$CAP/limit || fail "limit $limit"
	loops=$(stat loops)
	sched_start -g -w 2 -i 0
	await 60 "loops" loops_reach $((loops + 1000))
	is $CAP/state active
	sched_stop
	check "$(stat hits) == 0" "hits, limit $limit"
	check "$(stat max_rounds) == 1" "max_rounds, limit $limit"
done

for limit in 5 32; do
	for burst in $((limit - 1)) $limit; do
		echo $limit >$CAP/limit || fail "limit $limit"
		before=$(stat hits)
		sched_start -g -b "$burst" -n 300 -w 2 -i 0 -t 30000
		await 200 "300 bursts" bursts_done 300
		sched_stop
		expect=0
		[ "$burst" -lt "$limit" ] || expect=$(sched_value bursts)
		check "$(stat hits) - $before == $expect" "hits, limit $limit, bursts of $burst"
		check "$(stat max_rounds) == $limit" "max_rounds"
	done
done
# A loop is counted in the histogram when the next one begins, so the last one may be missing.
in_histogram=$(stat loop_histogram | awk '{ n += $2 } END { printf "%d\n", n }')
check "$(stat loops) - $in_histogram <= 1 && $in_histogram <= $(stat loops)" "loops in the histogram"
unload_cap
