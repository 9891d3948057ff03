# SPDX-License-Identifier: GPL-2.0
# Schedulers that loop by dispatching real tasks elsewhere: to the local DSQ of another CPU (the
# kernel drops the rq lock meanwhile), and to a user DSQ that nothing consumes.
. /case/guest.sh

for mode in remote user; do
	load_cap limit=8
	sched_start -l 100 -m $mode -w 2 -t $((1000 * SLOWER))
	sched_ejected
	check "$(stat hits) > 1000" "hits, $mode"
	check "$(stat max_rounds) == 8" "max_rounds, $mode"
	unload_cap
done
