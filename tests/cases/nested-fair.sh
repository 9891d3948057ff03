# SPDX-License-Identifier: GPL-2.0
# needs: nested
# cpus: 4
# Nested schedulers that behave never hit any limit, and the tasks of every level
# run. A pick of theirs has one round a level, and if each child is asked again and again
# about as many rounds as that.
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

# Deeper is not possible, so a pick can exceed its limit by no more than 3 rounds.
! /case/scx_nest -L 5 -d 1 >/tmp/out 2>&1 || fail "five levels were accepted"
grep "level 4: cannot attach" /tmp/out || fail "$(cat /tmp/out)"

# No child is let in while the kernel is busy with taking others away.
sleep $((2 * SLOWER))
nest_start -L 3 -r 20 -w 4 -d $((3 * SLOWER)) -t 30000
await 60 "the end" sched_state exited
wait "$SCHED_PID"
for f in hits pick_hits kicks; do
	is $CAP/stats/$f 0
done
most=$(stat max_pick_rounds)
check "$most <= 421" "rounds in a pick"
# On a slow kernel some child has a task whenever it is asked.
[ "$SLOWER" -gt 1 ] || check "$most > 300" "rounds in a pick that finds nothing"
is $CAP/stats/last_hit none
[ -z "$(stat by_ops)" ] || fail "by_ops: $(stat by_ops)"
unload_cap
