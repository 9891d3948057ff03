# SPDX-License-Identifier: GPL-2.0
# What the cases under tests/cases are written in; runs in the guest (busybox).
# shellcheck shell=sh

CAP_KO=/case/scx_loop_cap.ko
CAP=/sys/kernel/scx_loop_cap
KLP=/sys/kernel/livepatch/scx_loop_cap
STATUS=/tmp/scx_loop.status
# Which backend the case is about; see case-run. Without one, what the module chooses.
if [ -z "${BACKEND:-}" ]; then
	BACKEND=direct
	[ ! -d /sys/kernel/livepatch ] || BACKEND=livepatch
fi
# The kernel's own cap; 0 where it has none.
KERNEL_LIMIT=${KERNEL_LIMIT:-}
# Not empty on the newest packaged kernel and the oldest that is built with its cap, where
# cases go through all that they could. On others they leave out what differs in nothing
# but numbers.
THOROUGH=${THOROUGH:-}
# How much longer than on other kernels anything may take.
SLOWER=${SLOWER:-1}

# --- verdict -----------------------------------------------------------------

fail() {
	echo "FAIL: $*"
	[ -d $CAP ] && grep -H . $CAP/state $CAP/limit $CAP/stats/* 2>/dev/null
	[ -f $STATUS ] && cat $STATUS
	exit 1
}

note() {
	echo "$*"
}

# skip WHY: the case cannot be run on this kernel.
skip() {
	echo "SKIP: $*"
	exit 77
}

# check WHAT: arithmetic that must hold, with the numbers shown.
check() {
	[ "$(($1))" -ne 0 ] || fail "$2: not $1"
	note "ok: $2: $1"
}

# is FILE VALUE: a file must contain exactly that.
is() {
	[ "$(cat "$1")" = "$2" ] || fail "$1 is \"$(cat "$1")\", not \"$2\""
	note "ok: ${1##*/} is $2"
}

# await SECONDS WHAT COMMAND...: until the command succeeds. Generous, as the
# machine that emulates this one may be busy.
await() {
	_limit=$(($1 * 10 * SLOWER)) _what=$2
	shift 2
	while ! "$@"; do
		[ "$_limit" -gt 0 ] || fail "gave up waiting for $_what"
		_limit=$((_limit - 1))
		sleep 0.1
	done
}

# log_has PATTERN: the kernel's log has such a line.
log_has() {
	dmesg | grep -q "$1"
}

# --- the module --------------------------------------------------------------

state_is() {
	[ "$(cat $CAP/state 2>/dev/null)" = "$1" ]
}

insmod_cap() {
	insmod $CAP_KO backend="$BACKEND" "$@"
}

load_cap() {
	insmod_cap "$@" || fail "insmod $* failed"
	await 60 "state active" state_is active
	note "loaded $*"
}

# load_cap_fails ERRNO-TEXT LOG-PATTERN PARAMETER...
load_cap_fails() {
	_errno=$1 _log=$2
	shift 2
	dmesg -c >/dev/null
	_out=$(insmod_cap "$@" 2>&1) &&
		fail "insmod $* succeeded"
	case $_out in
	*"$_errno"*) ;;
	*) fail "insmod $* said \"$_out\", not \"$_errno\"" ;;
	esac
	dmesg | grep -q "$_log" || fail "log says nothing like \"$_log\": $(dmesg)"
	no_trace
	note "ok: insmod $*: $_errno: $(dmesg | grep "$_log" | tail -n 1)"
}

# Nothing of the module is left.
no_trace() {
	[ ! -e $CAP ] || fail "$CAP is still there"
	[ ! -e $KLP ] || fail "$KLP is still there"
	! grep -q ^scx_loop_cap /proc/modules || fail "still loaded"
}

unpatched() {
	[ ! -e $KLP ]
}

# May a storm keep this kernel from switching a livepatch off for as long as it lasts? See
# "Limits of this design" in docs/design.md.
stuck_in_storm() {
	[ "$BACKEND" = livepatch ] || return
	case $(uname -r) in
	6.12*) ;;
	*) return 1 ;;
	esac
}

# Let what has ended be gone, without a process that ends. A task that is switched away
# from for the last time while a livepatch is switched off makes the kernel warn: see
# docs/design.md, "Exiting tasks".
settle() {
	[ -p /tmp/settle ] || mkfifo /tmp/settle
	# shellcheck disable=SC3045
	read -r -t 0.3 _ <>/tmp/settle || true
}

