# SPDX-License-Identifier: GPL-2.0
# Nested schedulers without the bug never hit a limit, and the tasks of every level run. A pick has
# one round a level; if each parent calls its child 20 times, it has up to 421.
# needs: nested
# cpus: 4
. /case/guest.sh

load_cap
nest_start -L 4 -w 4 -d 6 -t 30000
sleep 3
is $CAP/state active
await 60 "the end" sched_state exited
wait "$SCHED_PID"
for level in 0 1 2 3; do
	check "$(sched_value trips_$level) > 100" "round trips at level $level"
done
check "$(stat loops) > 1000" "loops"
for f in hits pick_hits kicks; do
	is $CAP/stats/$f 0
done
check "$(stat max_pick_rounds) <= 4" "rounds in a pick"
note "RESULT: $(stat max_pick_rounds) rounds in a pick of four levels"

# The kernel allows no fifth level, so a pick exceeds its limit by at most 3 rounds.
! /case/scx_nest -L 5 -d 1 >/tmp/out 2>&1 || fail "five levels were accepted"
grep "level 4: cannot attach" /tmp/out || fail "$(cat /tmp/out)"

# The kernel accepts no child scheduler while it is still removing others.
sleep $((2 * SLOWER))
nest_start -L 3 -r 20 -w 4 -d $((3 * SLOWER)) -t 30000
await 60 "the end" sched_state exited
wait "$SCHED_PID"
for f in hits pick_hits kicks; do
	is $CAP/stats/$f 0
done
most=$(stat max_pick_rounds)
check "$most <= 421" "rounds in a pick"
# On a slow kernel some child always has a task, so a pick ends earlier.
[ "$SLOWER" -gt 1 ] || check "$most > 300" "rounds in a pick that finds nothing"
is $CAP/stats/last_hit none
[ -z "$(stat by_ops)" ] || fail "by_ops: $(stat by_ops)"
unload_cap
