# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make bench-overhead"; runs in place of a case. The guest's
# clock counts instructions.
# shellcheck shell=sh
. /case/guest.sh

uptime() {
	cut -d' ' -f1 /proc/uptime
}

# measure NAME: instructions per ops.dispatch() of the scheduler that runs, the
# tasks it runs included.
measure() {
	sleep 1
	from=$(uptime) before=$(sched_value dispatches)
	sleep 4
	to=$(uptime) after=$(sched_value dispatches)
	awk -v n="$1" -v t="$from" -v u="$to" -v d=$((after - before)) \
		'BEGIN { printf "RESULT %s=%.0f\n", n, (u - t) * 1e9 / d }'
	sched_stop
}

both() {
	sched_start -w 1 -i 0
	measure "$1_flat"
	[ ! -e /case/scx_nest ] || {
		nest_start -L 2 -w 1 -i 0
		measure "$1_nested"
	}
}

both stock
load_cap
both loaded
unload_cap
