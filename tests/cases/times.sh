# SPDX-License-Identifier: GPL-2.0
# stats/max_loop_ns and max_pick_ns: zero while all loops have one round, as no clock is read
# for these; then the time of the longest loop and pick.
. /case/guest.sh

load_cap
sched_start -w 4
await 60 "loops" loops_reach 1000
sched_stop
check "$(stat loops) == $(stat rounds)" "loops of one round"
for f in max_loop_ns max_pick_ns; do
	is $CAP/stats/$f 0
done

# The longest of thousands of loops takes at least microseconds, and on no machine 10 s.
longest=0
for limit in 2 32; do
	echo $limit >$CAP/limit
	sched_start -l 100 -w 2 -t 1000
	sched_ejected
	check "$(stat max_loop_ns) > 0" "max_loop_ns with limit $limit"
	# There is one level, so a pick is a loop.
	check "$(stat max_pick_ns) == $(stat max_loop_ns)" "max_pick_ns"
	check "$(stat max_loop_ns) >= $longest" "max_loop_ns does not decrease"
	longest=$(stat max_loop_ns)
done
check "$longest > 1000 && $longest < 10000000000" "max_loop_ns of 32 rounds"
check "$(stat max_pick_rounds) == 32" "max_pick_rounds"
unload_cap
