# SPDX-License-Identifier: GPL-2.0
# The guest's part of the second act of "make demo"; runs in place of a case.
# shellcheck shell=sh
. /case/guest.sh

LEVELS=3
REPEAT=16

# Let the schedulers loop until they are ejected, and say what it was like.
# COUNT.
nest_run() {
	nest_start -L $LEVELS -r $REPEAT -l 100 >/tmp/quiet
	sched_ejected 300 >/tmp/quiet
	most=$(sched_value max_calls_per_pick)
	awk -v calls="$most" -v ns="$(sched_value max_pick_ns)" \
		-v silence="$(sched_value max_silence_ns)" \
		-v ms="$(sched_value exit_after_ms)" 'BEGIN {
		printf "     rounds in one scheduling decision      %10d\n", calls
		printf "     longest decision, interrupts off       %10.2f s\n", ns / 1e9
		printf "     longest time a CPU answered to nobody  %10.2f s\n", silence / 1e9
		printf "     scheduler ejected after                %10.2f s\n", ms / 1e3
	}'
	silence=$(awk -v ns="$(sched_value max_silence_ns)" 'BEGIN { printf "%.1f", ns / 1e9 }')
}

echo
echo "6. Three schedulers, each nested in the one before, all with the same bug. The"
echo "   kernel counts its 32 rounds for each of them, and each asks the next $REPEAT times"
echo "   a round, so they multiply. Without the module, on Linux $(uname -r):"
nest_run
before=$most before_silence=$silence
echo
echo "7. The same again, with the module loaded:"
load_cap >/tmp/quiet || { cat /tmp/quiet; exit 1; }
echo "     pick_limit                             $(printf %10d "$(cat $CAP/pick_limit)")"
nest_run
echo "     pick_hits                              $(printf %10d "$(stat pick_hits)")"
echo "   In the kernel's log:"
dmesg | sed -n 's/.*scx_loop_cap: \(scheduler.*\)/\1/p' | head -n 1 | fold -s -w 74 |
	sed 's/^/     /'
unload_cap >/tmp/quiet || { cat /tmp/quiet; exit 1; }
echo
echo "Summary: $before rounds became $most, and $before_silence s without an answer $silence s."
echo "Without the module, one more level would be $((32 * REPEAT)) times as many rounds."
