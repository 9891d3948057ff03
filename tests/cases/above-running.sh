# SPDX-License-Identifier: GPL-2.0
# Above the kernel's own cap, and the task that ran before can go on: then the kernel
# lets it when its own cap ends the loop, and the loop is over. It is no hit, and the
# rounds are not counted on in the next pick.
# needs: capped
# built: yes
# exact: yes
. /case/guest.sh

# Some bursts come when nothing can go on, such as when a task has moved away.
ended_by_kernel() {
	[ "$(stat loop_histogram | sed -n 's/^32-63 //p')" -ge 100 ]
}

load_cap limit=100
for _ in 1 2 3 4; do
	chrt -o 0 sh -c 'while :; do :; done' &
	spinning="$spinning $!"
done
sched_start -b 99 -n 1000000 -k 32 -t 30000
await 120 "loops that the kernel ended" ended_by_kernel
sched_stop
# shellcheck disable=SC2086
kill $spinning
wait
check "$(stat hits) == 0" "hits"
unload_cap
