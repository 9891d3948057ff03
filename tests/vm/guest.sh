# SPDX-License-Identifier: GPL-2.0
# What the cases under tests/cases are written in; runs in the guest (busybox).
# shellcheck shell=sh

CAP_KO=/case/scx_loop_cap.ko
CAP=/sys/kernel/scx_loop_cap
KLP=/sys/kernel/livepatch/scx_loop_cap
STATUS=/tmp/scx_loop.status

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
	_limit=$1 _what=$2
	shift 2
	while ! "$@"; do
		[ "$_limit" -gt 0 ] || fail "gave up waiting for $_what"
		_limit=$((_limit - 1))
		sleep 1
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

load_cap() {
	insmod $CAP_KO "$@" || fail "insmod $* failed"
	await 60 "state active" state_is active
	note "loaded $*"
}

# load_cap_fails ERRNO-TEXT LOG-PATTERN PARAMETER...
load_cap_fails() {
	_errno=$1 _log=$2
	shift 2
	dmesg -c >/dev/null
	_out=$(insmod $CAP_KO "$@" 2>&1) &&
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

# The directory goes a moment before the reference on the module.
unload_cap() {
	echo 0 >$KLP/enabled || fail "cannot disable the patch"
	await 60 "the patch to go" unpatched
	is $CAP/state disabled
	await 10 "rmmod" rmmod scx_loop_cap
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

start_prog() {
	rm -f $STATUS
	"/case/$SCHED_PROG" -o $STATUS "$@" </dev/null >/tmp/sched.out 2>&1 &
	SCHED_PID=$!
	await 60 "scheduler to attach" sched_attached
	note "$SCHED_PROG: $*"
}

sched_attached() {
	[ -d "/proc/$SCHED_PID" ] || fail "$SCHED_PROG: $(cat /tmp/sched.out)"
	sched_state running || sched_state exited
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
