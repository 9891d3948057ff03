# SPDX-License-Identifier: GPL-2.0
# Unpatching and unloading while a scheduler loops at full speed, and loading
# again into the same storm: also where the loop is run again above the kernel's own cap.
# Not where there is none, and the machine would not survive it.
# needs: capped
# built: plain
. /case/guest.sh

storm() {
	sched_start -l 100 -s -w 1 -i 0 -t 30000
	await 60 "hits" hits_reach 500
}

# Where the storm may hold it up, it is over with the storm at the latest.
if unload_may_stall; then
	for limit in 4 100 12; do
		load_cap limit=$limit
		storm
		wait_exited_tasks
		echo 0 >$KLP/enabled || fail "cannot disable the patch"
		sleep 5
		sched_state running || fail "the storm is over: $(cat $STATUS)"
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
	sched_state running || fail "the storm is over: $(cat $STATUS)"
	unload_cap
done
sched_stop
