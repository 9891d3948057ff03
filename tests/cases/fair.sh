# SPDX-License-Identifier: GPL-2.0
# A scheduler that behaves never hits the limit, not even a limit of 2.
# built: yes
. /case/guest.sh

load_cap limit=2
sched_start -w 4 -d 5
sleep 3
is $CAP/state active
loops=$(stat loops)
sched_stop
check "$loops > 1000" "loops seen"
check "$(stat rounds) >= $(stat loops)" "rounds"
check "$(stat hits) == 0" "hits"
check "$(stat kicks) == 0" "kicks"
is $CAP/stats/last_hit none
unload_cap
