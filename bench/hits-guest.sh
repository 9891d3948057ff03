# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make bench-hits"; runs in place of a case. Prints lines
# NAME=INSTRUCTIONS, see bench/hits.sh.
# shellcheck shell=sh
. /case/guest.sh

PASSES=20000

# bursts NAME N HITS: instructions for each loop that wastes N rounds before it brings a
# task, all of which hit, or none.
bursts() {
	_before=0
	[ ! -d $CAP ] || _before=$(stat hits)
	sched_start -b "$2"
	_took=$(/case/meter pass $PASSES) || fail "meter"
	sched_stop
	echo "RESULT $1-$2=$_took"
	[ -d $CAP ] || return 0
	_hits=$(($(stat hits) - _before))
	if [ "$3" = yes ]; then
		[ $_hits -ge $PASSES ] || fail "$_hits hits"
	else
		[ $_hits -eq 0 ] || fail "$_hits hits"
	fi
}

# around NAME LIMIT: what a loop takes well before the limit, just before it, and with a
# hit.
around() {
	bursts "$1" $(($2 / 2 - 1)) no
	bursts "$1" $(($2 - 1)) no
	bursts "$1" "$2" yes
}

# The longest time since the counters began, so the limits have to go up.
longest_loops() {
	sched_start -l 0 -s -w 1 -t 30000
	for limit in 2 4 8 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65535; do
		echo $limit >$CAP/limit || fail "limit $limit"
		sleep 1
		echo "RESULT loop-$limit=$(stat max_loop_ns)"
		[ "$(stat max_rounds)" -eq $limit ] || fail "$(stat max_rounds) rounds"
	done
	sched_stop
}

longest_picks() {
	nest_start -L 4 -r 32 -l 0 -s -w 1 -t 30000
	for limit in 64 256 1024 4096 16384 65536 262144 1048576; do
		echo $limit >$CAP/pick_limit || fail "pick_limit $limit"
		sleep 3
		echo "RESULT pick-$limit=$(stat max_pick_ns)"
		[ "$(stat max_pick_rounds)" -ge $limit ] || fail "$(stat max_pick_rounds) rounds"
	done
	sched_stop
}

# Some things get slower when they are done for the first time and stay so.
around first 32
around stock 32
for BACKEND in direct livepatch; do
	load_cap
	around $BACKEND 32
	unload_cap
	load_cap limit=16
	around $BACKEND 16
	unload_cap
done

BACKEND=direct
load_cap limit=2 pick_limit=64
longest_loops
unload_cap
if [ -e /case/scx_nest ]; then
	load_cap pick_limit=64
	longest_picks
	unload_cap
fi
echo "RESULT done=1"
