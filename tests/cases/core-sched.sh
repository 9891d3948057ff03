# SPDX-License-Identifier: GPL-2.0
# Core scheduling: a CPU also picks for its sibling and runs the sibling's loop. A hit in that
# loop must kick the sibling. Not on kernels with a vendor's dispatch loop, which run none for a
# sibling.
# needs: core-sched
# built: plain
# cpus: 2,threads=2
. /case/guest.sh

TRACE=/sys/kernel/tracing

# kicked CPU: the number of its interrupts that run an irq_work, sent by itself or another CPU
kicked() {
	awk -v column=$(($1 + 2)) '$1 == "IWI:" || $1 == "CAL:" { n += $column } END { print n }' \
		/proc/interrupts
}
enough() {
	[ "$(hits_on 0)" -ge "$1" ]
}

is /sys/devices/system/cpu/cpu0/topology/thread_siblings_list 0-1
load_cap limit=8
# While a task that is started here runs on CPU 0, CPU 1 may run no other tasks. All of them are
# on CPU 0, and the scheduler loops in dispatches for CPU 1.
coresched new -d $$
taskset -p 1 $$ >/dev/null
# shellcheck disable=SC2046
sched_start $(core_options) -l 100 -c 1 -s -w 1 -i 0 -t 30000
await 60 "hits" hits_reach 100
irqs=$(kicked 1) kicks=$(stat kicks) before=$(hits_on 0)
echo 1 >$TRACE/events/scx_loop_cap/enable
await 120 "hits on CPU 0 in loops of CPU 1" enough $((before + 500))
echo 0 >$TRACE/events/scx_loop_cap/enable
kicks=$(($(stat kicks) - kicks)) irqs=$(($(kicked 1) - irqs))
grep scx_loop_cap_hit: $TRACE/trace >/tmp/trace
check "$(grep -c '\[000\]' /tmp/trace) >= 400" "hits on CPU 0"
check "$(grep -c ' cpu=1 ' /tmp/trace) == $(grep -c . /tmp/trace)" "all of them in loops of CPU 1"
check "$kicks >= 400" "kicks"
check "$irqs >= $kicks - 2" "interrupts of CPU 1"
sched_stop
check "$(stat max_rounds) == 8" "max_rounds"

# The same with a scheduler that starves all tasks.
# shellcheck disable=SC2046
sched_start $(core_options) -l 100 -w 2 -t 1000
sched_ejected
is $CAP/state active
unload_cap
