# SPDX-License-Identifier: GPL-2.0
# stats/loop_histogram counts every loop by its number of rounds: bursts of an exact length are in
# the right bucket, and the buckets sum up to the number of loops.
. /case/guest.sh

# bucket ROUNDS: loops in the bucket that contains ROUNDS
bucket() {
	stat loop_histogram | sed 's/-/ /' | while read -r low high count; do
		if [ "$1" -ge "$low" ] && [ "$1" -le "$high" ]; then
			echo "$count"
		fi
	done
}

in_histogram() {
	stat loop_histogram | awk '{ n += $2 } END { printf "%d\n", n }'
}

# A loop has one round more than its burst: the round that brings a task.
set -- 1 7 30
[ -z "$THOROUGH" ] || set -- 1 2 3 6 7 14 15 30
for burst; do
	load_cap
	sched_start -b "$burst" -n 200 -w 2 -t 30000
	await 200 "200 bursts" bursts_done 200
	sched_stop
	# All others have one round.
	check "$(bucket $((burst + 1))) == 200" "loops of $((burst + 1)) rounds"
	check "$(bucket 1) + 200 == $(stat loops)" "loops of one round"
	check "$(in_histogram) == $(stat loops)" "loops in the histogram"
	check "$(stat rounds) == $(stat loops) + 200 * $burst" "rounds"
	check "$(stat hits) == 0" "hits"
	unload_cap
done
