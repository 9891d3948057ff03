# SPDX-License-Identifier: GPL-2.0
# Picks that reach pick_limit while none of their loops reaches limit: the CPU is kicked once
# for each, and picks again at once although it has no task to run. A poll() of pick_hits
# returns.
# needs: nested
. /case/guest.sh

many() {
	[ "$(stat pick_hits)" -ge 20000 ]
}

# All CPUs are idle, and the root calls its child 40 times in a round.
load_cap limit=8 pick_limit=32
nest_start -L 2 -r 40 -w 1 -t 30000
/case/pollpri $CAP/stats/pick_hits 60000 >/tmp/poll || fail "poll() timed out: $(cat /tmp/poll)"
await 120 "20000 picks" many
sched_stop
is $CAP/stats/hits 0
check "$(stat max_pick_rounds) == 33" "rounds in a pick"
# A pick that the kernel restarts can hit again before the kick.
kicks=$(stat kicks) hits=$(stat pick_hits)
check "$kicks <= $hits && $kicks * 100 >= $hits * 99" "a kick for each pick"
# Such a pick is timed although none of its loops had a second round.
check "$(stat max_pick_ns) > 0 && $(stat max_loop_ns) == 0" "max_pick_ns"
await 10 "the summary" log_has 'is gone: it had 0 hits .* longest pick [1-9][0-9]* us'
stat by_ops | grep -q "^nest 0 $(stat pick_hits)\$" || fail "by_ops: $(stat by_ops)"
unload_cap
