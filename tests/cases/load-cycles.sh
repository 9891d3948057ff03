# SPDX-License-Identifier: GPL-2.0
# Load and unload the module again and again while a scheduler without the bug runs.
. /case/guest.sh

sched_start -w 4 -t 30000
round=0 rounds=5
[ -z "$THOROUGH" ] || rounds=20
while [ $round -lt $rounds ]; do
	load_cap limit=4
	unload_cap
	round=$((round + 1))
done
sched_state running || fail "the scheduler has exited: $(cat $STATUS)"
sched_stop
