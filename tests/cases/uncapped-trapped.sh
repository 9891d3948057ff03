# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, and one of four CPUs is caught when the module is loaded:
# that is too late, as docs/design.md says. The kernel's own loader waits for all CPUs
# before it calls the module, and so does much else: the other CPUs follow.
# needs: uncapped
# built: yes
# backends: direct
# cpus: 4
# expect: death
# said: scx_loop: loops, runs the command
. /case/guest.sh

taskset -p 7 $$ >/dev/null
heartbeat_start
echo "now $(uptime_s)"
sched_start -l 100 -c 3 -w 8 -t 30000 \
	-e "insmod $CAP_KO backend=$BACKEND; echo \"loader ended: \$?\" >/dev/kmsg"
sleep 1000
