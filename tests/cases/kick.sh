# SPDX-License-Identifier: GPL-2.0
# A hit kicks the CPU that looped and no other: there is one interrupt for each hit, and the CPU
# picks again at once although it has no task to run.
. /case/guest.sh

# kicks CPU: the number of its irq_work interrupts
kicks() {
	awk -v column=$(($1 + 2)) '$1 == "IWI:" { print $column }' /proc/interrupts
}

load_cap limit=8
for cpu in 0 1; do
	other=$((1 - cpu))
	sched_start -l 100 -c $cpu -s
	await 60 "hits" hits_reach $(($(stat hits) + 100))
	hits=$(hits_on $cpu) kicked=$(kicks $cpu)
	other_hits=$(hits_on $other) other_kicked=$(kicks $other)
	sleep 2
	hits=$(($(hits_on $cpu) - hits)) kicked=$(($(kicks $cpu) - kicked))
	check "$hits > 1000" "hits on CPU $cpu, in two seconds"
	check "$kicked * 100 >= $hits * 95" "interrupts of CPU $cpu"
	check "$(hits_on $other) == $other_hits" "hits on CPU $other"
	check "($(kicks $other) - $other_kicked) * 10 <= $hits" "interrupts of CPU $other"
	sched_stop
done
unload_cap
