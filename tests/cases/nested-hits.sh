# SPDX-License-Identifier: GPL-2.0
# Every loop of a child that was ended by the limit is a hit, whatever its parent does next in the
# same pick, even if the parent puts a task on the local DSQ without a flush (-m).
# needs: nested
. /case/guest.sh

load_cap limit=4
for how in "" -m; do
	before=$(stat hits)
	# shellcheck disable=SC2086
	nest_start -L 2 -M 1 -l 100 -w 2 -t 30000 $how
	await 60 "hits" hits_reach $((before + 2000))
	sched_stop
	check "$(sched_value trips_0) > 0" "round trips of the parent"
	check "$(stat hits) == $(stat loop_histogram | sed -n 's/^4-7 //p')" "hits and loops of 4 rounds"
done
unload_cap
