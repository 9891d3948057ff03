# SPDX-License-Identifier: GPL-2.0
# The first hit of each loaded scheduler is logged in one line with the scheduler, CPU, rounds and
# limit; further lines are rate-limited. When the scheduler is unloaded, a summary is logged.
. /case/guest.sh

FIRST='scheduler "loop" loops in ops.dispatch(): CPU [01] left it after 8 rounds, limit 8'
GONE='scheduler "loop" is gone: it had [1-9][0-9]* hits and 0 pick hits on [12] CPUs, up to 8 rounds a loop and 8 a pick, longest pick [1-9][0-9]* us'
gone() {
	[ "$(lines "$GONE")" -eq $nth ]
}
summed_up() {
	[ "$(dmesg | sed -n 's/.* it had \([0-9]*\) hits .*/\1/p' |
		awk '{ n += $1 } END { print n }')" -eq "$(stat hits)" ]
}
lines() {
	dmesg | grep -c "$1"
}

# The third and fourth ones loop while they are being loaded, before the kernel has counted them
# as loaded.
load_cap limit=8
nth=0
for after in 100 100 0 0; do
	nth=$((nth + 1))
	sched_start -l $after -w 2 -t 5000
	await 30 "hits" hits_reach 1
	# The line must be logged while the scheduler is still loaded.
	await 5 "the line" log_has "$FIRST"
	! sched_state exited || fail "the scheduler exited before the line was logged"
	sched_ejected
	check "$(lines "$FIRST") == $nth" "lines about the first hit"
	await 10 "the summary" gone
done
check "$(lines 'scx_loop_cap: scheduler') <= 12" "lines in all, of $(stat hits) hits"
# Three more, without waiting for their log lines. The summaries must add up to all hits.
for _ in 1 2 3; do
	before=$(stat hits)
	sched_start -l 0 -w 2 -t 30000
	await 30 "hits" hits_reach $((before + 1))
	sched_stop
done
await 10 "the last summary" summed_up
# Every pick ended with a hit, so the longest of them is the longest of all.
us=$(dmesg | sed -n 's/.* longest pick \([0-9]*\) us$/\1/p' | sort -n | tail -n 1)
check "$us == $(stat max_pick_ns) / 1000" "microseconds of the longest pick"
unload_cap
