# SPDX-License-Identifier: GPL-2.0
# Functions that the cases in tests/cases/ use; runs in the guest (busybox).
# shellcheck shell=sh

CAP_KO=/case/scx_loop_cap.ko
CAP=/sys/kernel/scx_loop_cap
KLP=/sys/kernel/livepatch/scx_loop_cap
STATUS=/tmp/scx_loop.status
# The backend that the case runs with; case-run sets it. If it is not set, the one that the
# module chooses by default.
if [ -z "${BACKEND:-}" ]; then
	BACKEND=direct
	[ ! -d /sys/kernel/livepatch ] || BACKEND=livepatch
fi
# The kernel's own cap; 0 if it has none.
KERNEL_LIMIT=${KERNEL_LIMIT:-}
# Set on the newest packaged kernel and on the oldest one that is built with its cap: cases run
# with all their parameters there. On other kernels they run with a few of them.
THOROUGH=${THOROUGH:-}
# Factor for all timeouts; more than 1 on slow kernels such as the debug kernel.
SLOWER=${SLOWER:-1}

# --- verdict -----------------------------------------------------------------

fail() {
	echo "FAIL: $*"
	[ -d $CAP ] && grep -H . $CAP/state $CAP/limit $CAP/stats/* 2>/dev/null
	[ -f $STATUS ] && cat $STATUS /tmp/sched.out
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

# check EXPRESSION WHAT: fail unless the shell arithmetic expression is true. Prints it.
check() {
	[ "$(($1))" -ne 0 ] || fail "$2: not $1"
	note "ok: $2: $1"
}

# is FILE VALUE: fail unless the file contains exactly VALUE.
is() {
	[ "$(cat "$1")" = "$2" ] || fail "$1 is \"$(cat "$1")\", not \"$2\""
	note "ok: ${1##*/} is $2"
}

# await SECONDS WHAT COMMAND...: repeat the command until it succeeds; fail after SECONDS, scaled
# by SLOWER. Timeouts are long, as the machine that runs the guest may be busy.
await() {
	_limit=$(($1 * 10 * SLOWER)) _what=$2
	shift 2
	while ! "$@"; do
		[ "$_limit" -gt 0 ] || fail "timed out waiting for $_what"
		_limit=$((_limit - 1))
		sleep 0.1
	done
}

# log_has PATTERN: does a line of the kernel's log match?
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

# load_cap_fails ERRNO-TEXT LOG-PATTERN PARAMETER...: insmod must fail with this error and this
# line in the log, and must leave nothing behind.
load_cap_fails() {
	_errno=$1 _log=$2
	shift 2
	dmesg -c >/dev/null
	_out=$(insmod_cap "$@" 2>&1) &&
		fail "insmod $* succeeded"
	case $_out in
	*"$_errno"*) ;;
	*) fail "insmod $* printed \"$_out\", not \"$_errno\"" ;;
	esac
	dmesg | grep -q "$_log" || fail "no line in the log matches \"$_log\": $(dmesg)"
	check_unloaded
	note "ok: insmod $*: $_errno: $(dmesg | grep "$_log" | tail -n 1)"
}

# check_unloaded: fail unless the module, its sysfs files and its livepatch are gone.
check_unloaded() {
	[ ! -e $CAP ] || fail "$CAP is still there"
	[ ! -e $KLP ] || fail "$KLP is still there"
	! grep -q ^scx_loop_cap /proc/modules || fail "still loaded"
}

unpatched() {
	[ ! -e $KLP ]
}

# unload_may_stall: can a scheduler that loops keep this kernel from disabling the livepatch
# until it is stopped? See "Limits of this design" in docs/design.md.
unload_may_stall() {
	[ "$BACKEND" = livepatch ] || return
	case $(uname -r) in
	6.12*) ;;
	*) return 1 ;;
	esac
}

# wait_exited_tasks: sleep 0.3 s, so that tasks that have exited are switched away from for the
# last time. If that happens while a livepatch is being disabled, the kernel warns (see
# docs/design.md, "Exiting tasks"). Not sleep(1), which would be one more task that exits.
wait_exited_tasks() {
	[ -p /tmp/never-written ] || mkfifo /tmp/never-written
	# shellcheck disable=SC3045
	read -r -t 0.3 _ <>/tmp/never-written || true
}

# unload_cap: unload the module. A livepatch must be disabled first. The kernel removes its
# directory a moment before it drops the reference on the module, so rmmod is repeated.
unload_cap() {
	if [ "$BACKEND" = livepatch ]; then
		wait_exited_tasks
		echo 0 >$KLP/enabled || fail "cannot disable the patch"
		await 60 "the patch to go" unpatched
		is $CAP/state disabled
		await 10 "rmmod" rmmod scx_loop_cap
	else
		rmmod scx_loop_cap || fail "rmmod"
	fi
	check_unloaded
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

# core_options: print what scx_loop needs under core scheduling. 6.12 may then leave a CPU idle
# that has a task without a slice, and warns although nothing is wrong, unless -E asks for such
# tasks.
core_options() {
	case $(uname -r) in 6.*) printf %s -E ;; esac
}

