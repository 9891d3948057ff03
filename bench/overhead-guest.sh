# SPDX-License-Identifier: GPL-2.0
# Runs in the guest for "make bench-overhead", in place of a case. Prints lines
# VARIANT/SITUATION=INSTRUCTIONS, see bench/overhead.sh.
# shellcheck shell=sh
. /case/guest.sh

PASSES=40000

# A number of dispatches that a scheduler never reaches.
NEVER=9000000000000000000

# measure SITUATION METER-ARGUMENT...: run meter and print its result
measure() {
	_situation=$1
	shift
	_took=$(/case/meter "$@") || fail "meter $*"
	echo "RESULT $variant/$_situation=$_took"
}

# dispatched LOW HIGH: fail unless the stopped scheduler had so many dispatches, so that the
# intended situation was measured. HIGH leaves room for dispatches of other tasks.
dispatched() {
	_did=$(sched_value dispatches)
	check "$_did >= $1 && $_did <= $2" "dispatches"
}

# rounds N: measure loops of N rounds, the last of which brings a task
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

# nested: measure two nested schedulers. meter is forked by a shell that is already in the
# child's cgroup: on some kernels a real-time task that moves there does not become a task of
# the child, but a task that is forked there does.
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

# example NAME: measure one of the kernel's own schedulers, if it can be loaded
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
	grep -q enabled /sys/kernel/sched_ext/state || fail "$1 has exited: $(tail -n 3 /tmp/example.out)"
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

	# Tasks are put on the local DSQ when they wake up.
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
	fail "no flush, or no host"
fi
echo "RESULT host=$host"
insmod /case/repick.ko || fail "insmod repick"

# The results of "first" are discarded: some parts of the kernel become slower with their first
# use, and stay so.
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
