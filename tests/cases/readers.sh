# SPDX-License-Identifier: GPL-2.0
# stats/by_ops and last_hit are read while schedulers are loaded, loop at full speed and are
# unloaded: a reader never sees part of a name, or a name that does not exist.
# cpus: 4
. /case/guest.sh

NAMES="a a_long_name_for_a_scheduler_that_loops b.2 c"
NAME='(a|a_long_name_for_a_scheduler_that_loops|b\.2|c)'

# lines_reach N: has each reader read so many lines?
lines_reach() {
	[ "$(wc -l </tmp/read.2)" -ge "$1" ] && [ "$(wc -l </tmp/read.3)" -ge "$1" ]
}

[ -n "$THOROUGH" ] || NAMES="a b.2"
load_cap limit=4
touch /tmp/go
# The readers run on CPUs 2 and 3, one on each. While they run, only the other two CPUs loop.
for cpu in 2 3; do
	# shellcheck disable=SC2016 # $0 is for the inner shell
	taskset -c $cpu sh -c 'while [ -e /tmp/go ]; do
		cat $0/stats/by_ops $0/stats/last_hit
		usleep 2000
	done' $CAP >/tmp/read.$cpu &
done
# The first scheduler is loaded again at the end.
lines=0
for name in $NAMES a; do
	before=$(stat hits)
	sched_start -N "$name" -l 0 -w 4 -t 30000
	await 60 "hits" hits_reach $((before + 500))
	lines=$((lines + 50))
	await 60 "lines read" lines_reach $lines
	sched_stop
done
rm /tmp/go
sleep 1
for cpu in 2 3; do
	grep -vxE "none|$NAME [0-9]+ 0|boottime_ns=[0-9]+ cpu=[0-3] rounds=4 ops=$NAME level=0 cgroup=1 kind=loop limit=4" \
		/tmp/read.$cpu >/tmp/bad && fail "read $(head -n 3 /tmp/bad)"
done
sum=$(stat by_ops | awk '{ n += $2 } END { printf "%d\n", n }')
check "$sum == $(stat hits)" "hits by name"
# shellcheck disable=SC2086
set -- $NAMES
check "$(stat by_ops | wc -l) == $#" "names"
unload_cap
