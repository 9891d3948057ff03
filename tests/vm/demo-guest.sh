# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make demo"; runs in place of a case.
# shellcheck shell=sh
. /case/guest.sh

# From here on only what a person should see is printed.
quiet() {
	"$@" >/tmp/quiet || { cat /tmp/quiet; exit 1; }
}

# Read the counters as closely together as the shell's tools can: hits on either
# side of rounds, and the middle taken.
sample() {
	awk -v hits=$CAP/stats/hits -v rounds=$CAP/stats/rounds 'BEGIN {
		getline before <hits
		getline r <rounds
		close(hits)
		getline after <hits
		getline now <"/proc/uptime"
		printf "%.1f %d %d\n", now, (before + after) / 2, r
	}'
}

# One line with what happened since the last one.
row() {
	new=$(sample)
	echo "$start $last $new $(cat $CAP/limit)" | awk '{
		per = $6 > $3 ? sprintf("%.1f", ($7 - $4) / ($6 - $3)) : "-"
		printf "    %4.1f s   limit %2d   hits %9d   rounds per hit %5s\n", \
			$5 - $1, $8, $6, per
	}'
	last=$new
}

echo
echo "1. Loading the module into Linux $(uname -r)"
quiet load_cap
echo "     state         $(cat $CAP/state)"
echo "     kernel_limit  $(cat $CAP/kernel_limit)      the kernel's own, a constant"
echo "     limit         $(cat $CAP/limit)      ours, can be changed"
echo
echo "2. Starting a scheduler that, after 100 dispatches, dispatches a task that"
echo "   cannot run, over and over. No ordinary task runs from now on (what prints"
echo "   these lines has real-time priority)."
quiet sched_start -l 100 -w 2 -t 15000
await 60 "it to loop" hits_reach 1 >/dev/null
last=$(sample)
start=${last%% *}
for _ in 1 2 3; do
	sleep 1
	row
done
echo
echo "3. echo 8 > $CAP/limit"
echo "   A CPU that is caught is now let go four times as soon."
echo 8 >$CAP/limit
last=$(sample)
while ! sched_state exited; do
	sleep 1
	sched_state exited || row
done
quiet sched_ejected
ejected=$(sched_ejected_ms)
echo
echo "4. The kernel saw that its watchdog was starved and ejected the scheduler after $((ejected / 1000)).$((ejected % 1000 / 100)) s:"
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
echo "than $max rounds. This kernel's own 32 rounds would have let it go as well, but"
echo "nobody could have told that it happened, who it was, or changed it."
echo "The last time: $last"