# A livepatch has to be switched off first, and its directory goes a moment before
# the reference on the module.
unload_cap() {
	if [ "$BACKEND" = livepatch ]; then
		settle
		echo 0 >$KLP/enabled || fail "cannot disable the patch"
		await 60 "the patch to go" unpatched
		is $CAP/state disabled
		await 10 "rmmod" rmmod scx_loop_cap
	else
		rmmod scx_loop_cap || fail "rmmod"
	fi
	no_trace
	note "unloaded"
}

stat() {
	cat "$CAP/stats/$1"
}

# --- schedulers --------------------------------------------------------------

sched_state() {
	grep -q "^state=$1" $STATUS 2>/dev/null
}

sched_value() {
	sed -n "s/^$1=//p" $STATUS
}

sched_start() {
	SCHED_PROG=scx_loop
	start_prog "$@"
}

# Nested ones, of which there is a chain.
nest_start() {
	SCHED_PROG=scx_nest
	start_prog "$@"
}

# What is loaded is kept, and started again if it is wanted with the same name and timeout:
# to load it takes much longer than most cases need it for; see preload.sh. Its tasks sleep
# most of the time: emulated time is free where nothing runs.
start_prog() {
	rm -f $STATUS
	"/case/$SCHED_PROG" -o $STATUS -p /sys/fs/bpf -i 1000 "$@" </dev/null >/tmp/sched.out 2>&1 &
	SCHED_PID=$!
	await 60 "scheduler to attach" sched_attached
	note "$SCHED_PROG: $*"
}

sched_attached() {
	if sched_state running || sched_state exited; then
		return
	fi
	# Nobody may have come to look until it was ejected, and gone.
	[ -d "/proc/$SCHED_PID" ] || sched_state exited ||
		fail "$SCHED_PROG: $(cat /tmp/sched.out)"
	return 1
}

sched_stop() {
	kill -INT "$SCHED_PID" 2>/dev/null
	wait "$SCHED_PID"
	sched_state exited || fail "the scheduler's status is $(cat $STATUS)"
}

# The watchdog throws the scheduler out, and not for another reason.
sched_ejected() {
	await "${1:-120}" "the watchdog" sched_state exited
	wait "$SCHED_PID"
	sched_value exit_reason | grep -q "runnable task stall" ||
		fail "exit for another reason: $(cat $STATUS)"
	note "ok: ejected after $(sched_value exit_after_ms) ms: $(sched_value exit_msg)"
}

# From when it began to misbehave, in milliseconds.
sched_ejected_ms() {
	sched_value exit_after_ms | sed 's/\..*//'
}

bursts_done() {
	[ "$(sched_value bursts)" -ge "$1" ]
}

hits_reach() {
	[ "$(stat hits)" -ge "$1" ]
}

loops_reach() {
	[ "$(stat loops)" -ge "$1" ]
}

# hits_on CPU: that it ran into.
hits_on() {
	awk -v cpu="cpu$1" '$1 == cpu { n = $2 } END { print n + 0 }' $CAP/stats/hits_by_cpu
}

# --- the command ---------------------------------------------------------------

# cap CODE ARGUMENT...: run scx-loop-cap, which must end with that code. What it
# prints is left in /tmp/out and /tmp/err.
cap() {
	_code=$1
	shift
	/case/scx-loop-cap "$@" >/tmp/out 2>/tmp/err
	_rc=$?
	note "\$ scx-loop-cap $*   ($_rc)"
	cat /tmp/out /tmp/err
	[ $_rc -eq "$_code" ] || fail "exit code $_rc, not $_code"
	[ "$(wc -l </tmp/err)" -le 1 ] || fail "more than a line on stderr"
}

# says out|err PATTERN
says() {
	grep -q -- "$2" "/tmp/$1" || fail "std$1 says nothing like \"$2\""
}

# What the command printed behind this name.
row() {
	sed -n "s/^$1  *//p" /tmp/out
}

# --- others --------------------------------------------------------------------

OTHER=/sys/kernel/livepatch/other_patch

other_settled() {
	[ "$(cat $OTHER/transition)" = 0 ]
}

other_gone() {
	[ ! -e $OTHER ]
}

# other_load FUNCTION [PARAMETER...]: somebody else's livepatch of it.
other_load() {
	_func=$1
	shift
	insmod /case/other_patch.ko func="$_func" "$@" || fail "insmod other_patch"
	await 60 "the other patch" other_settled
}

other_unload() {
	echo 0 >$OTHER/enabled
	await 60 "the other patch to go" other_gone
	await 10 "rmmod" rmmod other_patch
}

