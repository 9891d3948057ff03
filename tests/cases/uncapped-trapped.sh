# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, and one of four CPUs is caught when the module is loaded:
# that is too late, as docs/design.md says. The kernel's own loader waits for all CPUs
# before it calls the module, and so does much else: the other CPUs follow.
# needs: uncapped
# built: yes
# cpus: 4
# expect: hang
# log: now insmod
. /case/guest.sh

# Who wakes a task where the CPU is caught waits for its rq, and is caught too: so nothing
# else is left there, or it is chance who else gets anywhere.
for p in /proc/[0-9]*; do
	taskset -p 7 "${p#/proc/}"
done >/dev/null 2>&1
echo 7 >/sys/devices/virtual/workqueue/cpumask
heartbeat_start
echo "now $(uptime_s)"
taskset 8 sh -c 'while :; do sleep 0.1; done' &
sched_start -l 20 -c 3 -t 30000 \
	-e "echo now insmod >/dev/kmsg; insmod $CAP_KO backend=$BACKEND; echo \"loader ended: \$?\" >/dev/kmsg"
sleep 1000
