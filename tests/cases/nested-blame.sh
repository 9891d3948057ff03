# SPDX-License-Identifier: GPL-2.0
# One of several nested schedulers loops: last_hit, by_ops, the log and the trace name that one,
# with its level and cgroup, and no other.
# needs: nested
. /case/guest.sh

EVENT=/sys/kernel/tracing/events/scx_loop_cap/scx_loop_cap_hit
cgroup_of() {
	find /sys/fs/cgroup -type d -name "$1" -exec ls -di {} + | awk '{ print $1 }'
}

load_cap
echo 1 >$EVENT/enable
for level in 0 1 2; do
	name=nest
	[ $level -eq 0 ] || name=nest$level
	echo >/sys/kernel/tracing/trace
	dmesg -c >/dev/null
	nest_start -L 3 -M $level -l 100 -s -w 1 -t 30000
	cgroup=1
	[ $level -eq 0 ] || cgroup=$(cgroup_of $name)
	last_is() {
		stat last_hit | grep -q " ops=$name level=$level cgroup=$cgroup kind=loop limit=32\$"
	}
	await 60 "a hit of $name" last_is
	hits=$(stat hits)
	who="scheduler \"$name\""
	[ $level -eq 0 ] || who="$who (level $level, cgroup $cgroup)"
	await 10 "the log" log_has "$who loops in ops.dispatch()"
	sched_stop
	await 10 "the summary" log_has "$who is gone"
	check "$(dmesg | grep -c 'scx_loop_cap: .*loops in ops.dispatch') == 1" "schedulers named in the log"
	dmesg | grep 'scx_loop_cap: '
	check "$(grep -c "scx_loop_cap_hit: .* limit=32 ops=$name level=$level cgroup=$cgroup kind=loop\$" /sys/kernel/tracing/trace) > 0" "hits in the trace"
	check "$(grep scx_loop_cap_hit: /sys/kernel/tracing/trace | grep -cv " ops=$name ") == 0" "hits of others in the trace"
	stat by_ops | head -n 1 | grep -q "^$name [1-9][0-9]* 0\$" ||
		fail "by_ops: $(stat by_ops)"
done
sum=$(stat by_ops | awk '{ n += $2 } END { print n }')
check "$sum == $(stat hits)" "hits by name"
check "$(stat by_ops | wc -l) == 3" "names"
check "$(stat pick_hits) == 0" "pick_hits"
check "$hits > 0" "hits"

# A parent that calls its child too often: the parent is named, not the child, which has no task to
# run.
dmesg -c >/dev/null
echo >/sys/kernel/tracing/trace
nest_start -L 2 -M 0 -r 4096 -l 100 -s -t 30000
pick_hit() {
	[ "$(stat pick_hits)" -gt 0 ]
}
await 60 "a pick to be ended" pick_hit
sched_stop
await 10 "the trace" grep -q "kind=pick" /sys/kernel/tracing/trace
check "$(grep 'kind=pick' /sys/kernel/tracing/trace | grep -cv 'rounds=1025 limit=1024 ops=nest level=0 cgroup=1 ') == 0" "pick hits of others"
stat by_ops | grep -q '^nest [0-9]* [1-9][0-9]*$' || fail "by_ops: $(stat by_ops)"
check "$(stat by_ops | awk '{ n += $3 } END { print n }') == $(stat pick_hits)" "pick hits by name"
echo 0 >$EVENT/enable
unload_cap
