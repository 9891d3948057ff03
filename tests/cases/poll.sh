# SPDX-License-Identifier: GPL-2.0
# A poll() of stats/hits returns after a hit, while the scheduler still loops, and not without one.
. /case/guest.sh

load_cap
/case/pollpri $CAP/stats/hits 1000 >/tmp/poll && fail "poll() returned without a hit"
sched_start -w 2 -l 5000 -t 30000
/case/pollpri $CAP/stats/hits 60000 >/tmp/poll || fail "poll() timed out: $(cat /tmp/poll)"
sched_state running || fail "poll() returned after the scheduler had exited"
check "$(tail -n 1 /tmp/poll) > 0" "hits after poll()"
# It works more than once.
/case/pollpri $CAP/stats/hits 60000 >/tmp/poll || fail "the second poll() timed out"
check "$(tail -n 1 /tmp/poll) > $(head -n 1 /tmp/poll)" "hits went up"
sched_stop
unload_cap
