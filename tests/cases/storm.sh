# SPDX-License-Identifier: GPL-2.0
# The module is loaded and unloaded 100 times with each backend. Meanwhile schedulers are
# loaded, loop, and are ejected or removed, the limits change, all files are read, CPUs go
# offline and online, and tasks are forked and change CPU, class and cgroup. At the end the
# counters must add up, and each of these actions must have succeeded at least once. make
# test-storms runs this case with 1, 2 and 8 CPUs.
# leg: storms
# limit: 7200
. /case/guest.sh

LIMITS="1 5 31 32 33 100" PICK_LIMITS="64 0 256 1024"
cpus=$(grep -c ^processor /proc/cpuinfo)
mkdir /sys/fs/cgroup/churn /tmp/did
touch /tmp/go

# actor COMMAND...: repeat the command in the background until /tmp/go is removed. It may fail;
# did() records its successes. It sleeps in between, as it is a real-time task and, with a
# single CPU, the kernel needs that CPU to free memory.
actor() {
	while [ -e /tmp/go ]; do
		"$@" >/dev/null 2>&1
		usleep 100000
	done &
	actors="$actors $!"
}

# did WHAT: record that WHAT succeeded once more.
did() {
	echo >>"/tmp/did/$1"
}

times_done() {
	: >>"/tmp/did/$1"
	wc -l <"/tmp/did/$1"
}

# nth N WORD...: set $word to the word at N modulo the number of words.
nth() {
	shift $(($1 % ($# - 1) + 1))
	word=$1
}

# turn_knobs N: write the next values to both limits; N is where the first call begins.
turn_knobs() {
	turn=$((${turn:-$1} + 1))
	# shellcheck disable=SC2086
	nth $turn $LIMITS
	echo "$word" >$CAP/limit && did "limit-$word"
	# shellcheck disable=SC2086
	nth $((turn / 6 + turn)) $PICK_LIMITS
	echo "$word" >$CAP/pick_limit && did "pick_limit-$word"
}

read_all() {
	find $CAP -type f -exec cat {} + && did read
}

# churn_one CPU OPTION PRIORITY: start a task that changes its cgroup and class, and move it to CPU.
churn_one() {
	sh -c 'echo $$ >/sys/fs/cgroup/churn/cgroup.procs &&
		chrt "$0" -p "$1" $$ && echo >>"/tmp/did/class$0"
		usleep 10000' "$2" "$3" &
	taskset -p $((1 << $1)) $! && did affinity
}

churn() {
	for class in "-o 0" "-i 0" "-b 0" "-f 1"; do
		# shellcheck disable=SC2086
		churn_one $((class_nr % cpus)) $class
		class_nr=$((${class_nr:-0} + 1))
	done
	wait
}

# ended RC NAME: record how a scheduler exited. Each time a scheduler is enabled, the kernel
# uses some of its BPF arena, and the pinned programs keep it. When no arena is left, remove the
# pins, so that the next start loads the scheduler again.
ended() {
	[ "$1" -ne 1 ] || ! grep -q "Cannot allocate memory" /tmp/sched.out || rm -r /sys/fs/bpf/"$2"*
	[ "$1" -eq 1 ] || did "$2"
	[ "$1" -ne 0 ] || did removed
	[ "$1" -ne 3 ] || ! grep -q "runnable task stall" /tmp/sched.out || did ejected
	[ "$1" -ne 3 ] || ! grep -q "sysrq" /tmp/sched.out || did sysrq
}

# schedule: run the schedulers one after the other. They exit after -d seconds, or are ejected
# by the watchdog or sysrq-S. At most two levels, as the module, which bounds a pick, is not
# always loaded.
schedule() {
	for how in "-s -d 1" "-d 1" "-s -d 2" "-t 1000"; do
		# shellcheck disable=SC2086
		/case/scx_loop -p /sys/fs/bpf -w 2 -i 1000 -l 50 $how >/tmp/sched.out 2>&1
		ended $? loop
		[ -e /case/scx_nest ] || continue
		/case/scx_nest -p /sys/fs/bpf -t 30000 -L 2 -w 1 -i 1000 -l 50 -s -d 1 >/tmp/sched.out 2>&1
		ended $? nest
	done
}

# sysrq_eject: eject the running scheduler with sysrq-S. All CPUs of the guest are emulated by
# one CPU, so the more there are, the longer a scheduler takes to start.
sysrq_eject() {
	sleep $((cpus + 2))
	while [ -e /tmp/go ] && no_sched; do
		usleep 100000
	done
	usleep 500000
	echo S >/proc/sysrq-trigger
}

plug() {
	for n in $(seq $((cpus - 1))); do
		echo 0 >"/sys/devices/system/cpu/cpu$n/online" && did offline
		usleep 200000
		echo 1 >"/sys/devices/system/cpu/cpu$n/online" && did online
	done
	sleep 2
}

# stop_actors: stop all actors, and eject the last scheduler.
stop_actors() {
	rm /tmp/go
	# shellcheck disable=SC2086
	wait $actors
	echo S >/proc/sysrq-trigger
	await 60 "the last scheduler to be unloaded" no_sched
}

no_sched() {
	[ "$(cat /sys/kernel/sched_ext/state)" = disabled ]
}

# wait_for_hit: wait until there is a hit, but at most 6 s, as no scheduler may be running.
wait_for_hit() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		usleep 300000
		[ "$(stat hits)" -eq 0 ] || break
	done
}

for n in 1 2 3 4; do
	actor turn_knobs $n
done
actor read_all
actor churn
actor schedule
actor sysrq_eject
[ "$cpus" -eq 1 ] || actor plug

round=0 met=0
while [ $round -lt "${STORMS:-100}" ]; do
	# No other patch is on the functions, so loading must always succeed.
	load_cap >/dev/null
	wait_for_hit
	[ "$(stat hits)" -eq 0 ] || met=$((met + 1))
	is $CAP/state active >/dev/null
	unload_cap >/dev/null
	round=$((round + 1))
done
check "$met * 2 > $round" "loads with hits, of $round"

load_cap
sleep 5
stop_actors
sleep 1
hits=$(stat hits) loops=$(stat loops) rounds=$(stat rounds)
check "$rounds >= $loops && $loops >= $hits && $hits > 0" "rounds, loops and hits"
check "$(awk '{ n += $2 } END { printf "%d\n", n }' $CAP/stats/hits_by_cpu) == $hits" "sum of hits_by_cpu"
in_histogram=$(stat loop_histogram | awk '{ n += $2 } END { printf "%d\n", n }')
# A loop that is still open on a CPU is not in the histogram yet.
check "$loops - $in_histogram <= $cpus && $in_histogram <= $loops" "loops in the histogram"

what="read affinity class-o class-i class-b class-f loop removed ejected sysrq"
for value in $LIMITS; do
	what="$what limit-$value"
done
for value in $PICK_LIMITS; do
	what="$what pick_limit-$value"
done
[ ! -e /case/scx_nest ] || what="$what nest"
[ "$cpus" -eq 1 ] || what="$what offline online"
all=
for name in $what; do
	check "$(times_done "$name") > 0" "successes of $name"
	all="$all $name $(times_done "$name"),"
done
note "RESULT: $BACKEND, $cpus CPUs: $round loads, $met of them with hits; successes:${all%,}"
unload_cap
rmdir /sys/fs/cgroup/churn
rm -r /tmp/did
