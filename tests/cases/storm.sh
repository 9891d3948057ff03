# SPDX-License-Identifier: GPL-2.0
# The module is loaded and unloaded again and again while schedulers come, loop, are
# ejected or removed, the limits change, all files are read, CPUs go and come back, and
# tasks are forked and change CPU, class and cgroup. In the end the counters add up, and
# everybody has done what they were to do.
# make test-storms runs it, with 1, 2 and 8 CPUs: 100 loads with each backend.
# leg: storms
# limit: 7200
. /case/guest.sh

LIMITS="1 5 31 32 33 100" PICK_LIMITS="64 0 256 1024"
cpus=$(grep -c ^processor /proc/cpuinfo)
mkdir /sys/fs/cgroup/churn /tmp/did
touch /tmp/go

# actor COMMAND...: again and again, until all is over. What fails is tried again; that it
# does not always fail is what did() is for. All are real-time tasks: they have to leave some
# of a single CPU to the kernel, which frees memory there.
actor() {
	while [ -e /tmp/go ]; do
		"$@" >/dev/null 2>&1
		usleep 100000
	done &
	actors="$actors $!"
}

# did WHAT: it was done once more.
did() {
	echo >>"/tmp/did/$1"
}

times_done() {
	: >>"/tmp/did/$1"
	wc -l <"/tmp/did/$1"
}

# nth N WORD...: sets $word to one of these, which are taken by turns.
nth() {
	shift $(($1 % ($# - 1) + 1))
	word=$1
}

# turn_knobs N: each begins with another value.
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

# churn_one CPU OPTION PRIORITY: somebody who changes cgroup, class and CPU.
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

# ended RC NAME: a scheduler, and how. The kernel takes some of a scheduler's arena each time
# that it is enabled, and what is pinned keeps that: so it fails one day, and begins anew.
ended() {
	[ "$1" -ne 1 ] || ! grep -q "Cannot allocate memory" /tmp/sched.out || rm -r /sys/fs/bpf/"$2"*
	[ "$1" -eq 1 ] || did "$2"
	[ "$1" -ne 0 ] || did removed
	[ "$1" -ne 3 ] || ! grep -q "runnable task stall" /tmp/sched.out || did ejected
	[ "$1" -ne 3 ] || ! grep -q "sysrq" /tmp/sched.out || did thrown-out
}

# They end by themselves, by the watchdog, or by somebody who wants them gone. Not more than
# two levels, as for moments there is no module that bounds a pick.
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

# All CPUs share what one CPU of the host can do, so the more there are the longer it takes
# until a scheduler runs at all.
throw_out() {
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

# Stay loaded until somebody has looped, but not for ever, as nobody may be there to.
meet_a_loop() {
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
actor throw_out
[ "$cpus" -eq 1 ] || actor plug

round=0 met=0
while [ $round -lt "${STORMS:-100}" ]; do
	# Nobody may have the function patched when it comes, so it always can.
	load_cap >/dev/null
	meet_a_loop
	[ "$(stat hits)" -eq 0 ] || met=$((met + 1))
	is $CAP/state active >/dev/null
	unload_cap >/dev/null
	round=$((round + 1))
done
check "$met * 2 > $round" "of $round loads, those that met loops"

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

what="read affinity class-o class-i class-b class-f loop removed ejected thrown-out"
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
	check "$(times_done "$name") > 0" "times done, $name"
	all="$all $name $(times_done "$name"),"
done
note "RESULT: $BACKEND, $cpus CPUs: $round loads, of which $met met loops; done:${all%,}"
unload_cap
rmdir /sys/fs/cgroup/churn
rm -r /tmp/did
