# SPDX-License-Identifier: GPL-2.0
# pick_limit while nested schedulers loop at full speed: a pick exceeds it by at most one round for
# each open outer loop, a change takes effect at once, and loops still end at limit.
# needs: nested
# built: plain
. /case/guest.sh

# reach COUNTER MORE: wait until the counter has grown by MORE
more() {
	[ "$(stat "$1")" -ge $((from + $2)) ]
}
reach() {
	from=$(stat "$1")
	await 120 "$2 more $1" more "$1" "$2"
}

# LEVELS LIMIT PICK-LIMIT EXPECTED REPEATS: EXPECTED is the largest number of rounds in a pick.
# After a pick has reached its limit, each open outer loop adds one round. With pick limit 100 and
# limit 8, a round of the middle loop reaches it, its 11th, so only one loop adds a round.
set -- "4 32 1000 1003 8" "3 8 100 101 1" "4 5 7 10 2" "4 1 1 4 1"
[ -z "$THOROUGH" ] || set -- "$@" "4 32 100 103 1" "3 8 102 104 1" "3 8 800 802 32" \
	"2 8 50 51 1" "3 32 10 34 1"
for what; do
	# shellcheck disable=SC2086
	set -- $what
	load_cap limit="$2" pick_limit="$3"
	nest_start -L "$1" -r "$5" -l 100 -s -w 1 -t 30000
	reach pick_hits 200
	check "$(stat max_pick_rounds) == $4" "$1 levels, limit $2, pick limit $3"
	check "$(stat max_rounds) <= $2" "max_rounds"
	stat last_hit >/tmp/last
	# One pick hit for each such pick, however many of its loops were ended.
	picks=$(stat pick_hits)
	rounds=$(stat rounds)
	check "$picks * $3 <= $rounds" "picks of at least $3 rounds"
	sched_stop
	check "$(sched_value max_calls_per_pick) <= $4" "rounds in a pick, counted by the scheduler"
	unload_cap
done

# The pick limit changes while the schedulers loop.
load_cap
nest_start -L 3 -l 100 -s -w 1 -t 30000
for pick_limit in 64 100000 256 0 1024; do
	echo $pick_limit >$CAP/pick_limit
	if [ $pick_limit -eq 0 ] || [ $pick_limit -gt 33824 ]; then
		# A pick of three levels has at most 33,824 rounds, so none reaches this limit.
		sleep 1
		before=$(stat pick_hits)
		reach rounds 50000
		check "$(stat pick_hits) == $before" "pick_hits with pick limit $pick_limit"
	else
		reach pick_hits 100
		last=$(stat last_hit)
		case $last in
		*" kind=pick limit=$pick_limit" | *" kind=loop "*) ;;
		*) fail "last_hit: $last" ;;
		esac
	fi
done
trips=$(sched_value trips_2)
reach pick_hits 100
progress() {
	[ "$(sched_value trips_2)" -gt "$trips" ]
}
await 60 "tasks of the innermost scheduler to run" progress
sched_stop
unload_cap
