# SPDX-License-Identifier: GPL-2.0
# A new limit takes effect at once while a scheduler loops, whether lower or higher.
# built: plain
. /case/guest.sh

# The counters cannot be read at the same instant. hits is read before and after rounds, and the two
# values are the bounds, however slow this machine is.
load_cap
for limit in 8 1 32 5; do
	# A new scheduler for each limit: on a slow kernel the watchdog would eject one that runs longer.
	sched_start -l 100 -w 2 -t 30000
	await 60 "hits" hits_reach $(($(stat hits) + 1000))
	echo $limit >$CAP/limit
	sleep 1
	before1=$(stat hits) rounds1=$(stat rounds) after1=$(stat hits)
	sleep 2
	before2=$(stat hits) rounds2=$(stat rounds) after2=$(stat hits)
	rounds=$((rounds2 - rounds1))
	check "$before2 - $after1 > 100" "hits with limit $limit"
	check "$rounds * 100 >= ($before2 - $after1) * $limit * 99 && $rounds * 100 <= ($after2 - $before1) * $limit * 101" \
		"rounds per hit with limit $limit"
	sched_stop
done
check "$(stat max_rounds) == 32" "max_rounds"
unload_cap
