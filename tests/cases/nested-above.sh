# SPDX-License-Identifier: GPL-2.0
# A limit above the kernel's own cap applies at each level: when that cap ends the loop of a child,
# the module runs the loop again, as it does for the outermost one.
# needs: nested
. /case/guest.sh

load_cap limit=100 pick_limit=0
nest_start -L 2 -M 1 -l 100 -s -w 1 -t 30000
await 60 "hits" hits_reach 500
sched_stop
check "$(stat max_rounds) == 100" "max_rounds"
stat last_hit | grep -q " rounds=100 ops=nest1 level=1 .* limit=100\$" ||
	fail "last_hit: $(stat last_hit)"
check "$(stat hits) == $(stat loop_histogram | sed -n 's/^64-127 //p')" "loops of 100 rounds"

# Both levels.
echo 40 >$CAP/limit
nest_start -L 2 -l 100 -s -w 1 -t 30000
before=$(stat hits)
await 60 "hits" hits_reach $((before + 2000))
sched_stop
check "$(stat max_pick_rounds) == 40 * 40 + 40" "max_pick_rounds"
unload_cap
