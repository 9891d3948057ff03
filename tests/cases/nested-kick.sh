# SPDX-License-Identifier: GPL-2.0
# needs: nested
# A pick that is ended by its limit alone, no loop of it by any: the CPU is kicked,
# once for each, and comes back at once although it has nothing to run. Whoever polls
# pick_hits is woken.
. /case/guest.sh

many() {
	[ "$(stat pick_hits)" -ge 20000 ]
}

# All are idle, and the root asks its child more often than it may.
load_cap limit=8 pick_limit=32
nest_start -L 2 -r 40 -w 1 -t 30000
/case/pollpri $CAP/stats/pick_hits 60000 >/tmp/poll || fail "not woken: $(cat /tmp/poll)"
await 120 "20000 picks" many
sched_stop
is $CAP/stats/hits 0
check "$(stat max_pick_rounds) == 33" "rounds in a pick"
# A pick that is started over can hit again before its kick.
kicks=$(stat kicks) hits=$(stat pick_hits)
check "$kicks <= $hits && $kicks * 100 >= $hits * 99" "a kick for each pick"
# Though no loop of such a pick had a second round, its time is known.
check "$(stat max_pick_ns) > 0 && $(stat max_loop_ns) == 0" "max_pick_ns"
await 10 "the summary" log_has 'is gone: it had 0 hits .* longest pick [1-9][0-9]* us'
stat by_ops | grep -q "^nest 0 $(stat pick_hits)\$" || fail "by_ops: $(stat by_ops)"
unload_cap
