# SPDX-License-Identifier: GPL-2.0
# scx_central searches its queue for a task that can run on the CPU it serves. Each task that
# cannot takes a slot of its dispatch buffer; when the buffer is full, ops.dispatch() returns
# and the kernel's loop runs another round. With 1400 such tasks, 32 rounds are not enough: the
# loop makes progress, but it is ended at the limit and recorded as a hit of "central". Run with
# a limit of 32, where the kernel's own cap ends the loop, and of 16, where the module does.
# leg: schedulers
# limit: 1800
. /case/guest.sh

# All 1400 tasks are pinned to scx_central's central CPU, 0, which serves CPU 1 first.
CROWD=1400
WAKEUPS=8
LIMIT=${LIMIT:-32}

# crowd_start: start the tasks, which block in open() of a pipe until all are woken at once.
crowd_start() {
	mkfifo /tmp/gate
	# shellcheck disable=SC2016
	taskset 1 chrt -o 0 sh -c 'n=$0
		while [ $n -gt 0 ]; do
			(while :; do read -r _ </tmp/gate; done) &
			n=$((n - 1))
		done
		wait' $CROWD &
	CROWD_PID=$!
	await 300 "the crowd" crowd_waits
}

crowd() {
	cat "/proc/$CROWD_PID/task/$CROWD_PID/children"
}

crowd_waits() {
	[ "$(crowd | wc -w)" -eq $CROWD ]
}

example_require central
crowd_start
load_cap limit="$LIMIT"
example_start central
chrt -o 0 sh -c 'while :; do cut -d" " -f1 /proc/uptime; usleep 100000; done' >/tmp/ticks &
ticker=$!
n=0
while [ $n -lt $WAKEUPS ]; do
	taskset 1 sh -c ': >/tmp/gate'
	sleep 6
	example_runs
	n=$((n + 1))
done
kill $ticker
wait $ticker
cat /proc/uptime >>/tmp/ticks
example_stop
# shellcheck disable=SC2046
kill -9 $CROWD_PID $(crowd)
wait $CROWD_PID
hits=$(stat hits)
gap=$(longest_gap /tmp/ticks)
note "RESULT: $BACKEND, central, limit $LIMIT: $(stat rounds) rounds in $(stat loops) loops, max_rounds $(stat max_rounds), hits $hits, pick_hits $(stat pick_hits); longest wait of a task for its CPU: $gap ms"
note "$(tail -n 4 /tmp/example.out)"
note "$(stat last_hit)"
check "$(stat max_rounds) == $LIMIT" "max_rounds"
[ "$LIMIT" -eq "$KERNEL_LIMIT" ] || check "$(stat kicks) > 0" "kicks"
check "$gap < 5000" "longest wait in ms"
check "$hits > 0" "hits"
is $CAP/stats/pick_hits 0
is $CAP/stats/by_ops "central $hits 0"
stat last_hit | grep -q ' ops=central ' || fail "last_hit: $(stat last_hit)"
unload_cap
rm /tmp/gate /tmp/ticks
