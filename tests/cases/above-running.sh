# SPDX-License-Identifier: GPL-2.0
# The limit is above the kernel's own cap, and the previous task is still runnable. When its
# cap ends the loop, the kernel runs that task again and does not loop any further. This is no
# hit, and the next pick starts with a new count of rounds.
# needs: capped
# built: yes
# exact: yes
. /case/guest.sh

burst=40
loops_in() {
	stat loop_histogram | sed -n "s/^$1 //p"
}
# broken_reach N: has the kernel ended N bursts? The scheduler starts such a burst again. If
# no previous task is runnable then, for example because it moved to the other CPU, the burst is
# one loop, and one more round brings a task.
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
# So all other loops have one round. If the count of a loop of 32 rounds continued in the next
# pick, the round there would be its 33rd, and a loop of one round would be missing here.
ended=$(sched_value broken)
ones=$(($(stat rounds) - ended * 32 - $(sched_value bursts) * (burst + 1)))
found=$(loops_in 1-1)
check "$ones - $found < $ended / 10 && $found - $ones < $ended / 10" "loops of one round"
unload_cap
