# SPDX-License-Identifier: GPL-2.0
# Above the kernel's own cap, and the task that ran before can go on: then the kernel
# lets it when its own cap ends the loop, and the loop is over. It is no hit, and the
# rounds are not counted on in the next pick.
# needs: capped
# built: yes
# exact: yes
. /case/guest.sh

burst=40
loops_in() {
	stat loop_histogram | sed -n "s/^$1 //p"
}
# A burst that the kernel ended. The scheduler begins it anew; if nothing can go on that
# time, as after a task has moved away, it is one loop, with a round that brings the task.
broken_reach() {
	[ "$(sched_value broken)" -ge "$1" ]
}

load_cap limit=100
for _ in 1 2 3 4; do
	chrt -o 0 sh -c 'while :; do :; done' &
	spinning="$spinning $!"
done
sched_start -b $burst -n 1000000 -k 32 -t 30000
await 120 "bursts that the kernel ended" broken_reach 1000
sched_stop
# shellcheck disable=SC2086
kill $spinning
wait
check "$(stat hits) == 0" "hits"
check "$(loops_in 16-31) + $(loops_in 64-127) == 0" "loops of another length"
# So all other loops have one round. If one of 32 went on in the next pick, the round
# there would be its 33rd, and as many would be missing here.
ended=$(sched_value broken)
ones=$(($(stat rounds) - ended * 32 - $(sched_value bursts) * (burst + 1)))
found=$(loops_in 1-1)
check "$ones - $found < $ended / 10 && $found - $ones < $ended / 10" "loops of one round"
unload_cap
