# SPDX-License-Identifier: GPL-2.0
# Core scheduling: who picks for a CPU picks for its sibling as well, and runs the loop of
# that one. The hit is the sibling's then, and it is the sibling that is kicked.
# needs: core-sched
# built: yes
# cpus: 2,threads=2
. /case/guest.sh

TRACE=/sys/kernel/tracing

# kicks CPU: interrupts for irq_work there
kicks() {
	awk -v column=$(($1 + 2)) '$1 == "IWI:" { print $column }' /proc/interrupts
}
# hits_of CPU BY: that CPU's hits that another has come to
hits_of() {
	grep -c "\[00$2\].* scx_loop_cap_hit: cpu=$1 " /tmp/trace || true
}

is /sys/devices/system/cpu/cpu0/topology/thread_siblings_list 0-1
load_cap limit=8
# While a task has a cookie, all picks are made for the whole core.
coresched new -- taskset 1 sh -c 'while :; do usleep 1000; done' &
with_cookie=$!
sched_start -l 100 -c 1 -s -t 30000
await 60 "hits" hits_reach 100
echo 1 >$TRACE/events/scx_loop_cap/enable
kicked=$(kicks 1)
sleep 1
echo 0 >$TRACE/events/scx_loop_cap/enable
kicked=$(($(kicks 1) - kicked))
cp $TRACE/trace /tmp/trace
check "$(hits_of 1 0) > 100" "loops of CPU 1 that CPU 0 ran into the limit"
check "$(hits_of 0 0) + $(hits_of 0 1) == 0" "hits of CPU 0, which does not loop"
check "$kicked * 100 >= ($(hits_of 1 0) + $(hits_of 1 1)) * 95" "interrupts of CPU 1"
check "$(awk '$1 == "cpu1" { n = $2 } END { print n + 0 }' $CAP/stats/hits_by_cpu) == $(stat hits)" "hits_by_cpu"
check "$(stat max_rounds) == 8" "max_rounds"
sched_stop
kill $with_cookie
wait
# The same where everything starves.
coresched new -- taskset 1 sh -c 'while :; do usleep 1000; done' &
sched_start -l 100 -w 2 -t 1000
sched_ejected
is $CAP/state active
unload_cap
