# SPDX-License-Identifier: GPL-2.0
# stats/by_ops has the hits of each scheduler by name, the one with the latest hit first. A
# scheduler that is loaded again keeps its line. If there are too many, the one whose latest hit
# is oldest is dropped.
. /case/guest.sh

# hit NAME BURSTS
hit() {
	sched_start -N "$1" -b 4 -n "$2" -w 2 -t 30000
	await 120 "$2 bursts" bursts_done "$2"
	sched_stop
}

load_cap limit=4
[ -z "$(stat by_ops)" ] || fail "by_ops is not empty: $(stat by_ops)"
# Two CPUs may end a burst at once, so the number of bursts is taken from the scheduler.
total=0
for name in first second first; do
	hit $name 20
	total=$((total + $(sched_value bursts)))
	eval "$name=\$((\${$name:-0} + $(sched_value bursts)))"
done
# shellcheck disable=SC2154
[ "$(stat by_ops)" = "first $first 0
second $second 0" ] || fail "first $first, second $second, but by_ops: $(stat by_ops)"
check "$(stat hits) == $total" "hits"

# A scheduler without hits is not listed.
loops=$(stat loops)
sched_start -N good -w 2
await 60 "loops" loops_reach $((loops + 1000))
sched_stop
! stat by_ops | grep -q good || fail "by_ops: $(stat by_ops)"

if [ -z "$THOROUGH" ]; then
	unload_cap
	exit 0
fi
# There is room for 16 schedulers on each CPU; bursts happen on both.
for nr in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	hit "many_$nr" 20
done
# The latest hit of "first" is newer than that of "second".
stat by_ops | grep -q '^first ' || fail "first is missing: $(stat by_ops)"
! stat by_ops | grep -q '^second ' || fail "second is still listed: $(stat by_ops)"
hit many_16 20
check "$(stat by_ops | wc -l) == 16" "schedulers listed"
! stat by_ops | grep -q '^first ' || fail "first is still listed: $(stat by_ops)"
stat by_ops | head -n 1 | grep -q '^many_16 2[0-9] 0$' || fail "by_ops: $(stat by_ops)"
unload_cap
