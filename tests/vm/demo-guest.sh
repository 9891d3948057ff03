# SPDX-License-Identifier: GPL-2.0
# The first part of "make demo": one scheduler that loops. Runs in the guest, in place of
# a case.
# shellcheck shell=sh
. /case/guest.sh

# quiet COMMAND...: show the command's output only if it fails.
quiet() {
	"$@" >/tmp/quiet || { cat /tmp/quiet; exit 1; }
}

# Print the uptime, hits and rounds. The files are read one after the other, so hits is read
# before and after rounds, and the mean is printed.
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

# Print the counters, and the rounds per hit since the previous sample.
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
echo "     kernel_limit  $(cat $CAP/kernel_limit)      the kernel's own cap, a constant"
echo "     limit         $(cat $CAP/limit)      the module's limit, can be changed"
echo
echo "2. Starting a scheduler. After 100 dispatches it keeps dispatching a task that"
echo "   cannot run. From then on no task of an ordinary class runs (these lines are"
echo "   printed with real-time priority)."
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
echo "   The module now ends a loop after 8 rounds instead of 32."
echo 8 >$CAP/limit
last=$(sample)
while ! sched_state exited; do
	sleep 1
	sched_state exited || row
done
quiet sched_ejected
ejected=$(sched_ejected_ms)
echo
echo "4. The kernel's watchdog ejected the scheduler after $((ejected / 1000)).$((ejected % 1000 / 100)) s:"
echo "     $(sched_value exit_reason): $(sched_value exit_msg)"
echo "   In the kernel's log:"
dmesg | sed -n 's/.*\(scx_loop_cap: scheduler.*\)/     \1/p' | head -n 1
hits=$(stat hits)
last=$(stat last_hit)
max=$(stat max_rounds)
echo
echo "5. Unloading the module"
quiet unload_cap
echo "     Done. The kernel's functions are as before; the taint flag stays."
echo
echo "Summary: $hits hits (loops ended by the limit). The longest loop had $max rounds."
echo "Without the module, this kernel also ends a loop after 32 rounds, but it does"
echo "not count hits, does not name the scheduler, and its cap cannot be changed."
echo "The last hit: $last"