# nest_start OPTION...: start a chain of nested schedulers.
nest_start() {
	SCHED_PROG=scx_nest
	start_prog "$@"
}

# start_prog OPTION...: start $SCHED_PROG and wait until it is attached. The loaded BPF programs
# stay pinned and are used again for the same name and timeout (-p), as loading takes longer than
# most cases run; see preload.sh. -i: the tasks sleep 1 ms per wake-up, as emulated time is free
# while the guest is idle.
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
	# It may have been ejected and have exited since the status was read.
	[ -d "/proc/$SCHED_PID" ] || sched_state exited ||
		fail "$SCHED_PROG: $(cat /tmp/sched.out)"
	return 1
}

sched_stop() {
	kill -INT "$SCHED_PID" 2>/dev/null
	wait "$SCHED_PID"
	sched_state exited || fail "the scheduler's status is $(cat $STATUS)"
}

# sched_ejected [SECONDS]: wait until the scheduler exits; fail unless the watchdog ejected it.
sched_ejected() {
	await "${1:-120}" "the watchdog" sched_state exited
	wait "$SCHED_PID"
	sched_value exit_reason | grep -q "runnable task stall" ||
		fail "the scheduler exited for another reason: $(cat $STATUS)"
	note "ok: ejected after $(sched_value exit_after_ms) ms: $(sched_value exit_msg)"
}

# sched_ejected_ms: milliseconds from the first useless round to the ejection.
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

# hits_on CPU: its hits, from stats/hits_by_cpu.
hits_on() {
	awk -v cpu="cpu$1" '$1 == cpu { n = $2 } END { print n + 0 }' $CAP/stats/hits_by_cpu
}

# --- the command ---------------------------------------------------------------

# cap CODE ARGUMENT...: run scx-loop-cap, which must exit with CODE. Its output is in /tmp/out
# and /tmp/err.
cap() {
	_code=$1
	shift
	/case/scx-loop-cap "$@" >/tmp/out 2>/tmp/err
	_rc=$?
	note "\$ scx-loop-cap $*   ($_rc)"
	cat /tmp/out /tmp/err
	[ $_rc -eq "$_code" ] || fail "exit code $_rc, not $_code"
	[ "$(wc -l </tmp/err)" -le 1 ] || fail "more than one line on stderr"
}

# says out|err PATTERN: fail unless a line of that output of the command matches.
says() {
	grep -q -- "$2" "/tmp/$1" || fail "no line of std$1 matches \"$2\""
}

# row NAME: print the value in the command's output line for NAME.
row() {
	sed -n "s/^$1  *//p" /tmp/out
}

# --- other livepatches and BPF programs ---------------------------------------

OTHER=/sys/kernel/livepatch/other_patch

other_settled() {
	[ "$(cat $OTHER/transition)" = 0 ]
}

other_gone() {
	[ ! -e $OTHER ]
}

# other_load FUNCTION [PARAMETER...]: load another livepatch, of FUNCTION.
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

# fentry_start [OPTION] FUNCTION: attach a BPF program to its entry or exit.
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

# --- heartbeat ----------------------------------------------------------------

uptime_s() {
	cut -d. -f1 /proc/uptime
}

# heartbeat_start: print a line every second, in the background and with the caller's real-time
# priority. The lines stop when all CPUs are stuck.
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

# example_require NAME: skip the case if the kernel's own scx_NAME was not built, or does not run
# on this kernel without the module.
example_require() {
	[ ! -e "/case/scx_$1.failed" ] ||
		skip "scx_$1 does not build: $(cat "/case/scx_$1.failed")"
	[ -x "/case/scx_$1" ] || skip "no source package of this kernel's series"
	example_try "$1"
	example_enabled || skip "scx_$1 does not run: $(tr '\n' ' ' </tmp/example.out)"
	example_stop
}

# example_try NAME: start scx_NAME in the background; wait until it is enabled or has exited.
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
	note "scx_$1 is running"
}

example_runs() {
	example_enabled || fail "the scheduler has exited: $(tail /tmp/example.out)"
}

# example_stop: stop it; fail if it exited for any other reason.
example_stop() {
	kill -INT "$EXAMPLE_PID"
	wait "$EXAMPLE_PID"
	grep -q "EXIT: unregistered from user space" /tmp/example.out ||
		fail "the scheduler exited for another reason: $(tail /tmp/example.out)"
}

# longest_gap FILE: the longest time between two lines, in milliseconds. Each line is an uptime.
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

# qmap_storm COUNT: start the kernel's example scheduler scx_qmap, which loops after COUNT
# dispatches, and four tasks that sleep and wake, as an idle machine dispatches too rarely.
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

# qmap_ejected: to be called when scx_qmap has exited. Fail unless the watchdog ejected it.
qmap_ejected() {
	# shellcheck disable=SC2086
	kill $QMAP_TASKS
	wait
	grep "EXIT: runnable task stall" /tmp/qmap.out || fail "scx_qmap: $(tail /tmp/qmap.out)"
}
