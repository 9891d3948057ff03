# SPDX-License-Identifier: GPL-2.0
# Unpatching and unloading while a scheduler loops at full speed, and loading
# again into the same storm.
. /case/guest.sh

sched_start -l 100 -s -w 1 -i 0 -t 30000
for round in 1 2 3; do
	load_cap limit=$((round * 4))
	await 60 "hits" hits_reach 500
	sched_state running || fail "the storm is over: $(cat $STATUS)"
	unload_cap
done
sched_stop
