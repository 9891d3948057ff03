# SPDX-License-Identifier: GPL-2.0
# The module is loaded and unloaded again and again while schedulers come, loop, are
# ejected or removed, the limits change, all files are read, CPUs go and come back, and
# tasks are forked and change CPU, class and cgroup. In the end the counters add up.
# make test-storms runs it, with 1, 2 and 8 CPUs.
# leg: storms
# limit: 7200
. /case/guest.sh

cpus=$(grep -c ^processor /proc/cpuinfo)
touch /tmp/go
mkdir /sys/fs/cgroup/churn

# actor COMMAND...: again and again, until all is over.
actor() {
	while [ -e /tmp/go ]; do
		"$@" >/dev/null 2>&1
		usleep 20000
	done &
	actors="$actors $!"
}

# one_of WORD...: by turns, differently for each actor.
one_of() {
	turn=$((${turn:-$1} + 7))
	shift $((turn % $#))
	echo "$1"
}

turn_knobs() {
	one_of 1 5 31 32 33 100 >$CAP/limit
	one_of 64 0 256 1024 >$CAP/pick_limit
}

read_all() {
	cat $CAP/* $CAP/stats/*
}

churn() {
	for class in -o -i -b; do
		sh -c "echo \$\$ >/sys/fs/cgroup/churn/cgroup.procs
			chrt $class -p 0 \$\$; usleep 10000" &
		taskset -p $((1 << (class_nr % cpus))) $!
		class_nr=$((${class_nr:-0} + 1))
	done
	wait
}

# They end by themselves, by the watchdog, or by somebody who wants them gone. Not more than
# two levels, as for moments there is no module that bounds a pick.
schedule() {
	for how in "-s -d 1" "-d 1" "-s -d 2" "-t 1000"; do
		# shellcheck disable=SC2086
		/case/scx_loop -p /sys/fs/bpf -w 2 -i 1000 -l 50 $how
		[ ! -e /case/scx_nest ] ||
			/case/scx_nest -p /sys/fs/bpf -t 30000 -L 2 -w 1 -i 1000 -l 50 -s -d 1
	done
}

# All CPUs share what one CPU of the host can do, so the more there are the longer it takes
# until a scheduler runs at all.
throw_out() {
	sleep $((cpus + 2))
	echo S >/proc/sysrq-trigger
}

plug() {
	for n in $(seq $((cpus - 1))); do
		echo 0 >"/sys/devices/system/cpu/cpu$n/online"
		usleep 200000
		echo 1 >"/sys/devices/system/cpu/cpu$n/online"
	done
	sleep 2
}

# How long somebody who is started may need to go.
settle_actors() {
	rm /tmp/go
	# shellcheck disable=SC2086
	wait $actors
	echo S >/proc/sysrq-trigger
	await 60 "the last scheduler to go" no_sched
}

no_sched() {
	[ "$(cat /sys/kernel/sched_ext/state)" = disabled ]
}

for _ in 1 2 3 4; do
	actor turn_knobs
done
actor read_all
actor churn
actor schedule
actor throw_out
[ "$cpus" -eq 1 ] || actor plug

round=0 hits=0
while [ $round -lt "${STORMS:-200}" ]; do
	# Nobody may have the function patched when it comes, so it always can.
	load_cap >/dev/null
	usleep 300000
	hits=$((hits + $(stat hits)))
	is $CAP/state active >/dev/null
	unload_cap >/dev/null
	round=$((round + 1))
done
check "$hits > 0" "hits in $round loads"

load_cap
sleep 5
settle_actors
sleep 1
hits=$(stat hits) loops=$(stat loops) rounds=$(stat rounds)
check "$rounds >= $loops && $loops >= $hits && $hits > 0" "rounds, loops and hits"
check "$(awk '{ n += $2 } END { printf "%d\n", n }' $CAP/stats/hits_by_cpu) == $hits" "sum of hits_by_cpu"
in_histogram=$(stat loop_histogram | awk '{ n += $2 } END { printf "%d\n", n }')
# A loop that is still open on a CPU is not filed yet.
check "$loops - $in_histogram <= $cpus && $in_histogram <= $loops" "loops in the histogram"
note "RESULT: $BACKEND, $cpus CPUs: $round loads, $hits hits after the last"
unload_cap
rmdir /sys/fs/cgroup/churn
