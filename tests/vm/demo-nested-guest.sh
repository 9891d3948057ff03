# SPDX-License-Identifier: GPL-2.0
# The second part of "make demo": nested schedulers that loop. Runs in the guest, in place
# of a case.
# shellcheck shell=sh
. /case/guest.sh

LEVELS=3
REPEAT=16

# Let the schedulers loop until they are ejected, and print what they measured.
nest_run() {
	nest_start -L $LEVELS -r $REPEAT -l 100 >/tmp/quiet
	sched_ejected 300 >/tmp/quiet
	most=$(sched_value max_calls_per_pick)
	awk -v calls="$most" -v ns="$(sched_value max_pick_ns)" \
		-v latency="$(sched_value max_silence_ns)" \
		-v ms="$(sched_value exit_after_ms)" 'BEGIN {
		printf "     rounds in one scheduling decision      %10d\n", calls
		printf "     longest decision, interrupts off       %10.2f s\n", ns / 1e9
		printf "     worst latency of a SCHED_FIFO 99 task  %10.2f s\n", latency / 1e9
		printf "     scheduler ejected after                %10.2f s\n", ms / 1e3
	}'
	latency=$(awk -v ns="$(sched_value max_silence_ns)" 'BEGIN { printf "%.1f", ns / 1e9 }')
}

echo
echo "6. Three nested schedulers with the same bug. The kernel's cap of 32 rounds is per"
echo "   scheduler, and each scheduler calls its child $REPEAT times a round, so the rounds"
echo "   multiply. Without the module, on Linux $(uname -r):"
nest_run
before=$most before_latency=$latency
echo
echo "7. The same with the module:"
load_cap >/tmp/quiet || { cat /tmp/quiet; exit 1; }
echo "     pick_limit                             $(printf %10d "$(cat $CAP/pick_limit)")"
nest_run
echo "     pick_hits                              $(printf %10d "$(stat pick_hits)")"
echo "   In the kernel's log:"
dmesg | sed -n 's/.*scx_loop_cap: \(scheduler.*\)/\1/p' | head -n 1 | fold -s -w 74 |
	sed 's/^/     /'
unload_cap >/tmp/quiet || { cat /tmp/quiet; exit 1; }
echo
echo "Summary: the longest decision had $before rounds without the module and $most"
echo "with it; the worst latency was $before_latency s without it and $latency s with it."
echo "Without the module, each further level multiplies the rounds by $((32 * REPEAT))."
