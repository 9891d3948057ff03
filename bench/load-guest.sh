# SPDX-License-Identifier: GPL-2.0
# Runs in the guest for "make bench-load", in place of a case. Prints lines
# BACKEND/WHAT=NUMBER, see bench/load.sh.
# shellcheck shell=sh
. /case/guest.sh

TRACE=/sys/kernel/tracing

# timed WHAT COMMAND...: print the instructions of the command's process, and the time it took
timed() {
	_what=$1
	shift
	_took=$(/case/meter run "$@") || fail "$*"
	echo "RESULT $BACKEND/$_what=${_took% *}"
	echo "RESULT $BACKEND/$_what-wait=${_took#* }"
}

# The memory for each CPU is measured with the events of the per-CPU allocator: the module's
# per-CPU variables, and what it allocates itself.
echo 1 >$TRACE/events/percpu/percpu_alloc_percpu/enable || fail "no events of percpu"
for BACKEND in direct livepatch; do
	echo >$TRACE/trace
	timed load insmod $CAP_KO backend=$BACKEND
	timed active sh -c "while [ \$(cat $CAP/state) != active ]; do sleep 0.01; done"
	awk -v who=$BACKEND '
		/insmod-.*call_site=(load_module|slc_|0x)/ && match($0, / size=[0-9]+/) {
			sum += substr($0, RSTART + 6, RLENGTH - 6)
		}
		END { printf "RESULT %s/percpu=%d\n", who, sum }' $TRACE/trace
	echo "RESULT $BACKEND/size=$(cat /sys/module/scx_loop_cap/coresize)"
	if [ $BACKEND = livepatch ]; then
		wait_exited_tasks
		timed disable sh -c "echo 0 >$KLP/enabled; while [ -e $KLP ]; do sleep 0.01; done"
	fi
	timed unload rmmod scx_loop_cap
done
echo "RESULT done=1"
