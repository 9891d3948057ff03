# SPDX-License-Identifier: GPL-2.0
# A nohz_full CPU: its loops are ended as those of any other CPU, it is kicked, and the watchdog
# ejects the scheduler. (Not with isolcpus=domain: sched_ext refuses to load schedulers then.)
# needs: nohz-full
# append: nohz_full=1 isolcpus=managed_irq,1 rcu_nocbs=1
. /case/guest.sh

is /sys/devices/system/cpu/nohz_full 1
load_cap limit=8
taskset 2 sh -c 'while :; do usleep 10000; done' &
waking=$!
sched_start -l 100 -c 1 -s -t 30000
await 60 "hits" hits_reach 1000
# The task on this CPU wakes up only a hundred times a second.
before=$(stat hits)
sleep 2
check "$(stat hits) - $before > 1000" "hits in two seconds, as it is kicked"
sched_stop
sched_start -l 100 -c 1 -t 1000
sched_ejected
check "$(sched_ejected_ms) < 20000" "ejected in time"
check "$(hits_on 1) == $(stat hits)" "hits of the CPU without a tick"
check "$(stat max_rounds) == 8" "max_rounds"
sched_start -b 8 -n 200 -w 2 -t 30000
await 200 "200 bursts" bursts_done 200
sched_stop
is $CAP/state active
unload_cap
kill $waking
wait
