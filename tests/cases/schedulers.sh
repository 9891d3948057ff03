# SPDX-License-Identifier: GPL-2.0
# One of the kernel's own schedulers under a mixed load, for a minute. It does not loop, so
# there must be no hits. make test-schedulers runs this case for each scheduler, with its name
# in EXAMPLE.
# leg: schedulers
# limit: 1800
. /case/guest.sh

SECONDS_OF_LOAD=60

# task CGROUP SCRIPT: start a SCHED_OTHER task that runs until load_stop.
task() {
	# shellcheck disable=SC2016
	chrt -o 0 sh -c 'echo $$ >"/sys/fs/cgroup/$0/cgroup.procs" && eval "$1"' "$1" "$2" &
	TASKS="$TASKS $!"
}

# load_start: start the same kinds of tasks in two cgroups, as scx_flatcg schedules by cgroup.
load_start() {
	TASKS='' HOGS=''
	echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
	for g in a b; do
		mkdir -p /sys/fs/cgroup/$g
		mkfifo /tmp/sleep-$g /tmp/ping-$g /tmp/pong-$g
		for _ in 1 2; do
			task $g 'while :; do :; done'
			HOGS="$HOGS $!"
		done
		# read -t sleeps without forking a process.
		for _ in 1 2; do
			task $g "exec 3<>/tmp/sleep-$g; while :; do read -r -t 0.005 _ <&3; done"
		done
		task $g "exec 3<>/tmp/ping-$g 4<>/tmp/pong-$g
			while read -r _ <&3; do echo >&4; done"
		# One line of output for each round trip.
		task $g "exec 3<>/tmp/pong-$g 4<>/tmp/ping-$g; echo >&4
			while read -r _ <&3; do echo >&4; echo; done >/tmp/pairs-$g"
		task $g "while :; do (:); echo; done >/tmp/forks-$g"
	done
	echo 200 >/sys/fs/cgroup/b/cpu.weight
	task a "exec 3<>/tmp/sleep-a
		while :; do read -r up _ </proc/uptime; echo \$up; read -r -t 0.1 _ <&3; done >/tmp/ticks"
	# shellcheck disable=SC2086
	affinity_changes $HOGS >/dev/null &
	TASKS="$TASKS $!"
}

affinity_changes() {
	while :; do
		for mask in 1 2 3; do
			for pid; do
				taskset -p $mask "$pid"
				usleep 20000
			done
		done
	done
}

load_stop() {
	# shellcheck disable=SC2086
	kill -9 $TASKS
	# shellcheck disable=SC2086
	wait $TASKS 2>/dev/null
	for g in a b; do
		await 60 "the tasks to go" rmdir /sys/fs/cgroup/$g 2>/dev/null
	done
}

example_require "$EXAMPLE"
load_cap limit=32
example_start "$EXAMPLE"
load_start
sleep $SECONDS_OF_LOAD
example_runs
cat /proc/uptime >>/tmp/ticks
load_stop
example_stop
loops=$(stat loops) rounds=$(stat rounds)
pairs=$(cat /tmp/pairs-? | wc -l) forks=$(cat /tmp/forks-? | wc -l)
ticks=$(wc -l </tmp/ticks)
gap=$(longest_gap /tmp/ticks)
note "RESULT: $BACKEND, $EXAMPLE: $rounds rounds in $loops loops, max_rounds $(stat max_rounds), hits $(stat hits), pick_hits $(stat pick_hits)"
note "RESULT: $pairs round trips, $forks forks; longest wait of a task for its CPU: $gap ms"
check "$loops > 1000 && $rounds >= $loops" "loops and rounds"
check "$pairs > 50 && $forks > 50 && $ticks > 50" "round trips, forks and ticks"
check "$gap < 5000" "longest wait in ms"
is $CAP/stats/hits 0
is $CAP/stats/pick_hits 0
is $CAP/stats/last_hit none
unload_cap
rm /tmp/*-a /tmp/*-b /tmp/ticks
