# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make demo"; runs in place of a case.
# shellcheck shell=sh
. /case/guest.sh

# From here on only what a person should see is printed.
quiet() {
	"$@" >/tmp/quiet || { cat /tmp/quiet; exit 1; }
}

# Both counters as of one instant, as far as that goes while they run: hits is
# read before and after rounds, and the middle taken.
sample() {
	_before=$(stat hits) rounds=$(stat rounds) _after=$(stat hits)
	hits=$(((_before + _after) / 2))
}

# One line with what happened since the last one.
row() {
	_hits=$hits _rounds=$rounds
	sample
	awk -v t="$1" -v limit="$(cat $CAP/limit)" -v hits="$hits" \
		-v dh=$((hits - _hits)) -v dr=$((rounds - _rounds)) 'BEGIN {
		per = dh ? sprintf("%.1f", dr / dh) : "-"
		printf "    %3d s   limit %2d   hits %9d   rounds per hit %5s\n", t, limit, hits, per
	}'
}

echo
echo "1. Loading the module into Linux $(uname -r)"
quiet load_cap
echo "     state         $(cat $CAP/state)"
echo "     kernel_limit  $(cat $CAP/kernel_limit)      the kernel's own, a constant"
echo "     limit         $(cat $CAP/limit)      ours, can be changed"
echo
echo "2. Starting a scheduler that, after 100 dispatches, dispatches a task that"
echo "   cannot run, over and over. No ordinary task runs from now on."
quiet sched_start -l 100 -w 2 -t 12000
await 60 "it to loop" hits_reach 1 >/dev/null
t=0
sample
while [ $t -lt 4 ]; do
	sleep 1
	t=$((t + 1))
	row $t
done
echo
echo "3. echo 8 > $CAP/limit"
echo 8 >$CAP/limit
# What is on its way still counts for the old limit.
sleep 1
sample
t=$((t + 1))
while [ $t -lt 60 ] && ! sched_state exited; do
	sleep 1
	t=$((t + 1))
	sched_state exited || row $t
done
quiet sched_ejected
ejected=$(sched_ejected_ms)
echo
echo "4. The watchdog got through and ejected the scheduler after $((ejected / 1000)).$((ejected % 1000 / 100)) s:"
echo "     $(sched_value exit_reason): $(sched_value exit_msg)"
echo "   In the kernel's log:"
dmesg | sed -n 's/.*\(scx_loop_cap: scheduler.*\)/     \1/p' | head -n 1
hits=$(stat hits)
last=$(stat last_hit)
max=$(stat max_rounds)
echo
echo "5. Unloading the module"
quiet unload_cap
echo "     the kernel is as it was before"
echo
echo "Summary: $hits times a CPU was caught looping and let go; no loop ran longer"
echo "than $max rounds. The machine stayed in control and the watchdog did its job."
echo "The last time: $last"
