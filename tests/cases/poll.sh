# SPDX-License-Identifier: GPL-2.0
# stats/hits wakes those who poll it, while the scheduler still loops, and only
# when there was a hit.
. /case/guest.sh

load_cap
/case/pollpri $CAP/stats/hits 1000 >/tmp/poll && fail "woken without a hit"
sched_start -w 2 -l 5000 -t 30000
/case/pollpri $CAP/stats/hits 60000 >/tmp/poll || fail "not woken: $(cat /tmp/poll)"
sched_state running || fail "woken after the scheduler was gone"
check "$(tail -n 1 /tmp/poll) > 0" "hits when woken"
# And again, so it is not a one-time thing.
/case/pollpri $CAP/stats/hits 60000 >/tmp/poll || fail "not woken again"
check "$(tail -n 1 /tmp/poll) > $(head -n 1 /tmp/poll)" "hits went up"
sched_stop
unload_cap
