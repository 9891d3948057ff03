# SPDX-License-Identifier: GPL-2.0
# A limit above the kernel's own cap, with a scheduler that drops the rq lock in its loop and kicks
# the CPU that it sends tasks to with SCX_KICK_WAIT. The kernel then waits for that CPU in a balance
# callback. If the loop were run again while one is queued, the lock would be dropped with a callback
# queued: another CPU may run the callback, which then does not wait, and the kernel warns. It also
# warns if the loop is run again when the lock was dropped and the clock is out of date.
# needs: capped nested
# built: plain
# nocore: yes
# cpus: 4,threads=2
. /case/guest.sh

waits_reach() {
	[ "$(sched_value waits)" -ge "$1" ]
}

taskset -p 8 $$ >/dev/null
load_cap limit=100
for options in "" -Y; do
	[ -z "$options" ] || grep -q " sched_core_share_pid$" /proc/kallsyms || continue
	# shellcheck disable=SC2086
	sched_start -C -l 100 -m feed -f 2 -W -c 0 -s -w 1 -a 0 -i 300000 -P 3 $options -t 30000
	[ "$(sched_value can_kick)" -eq 1 ] ||
		{ sched_stop; skip "libbpf does not find this kernel's scx_bpf_kick_cpu()"; }
	await 30 "waits" waits_reach 300
	sched_stop
	note "$(cat $STATUS)"
	check "$(sched_value lost_waits) == 0" "lost_waits"
	check "$(sched_value max_loop) <= 100" "max_loop"
	is $CAP/state active
done
check "$(stat max_rounds) > 32 && $(stat max_rounds) <= 100" "max_rounds"
unload_cap
