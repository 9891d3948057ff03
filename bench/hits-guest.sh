# SPDX-License-Identifier: GPL-2.0
# Runs in the guest for "make bench-hits", in place of a case. Prints lines
# NAME=INSTRUCTIONS, see bench/hits.sh.
# shellcheck shell=sh
. /case/guest.sh

PASSES=20000

# bursts NAME N HITS: measure the instructions of a loop with N useless rounds before the one
# that brings a task. Fails unless all loops are hits (HITS is yes) or none is (no).
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

# around NAME LIMIT: measure a loop of half the limit, one that just does not reach the limit,
# and one that is a hit.
around() {
	bursts "$1" $(($2 / 2 - 1)) no
	bursts "$1" $(($2 - 1)) no
	bursts "$1" "$2" yes
}

# longest_loops, longest_picks: print the longest time for each limit. The counters keep the
# maximum, so the limits must increase.
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

# The first measurement is discarded: some parts of the kernel become slower with their first
# use, and stay so.
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
