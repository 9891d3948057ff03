# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make bench-overhead"; runs in place of a case. Prints lines
# VARIANT/SITUATION=INSTRUCTIONS, see bench/overhead.sh.
# shellcheck shell=sh
. /case/guest.sh

PASSES=40000

# A number of dispatches that a scheduler never comes to.
NEVER=9000000000000000000

# measure SITUATION METER-ARGUMENT...
measure() {
	_situation=$1
	shift
	_took=$(/case/meter "$@") || fail "meter $*"
	echo "RESULT $variant/$_situation=$_took"
}

# dispatched LOW HIGH: what the scheduler that was stopped did is what was to be measured.
# Other tasks dispatch, too, but seldom.
dispatched() {
	_did=$(sched_value dispatches)
	check "$_did >= $1 && $_did <= $2" "dispatches"
}

# Loops of so many rounds, the last of which brings the task.
rounds() {
	if [ "$1" -eq 1 ]; then
		sched_start
	else
		sched_start -b $(($1 - 1))
	fi
	measure "rounds-$1" pass $PASSES
	sched_stop
	dispatched $((PASSES * $1)) $((PASSES * $1 * 6 / 5))
}

# Whoever moves to the child's cgroup as a real-time task is not the child's everywhere, but
# those that are forked there are.
nested() {
	nest_start -L 2
	_took=$(
		echo 0 >/sys/fs/cgroup/nest.pinned/nest1/cgroup.procs &&
			sh -c "/case/meter pass $PASSES; exit \$?"
	) || fail "meter pass"
	echo "RESULT $variant/nested=$_took"
	sched_stop
	_did=$(sched_value sub_true)
	check "$_did >= $PASSES && $_did <= $PASSES * 6 / 5" "tasks that the child brought"
}

# example NAME: a scheduler of the kernel's own; not all can be loaded into all kernels.
example() {
	[ -x "/case/$1" ] || return 0
	"/case/$1" </dev/null >/tmp/example.out 2>&1 &
	_pid=$!
	await 120 "$1" example_settled
	if ! grep -q enabled /sys/kernel/sched_ext/state; then
		wait "$_pid"
		echo "RESULT without/$1=$(grep -m 1 -E "resolved|fail|EXIT" /tmp/example.out | tr '=' ' ')"
		return
	fi
	measure "$1" pass $PASSES
	grep -q enabled /sys/kernel/sched_ext/state || fail "$1 is gone: $(tail -n 3 /tmp/example.out)"
	kill -INT "$_pid"
	wait "$_pid"
}

example_settled() {
	grep -q enabled /sys/kernel/sched_ext/state || [ ! -d "/proc/$_pid" ]
}

all() {
	variant=$1
	rounds 1
	rounds 4
	rounds 16

	sched_start -g
	measure global pass $PASSES
	sched_stop
	dispatched $PASSES $((PASSES * 6 / 5))

	# Tasks go to the local DSQ as they wake up.
	sched_start -l $NEVER -s
	measure local pass $PASSES
	sched_stop
	dispatched 0 $((PASSES / 10))

	sched_start
	measure goes-on repick $((PASSES * 5))
	sched_stop
	dispatched 0 $((PASSES / 10))

	[ ! -e /case/scx_nest ] || nested
	example scx_simple
	example scx_qmap
}

flush=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)
host=$(/case/scx-loop-cap check --json | sed -n 's/^ *"host": "\(.*\)",$/\1/p')
if [ -z "$flush" ] || [ -z "$host" ]; then
	fail "no flush, or no function around it"
fi
echo "RESULT host=$host"
insmod /case/repick.ko || fail "insmod repick"

# Some things get slower when they are done for the first time and stay so, whoever does
# them.
all first
all stock
for BACKEND in livepatch direct; do
	load_cap
	all $BACKEND
	unload_cap
done
other_load "$host" wrap=1
all function
other_unload
for at in l x; do
	fentry_start -$at "$flush"
	all bpf-$at
	fentry_stop
done
all stock-again
echo "RESULT done=1"
