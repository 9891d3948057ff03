# SPDX-License-Identifier: GPL-2.0
# The exact limit: a burst of limit-1 useless rounds is never a hit, a burst of limit rounds
# always is, and no loop has more rounds than the limit.
# built: yes
# exact: yes
. /case/guest.sh

# run LIMIT BURST HITS-PER-BURST MAX-ROUNDS [BURSTS]
run() {
	nr=${5:-300}
	echo "$1" >$CAP/limit || fail "limit $1"
	is $CAP/limit "$1"
	before=$(stat hits)
	sched_start -b "$2" -n "$nr" -k 32 -w 2 -t 30000
	await 200 "$nr bursts" bursts_done "$nr"
	sched_stop
	bursts=$(sched_value bursts)
	note "$bursts bursts, $(sched_value broken) broken"
	check "$(stat hits) - $before == $bursts * $3" "hits with limit $1 and bursts of $2"
	check "$(stat max_rounds) == $4" "max_rounds"
}

# The module is loaded once and the limits only grow, so max_rounds is that of the latest run.
load_cap limit=1
run 1 1 1 1

# With limit 2, the second round of a loop reaches it. The kernel's own cap is 32: at 32 the
# module only counts, above it the module runs the loop again when the cap has ended it.
for limit in 2 5 32 33 64 100; do
	run $limit $((limit - 1)) 0 $limit
	run $limit $limit 1 $limit
done
run 65535 65534 0 65535 3
run 65535 65535 1 65535 3
unload_cap
