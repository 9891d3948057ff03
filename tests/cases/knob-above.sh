# SPDX-License-Identifier: GPL-2.0
# While a scheduler loops, the limit changes ten times a second, to values below and above the
# kernel's own cap: for a minute if THOROUGH is set, else for ten seconds.
# built: yes
# exact: yes
. /case/guest.sh

load_cap
sched_start -l 100 -s -w 1 -t 30000
await 60 "hits" hits_reach 100
for limit in 33 100 1000 32 8; do
	echo $limit >$CAP/limit || fail "limit $limit"
	sleep 1
	# rounds is read before the first and after the second read of hits, so it covers the
	# longer time.
	rounds1=$(stat rounds) before=$(stat hits)
	sleep 2
	after=$(stat hits) rounds2=$(stat rounds)
	check "$after > $before" "hits with limit $limit"
	# The other loops were ended by a task that woke up. The last one may have begun with
	# the old limit.
	check "($after - $before - 1) * $limit <= $rounds2 - $rounds1 + 2 * 1000" "rounds per hit"
	stat last_hit | grep -q " rounds=$limit .* limit=$limit\$" ||
		fail "limit $limit, but $(stat last_hit)"
done
check "$(stat max_rounds) == 1000" "max_rounds"

seconds=10
[ -z "$THOROUGH" ] || seconds=60
begin=$(cut -d. -f1 /proc/uptime) now=$begin turns=0
while [ "$now" -lt $((begin + seconds)) ]; do
	for limit in 8 32 100 1000; do
		echo $limit >$CAP/limit || fail "limit $limit"
		usleep 100000
	done
	turns=$((turns + 1))
	now=$(cut -d. -f1 /proc/uptime)
done
check "$turns * SLOWER > 5" "turns"
sched_state running || fail "the scheduler has exited: $(cat $STATUS)"
is $CAP/state active
sched_stop
sleep 1
hits=$(stat hits) loops=$(stat loops) rounds=$(stat rounds)
check "$rounds >= $loops && $loops >= $hits" "rounds, loops and hits"
in_histogram=$(stat loop_histogram | awk '{ n += $2 } END { printf "%d\n", n }')
# A loop that is still open on a CPU is not in the histogram yet.
check "$loops - $in_histogram <= 2 && $in_histogram <= $loops" "loops in the histogram"
sum=$(awk '{ n += $2 } END { printf "%d\n", n }' $CAP/stats/hits_by_cpu)
check "$sum == $hits" "sum of hits_by_cpu"
unload_cap

# As a module parameter, with no scheduler loaded.
load_cap limit=65535
is $CAP/limit 65535
unload_cap
