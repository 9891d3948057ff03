# SPDX-License-Identifier: GPL-2.0
# stats/by_ops counts the hits of each scheduler by its name, the latest first,
# adds up what one that is loaded again does, and forgets the oldest of many.
. /case/guest.sh

# hit NAME BURSTS
hit() {
	sched_start -N "$1" -b 4 -n "$2" -w 2 -t 30000
	await 120 "$2 bursts" bursts_done "$2"
	sched_stop
}

load_cap limit=4
[ -z "$(stat by_ops)" ] || fail "somebody hit already"
# Two CPUs may burst at once, so what was done is what the scheduler says.
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

# One that behaves is not listed.
loops=$(stat loops)
sched_start -N good -w 2
await 60 "loops" loops_reach $((loops + 1000))
sched_stop
! stat by_ops | grep -q good || fail "by_ops: $(stat by_ops)"

if [ -z "$THOROUGH" ]; then
	unload_cap
	exit 0
fi
# Room is for 16 schedulers on each CPU; bursts happen on both.
for nr in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	hit "many_$nr" 20
done
# It came first, but was the last to hit of the two that were there before.
stat by_ops | grep -q '^first ' || fail "first is forgotten: $(stat by_ops)"
! stat by_ops | grep -q '^second ' || fail "second is not forgotten: $(stat by_ops)"
hit many_16 20
check "$(stat by_ops | wc -l) == 16" "schedulers listed"
! stat by_ops | grep -q '^first ' || fail "first is not forgotten: $(stat by_ops)"
stat by_ops | head -n 1 | grep -q '^many_16 2[0-9] 0$' || fail "by_ops: $(stat by_ops)"
unload_cap