# fentry_start [OPTION] FUNCTION: a BPF program at its entry, or its exit.
fentry_start() {
	/case/fentry "$@" </dev/null >/tmp/fentry.out 2>&1 &
	FENTRY_PID=$!
	await 60 "fentry to attach" fentry_settled
	grep -q attached /tmp/fentry.out || fail "fentry: $(cat /tmp/fentry.out)"
	note "fentry: $*"
}

fentry_settled() {
	[ -s /tmp/fentry.out ]
}

fentry_stop() {
	kill -INT "$FENTRY_PID"
	wait "$FENTRY_PID"
}

# --- signs of life -----------------------------------------------------------

uptime_s() {
	cut -d. -f1 /proc/uptime
}

# A line each second, which stops if no CPU is left to print it. It runs with the
# real-time priority of whoever calls this.
heartbeat_start() {
	while :; do
		echo "beat $(uptime_s)"
		sleep 1
	done &
	HEARTBEAT_PID=$!
}

heartbeat_stop() {
	kill "$HEARTBEAT_PID"
	wait "$HEARTBEAT_PID" 2>/dev/null
}

# example_is_there NAME: skip the case if the kernel's own scx_NAME was not built, or does not
# run on this kernel as it is.
example_is_there() {
	[ ! -e "/case/scx_$1.failed" ] ||
		skip "scx_$1 does not build: $(cat "/case/scx_$1.failed")"
	[ -x "/case/scx_$1" ] || skip "no source package of this kernel's series"
	example_try "$1"
	example_enabled || skip "scx_$1 does not run: $(tr '\n' ' ' </tmp/example.out)"
	example_stop
}

# It is on its own from here on.
example_try() {
	"/case/scx_$1" </dev/null >/tmp/example.out 2>&1 &
	EXAMPLE_PID=$!
	await 60 "scx_$1 to attach" example_settled
}

example_enabled() {
	[ "$(cat /sys/kernel/sched_ext/state)" = enabled ]
}

example_settled() {
	example_enabled || [ ! -d "/proc/$EXAMPLE_PID" ]
}

example_start() {
	example_try "$1"
	example_runs
	note "scx_$1 runs"
}

example_runs() {
	example_enabled || fail "the scheduler is gone: $(tail /tmp/example.out)"
}

# It must go because it was asked to.
example_stop() {
	kill -INT "$EXAMPLE_PID"
	wait "$EXAMPLE_PID"
	grep -q "EXIT: unregistered from user space" /tmp/example.out ||
		fail "the scheduler ended otherwise: $(tail /tmp/example.out)"
}

# longest_gap FILE: between two lines with an uptime, in milliseconds.
longest_gap() {
	awk 'NR > 1 && $1 - last > gap { gap = $1 - last }
		{ last = $1 }
		END { printf "%d\n", gap * 1000 }' "$1"
}

qmap_gone() {
	[ ! -d "/proc/$QMAP_PID" ]
}

qmap_settled() {
	[ "$(cat /sys/kernel/sched_ext/state)" = enabled ] || qmap_gone
}

# qmap_storm COUNT: the kernel's own example, told to dispatch a task that cannot
# run, for ever, after so many dispatches; and tasks for it, as an idle machine
# dispatches too seldom.
qmap_storm() {
	QMAP_TASKS=
	[ -x /case/scx_qmap ] || skip "no source package of this kernel's series"
	/case/scx_qmap -l "$1" </dev/null >/tmp/qmap.out 2>&1 &
	QMAP_PID=$!
	await 60 "scx_qmap to attach" qmap_settled
	_lacks="wasn't resolved|cannot be used for PREEMPT_RT"
	if qmap_gone && grep -Eq "$_lacks" /tmp/qmap.out; then
		skip "scx_qmap does not load: $(grep -Em 1 "$_lacks" /tmp/qmap.out)"
	fi
	! qmap_gone || fail "scx_qmap: $(cat /tmp/qmap.out)"
	echo "now $(uptime_s)"
	for _ in 1 2 3 4; do
		chrt -o 0 sh -c 'while :; do usleep 1000; done' &
		QMAP_TASKS="$QMAP_TASKS $!"
	done
}

# Once it is gone. It must have been the watchdog.
qmap_ejected() {
	# shellcheck disable=SC2086
	kill $QMAP_TASKS
	wait
	grep "EXIT: runnable task stall" /tmp/qmap.out || fail "scx_qmap: $(tail /tmp/qmap.out)"
}
