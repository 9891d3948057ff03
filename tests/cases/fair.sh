# SPDX-License-Identifier: GPL-2.0
# A scheduler without the bug never hits the limit, not even a limit of 1: a loop ends with the
# round that brings a task, and with a round after which the previous task is kept.
# built: yes
. /case/guest.sh

refilled() {
	[ "$(sched_value useless)" -ge 100 ]
}

load_cap limit=1
sched_start -w 4 -d 5
sleep 3
is $CAP/state active
loops=$(stat loops)
sched_stop
check "$loops > 1000" "loops seen"
check "$(stat rounds) >= $(stat loops)" "rounds"
check "$(stat hits) == 0" "hits"
check "$(stat kicks) == 0" "kicks"

chrt -o 0 sh -c 'while :; do :; done' &
spinning=$!
sched_start -r
await 60 "100 rounds that keep the previous task" refilled
sched_stop
kill $spinning
wait
check "$(stat hits) == 0" "hits"
check "$(stat kicks) == 0" "kicks"
is $CAP/stats/last_hit none
unload_cap
