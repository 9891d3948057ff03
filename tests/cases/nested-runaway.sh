# SPDX-License-Identifier: GPL-2.0
# Nested schedulers that all loop, up to the depth that the kernel allows: a pick ends at
# pick_limit, plus at most one round for each outer loop, and the watchdog ejects the
# schedulers. Without the module, the last configuration hangs the machine.
# needs: nested
# built: plain
. /case/guest.sh

load_cap
bound=$(cat $CAP/pick_limit) pick_ns=0
check "$bound > 0" "picks are bounded by default"
# LEVELS REPEATS
set -- "1 1" "4 1" "4 32"
[ -z "$THOROUGH" ] || set -- "1 1" "2 1" "3 1" "4 1" "2 8" \
	"3 8" "4 8" "2 32" "3 32" "4 32"
for what; do
	# shellcheck disable=SC2086
	set -- $what
	before=$(stat pick_hits)
	nest_start -L "$1" -r "$2" -l 100 -t 5000
	sched_ejected
	check "$(sched_ejected_ms) < 20000 * SLOWER" "ejected in time"
	most=$(sched_value max_calls_per_pick)
	note "$1 levels, $2 calls of each child: $most rounds in a pick," \
		"longest pick $(sched_value max_pick_ns) ns," \
		"worst latency of a SCHED_FIFO 99 task $(sched_value max_silence_ns) ns"
	check "$most <= $bound + $1 - 1" "rounds in a pick"
	# 5 s are 300 million instructions of the emulated CPU, which real CPUs execute in a tenth
	# of a second.
	check "$(sched_value max_silence_ns) < 5000000000" "worst latency in ns"
	longest=$(sched_value max_pick_ns)
	[ "$longest" -lt "$pick_ns" ] || pick_ns=$longest
	if [ "$1" -eq 1 ]; then
		check "$most == 32" "one level has the kernel's cap"
		check "$(stat pick_hits) == 0" "pick_hits"
	else
		check "$most >= $bound" "the bound was reached"
		check "$(stat pick_hits) > $before" "pick_hits"
	fi
done
# The module's counters must agree with those of the schedulers.
check "$(stat max_pick_rounds) <= $bound + 3 && $(stat max_pick_rounds) >= $bound" "max_pick_rounds"
check "$(stat max_pick_ns) >= $(stat max_loop_ns)" "max_pick_ns"
# The module times a pick from the end of its first round, the scheduler from the first call of
# ops.dispatch().
check "$(stat max_pick_ns) <= $pick_ns * 11 / 10" "longest pick, upper bound"
check "$(stat max_pick_ns) >= $pick_ns / 2" "longest pick, lower bound"
is $CAP/state active
unload_cap
