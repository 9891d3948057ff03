# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap: one of four CPUs already loops when the module is loaded. That is
# too late, as docs/design.md says. The kernel's module loader waits for all CPUs before it
# calls the module, and so do other parts of the kernel, such as RCU, so that the other CPUs
# get stuck as well: the guest must hang. Whether insmod gets as far as its system call before
# that depends on chance.
# needs: uncapped
# built: yes
# cpus: 4
# append: tsc=reliable
# expect: hang
# log: scx_loop: loops, runs the command
. /case/guest.sh

# With tsc=reliable no clocksource watchdog waits for the looping CPU before insmod does.
# A CPU that wakes a task on the looping CPU waits for its rq lock and gets stuck as well. So
# all other tasks are moved away from CPU 3; otherwise the result depends on chance.
for p in /proc/[0-9]*; do
	taskset -p 7 "${p#/proc/}"
done >/dev/null 2>&1
echo 7 >/sys/devices/virtual/workqueue/cpumask
heartbeat_start
echo "now $(uptime_s)"
taskset 8 sh -c 'while :; do sleep 0.1; done' &
sched_start -l 20 -c 3 -t 30000 \
	-e "insmod $CAP_KO backend=$BACKEND; echo \"loader ended: \$?\" >/dev/kmsg"
sleep 1000
