# SPDX-License-Identifier: GPL-2.0
# Cycles of loading and unloading under a scheduler that works.
. /case/guest.sh

sched_start -w 4 -t 30000
round=0 rounds=5
[ -z "$THOROUGH" ] || rounds=20
while [ $round -lt $rounds ]; do
	load_cap limit=4
	unload_cap
	round=$((round + 1))
done
sched_state running || fail "the scheduler did not survive: $(cat $STATUS)"
sched_stop
