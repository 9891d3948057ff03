# SPDX-License-Identifier: GPL-2.0
# Unload and load the module while a scheduler loops at full speed, also with a limit above the
# kernel's own cap. Not on kernels without that cap: the machine would hang while the module is
# not loaded.
# needs: capped
# built: plain
. /case/guest.sh

start_looping() {
	sched_start -l 100 -s -w 1 -i 0 -t 30000
	await 60 "hits" hits_reach 500
}

# If the looping scheduler can delay the unload on this kernel, it must complete once that is
# stopped.
if unload_may_stall; then
	for limit in 4 100 12; do
		load_cap limit=$limit
		start_looping
		wait_exited_tasks
		echo 0 >$KLP/enabled || fail "cannot disable the patch"
		sleep 5
		sched_state running || fail "the scheduler has exited: $(cat $STATUS)"
		sched_stop
		await 60 "the patch to go" unpatched
		await 10 "rmmod" rmmod scx_loop_cap
		check_unloaded
	done
	exit 0
fi

sched_start -l 100 -s -w 1 -i 0 -t 30000
for limit in 4 100 12; do
	load_cap limit=$limit
	await 60 "hits" hits_reach 500
	sched_state running || fail "the scheduler has exited: $(cat $STATUS)"
	unload_cap
done
sched_stop
