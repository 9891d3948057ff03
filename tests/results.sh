# SPDX-License-Identifier: GPL-2.0
# Runs cases, some beside each other, and counts how they end. Shared by tests/run and
# tests/check. Needs $WORK, see env.sh.
#
# A case is a command. It passes with the exit status 0, and is skipped with $CASE_SKIPPED;
# any other status is a failure. Of what it prints, these lines are always shown:
#	RESULT: TEXT		if it passed
#	SKIP: TEXT		if it was skipped: why
# and everything is shown if it failed, or with VERBOSE=1.
# shellcheck shell=bash

CASE_SKIPPED=77

CASE=${CASE:-}
# How many cases run at a time.
JOBS=${JOBS:-$(nproc)}
[[ $JOBS =~ ^[1-9][0-9]*$ ]] || die "JOBS=$JOBS is not a number of cases to run at a time"
passed=0 failed=0
failures=() skipped=()
# The kernels that cases ran on since this was last emptied, see record.sh.
declare -A seen_kernels=()
# By process: a case's name, log, and what it runs on.
declare -A running=()

# wanted NAME PATTERN: does NAME match, as a whole or in a part?
wanted() {
	# shellcheck disable=SC2254
	case $1 in
	*$2*) return 0 ;;
	esac
	return 1
}

# skip_case NAME ON WHY: count a case that is not run.
skip_case() {
	skipped+=("$1 on $2: $3")
}

# judge_case NAME ON LOG SECONDS STATUS: count a case that ended, and print its result.
judge_case() {
	local name=$1 on=$2 log=$3 took=$4 rc=$5 why

	took=$(printf '%.1f s' "$took")
	# shellcheck disable=SC2034
	[[ ! $on =~ ^[0-9]+\.[0-9]+[.-] ]] || seen_kernels[${on%%,*}]=1
	if [ "$rc" -eq 0 ]; then
		passed=$((passed + 1))
		printf 'PASS  %-26s %-22s %10s\n' "$name" "$on" "$took"
		if [ -n "${VERBOSE:-}" ]; then
			sed 's/^/      | /' "$log"
		else
			sed -n 's/^RESULT: /      | /p' "$log"
		fi
		# What a case left out because something is not installed, see tests/tools/lib.sh.
		if grep '^RESULT: in part' "$log" >"$log.part"; then
			cat "$log.part" >>"$WORK/in-part"
		fi
	elif [ "$rc" -eq $CASE_SKIPPED ]; then
		why=$(sed -n 's/^SKIP: //p' "$log" | paste -sd ' ')
		skip_case "$name" "$on" "${why:-no reason given}"
		printf 'SKIP  %-26s %-22s %10s\n' "$name" "$on" "$took"
		sed -n 's/^SKIP: /      | /p' "$log"
	else
		failed=$((failed + 1))
		failures+=("$name on $on")
		printf 'FAIL  %-26s %-22s %10s\n' "$name" "$on" "$took"
		sed 's/^/      | /' "$log"
	fi
	[ -z "${TABLE:-}" ] || table_note "$name" "$on" "$log" "$rc"
	rm -f "$log" "$log.took"
}

# timed LOG COMMAND...: run it in a subshell with errexit off, so that a case cannot end
# the run.
timed() {
	local log=$1 start rc=0

	shift
	start=$(date +%s.%N)
	("$@") >"$log" 2>&1 </dev/null || rc=$?
	awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { print b - a }' >"$log.took"
	return $rc
}

# wait_for_turn: wait until one more case may run.
wait_for_turn() {
	while [ ${#running[@]} -ge "$JOBS" ]; do
		reap_case
	done
}

# run_case NAME ON COMMAND...: run a case, and wait for its end.
run_case() {
	local name=$1 on=$2 log rc=0

	shift 2
	wanted "$name" "$CASE" || return 0
	wait_for_turn
	log=$(mktemp "$WORK/case.XXXXXX")
	timed "$log" "$@" || rc=$?
	judge_case "$name" "$on" "$log" "$(cat "$log.took")" $rc
}

# start_case NAME ON COMMAND...: start a case that runs beside others, up to $JOBS of them.
start_case() {
	local log

	wanted "$1" "$CASE" || return 0
	wait_for_turn
	log=$(mktemp "$WORK/case.XXXXXX")
	# A process group of its own, to be killed as a whole.
	set -m
	timed "$log" "${@:3}" &
	set +m
	running[$!]="$1 $log $2"
}

reap_case() {
	local pid name log on rc=0

	wait -n -p pid || rc=$?
	read -r name log on <<<"${running[$pid]}"
	unset "running[$pid]"
	judge_case "$name" "$on" "$log" "$(cat "$log.took")" $rc
}

# reap_cases: wait for all that were started.
reap_cases() {
	while [ ${#running[@]} -gt 0 ]; do
		reap_case
	done
}

kill_cases() {
	local pid

	for pid in "${!running[@]}"; do
		kill -- -"$pid" 2>/dev/null || true
	done
}

# results_print: what was skipped and what failed, and the last line of a run. Fails if a
# case failed, or none passed.
results_print() {
	local line

	for line in ${skipped[@]+"${skipped[@]}"}; do
		say "skipped: $line"
	done
	for line in ${failures[@]+"${failures[@]}"}; do
		say "failed: $line"
	done
	[ $((passed + failed)) -gt 0 ] || say "error: no case ran; CASE=$CASE"
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ] && [ $passed -gt 0 ]
}
