# SPDX-License-Identifier: GPL-2.0
# The incident drill of docs/operations.md, command by command: one of three nested schedulers
# loops; find it, lower the limit, remove it. VERBOSE=1 shows the transcript.
# needs: nested
. /case/guest.sh

# run COMMAND: print and run a command as an administrator would type it; keep its output for shows
run() {
	echo "# $1"
	eval "$1" >/tmp/out 2>&1 || fail "$1: $(cat /tmp/out)"
	cat /tmp/out
}

# shows PATTERN: fail unless the output of the last command matches
shows() {
	grep -Eq "$1" /tmp/out || fail "no line of the output matches \"$1\""
}

load_cap
nest_start -L 3 -M 2 -l 100 -s -w 1 -i 0 -t 30000
await 60 "hits" hits_reach 1000
await 10 "the log" log_has "loops in ops.dispatch"
cd $CAP || exit

run "dmesg | grep 'scx_loop_cap: .* loops in' | tail -n 1"
shows 'scheduler "nest2" \(level 2, cgroup [0-9]*\) loops in ops.dispatch'
run "cat state limit pick_limit"
shows active
run "cat stats/hits; sleep 1; cat stats/hits"
[ "$(head -n 1 /tmp/out)" -lt "$(tail -n 1 /tmp/out)" ] || fail "no rate"
run "cat stats/by_ops"
shows '^nest2 [1-9][0-9]* 0$'
run "cat stats/hits_by_cpu"
shows '^cpu[01] [1-9]'
run "cat stats/last_hit"
shows 'ops=nest2 level=2 cgroup=[0-9]+ kind=loop limit=32$'
cgroup=$(sed 's/.* cgroup=\([0-9]*\) .*/\1/' /tmp/out)
run "find /sys/fs/cgroup -type d -exec ls -di {} + | grep '^ *$cgroup '"
shows '/nest1/nest2$'
dir=$(awk '{ print $2 }' /tmp/out)
run "wc -l <$dir/cgroup.procs"
shows '^[1-9]'
run "head -n 6 stats/loop_histogram"
shows '^32-63 [1-9]'
run "cat stats/max_loop_ns stats/max_pick_ns stats/max_pick_rounds"

echo 1 >/sys/kernel/tracing/events/scx_loop_cap/scx_loop_cap_hit/enable
sleep 1
run "grep -m 2 scx_loop_cap_hit: /sys/kernel/tracing/trace"
shows 'ops=nest2 '
echo 0 >/sys/kernel/tracing/events/scx_loop_cap/scx_loop_cap_hit/enable

run "echo 4 >limit"
sleep 1
run "cat stats/last_hit"
shows 'rounds=4 .* limit=4$'

run "echo S >/proc/sysrq-trigger"
await 60 "the schedulers to exit" sched_state exited
await 10 "the summary" log_has "is gone"
run "cat /sys/kernel/sched_ext/state"
shows disabled
run "dmesg | grep 'scx_loop_cap: .* is gone'"
shows 'scheduler "nest2" \(level 2, cgroup [0-9]*\) is gone: it had [1-9]'
run "cat stats/hits; sleep 2; cat stats/hits"
[ "$(head -n 1 /tmp/out)" -eq "$(tail -n 1 /tmp/out)" ] || fail "hits go on"
cd / || exit
wait "$SCHED_PID"
unload_cap
