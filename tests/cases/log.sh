# SPDX-License-Identifier: GPL-2.0
# The first hit of each loaded scheduler makes one line in the log, naming
# scheduler, CPU, rounds and limit; after that lines are rate-limited.
. /case/guest.sh

FIRST='scheduler "loop" loops in ops.dispatch(): CPU [01] left it after 8 rounds, limit 8'
lines() {
	dmesg | grep -c "$1"
}

# The third one loops while it is being loaded, when the kernel has not counted
# it yet.
load_cap limit=8
nth=0
for after in 100 100 0 0; do
	nth=$((nth + 1))
	sched_start -l $after -w 2 -t 3000
	await 30 "hits" hits_reach 1
	# Not only when the scheduler is gone: the log is for the incident.
	await 5 "the line" log_has "$FIRST"
	! sched_state exited || fail "the line came late"
	sched_ejected
	check "$(lines "$FIRST") == $nth" "lines about the first hit"
done
check "$(lines 'scx_loop_cap: scheduler') <= 8" "lines in all, of $(stat hits) hits"
unload_cap
