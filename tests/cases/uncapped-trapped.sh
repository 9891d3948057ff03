# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, and one of four CPUs is caught when the module is loaded:
# that is too late, as docs/design.md says. The kernel's own loader waits for all CPUs
# before it calls the module, and so does much else: the other CPUs follow.
# needs: uncapped
# built: yes
# backends: direct
# cpus: 4
# expect: death
# said: loader begins
. /case/guest.sh

taskset -p 7 $$ >/dev/null
heartbeat_start
echo "now $(uptime_s)"
# To the log, as the interrupts of the serial port may be those of the CPU that is caught;
# without a sleep, as so may be those of the timer; and without a process, as to make one
# may take all CPUs.
(
	line=
	until [ "$line" = state=running ]; do
		read -r line <$STATUS
	done 2>/dev/null
	turns=0
	while [ $turns -lt 2000 ]; do turns=$((turns + 1)); done
	echo "loader begins" >/dev/kmsg
	insmod_cap
	echo "loader ended: $?" >/dev/kmsg
) &
sched_start -l 100 -c 3 -w 8 -t 30000
sleep 1000
