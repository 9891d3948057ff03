# SPDX-License-Identifier: GPL-2.0
# While the kernel moves tasks over, in either direction, the state says so. The
# other words are checked in load, other-livepatch and degraded.
# backends: livepatch
. /case/guest.sh

# Unloading waits for RCU, and RCU for the task that is to be busy in the kernel below, for
# ever where the kernel can be preempted anywhere, as those with CONFIG_PREEMPT_RT can, and
# those that are built for the tests.
case "$(uname -v) $(uname -r)" in
*PREEMPT_RT* | *-debug) skip "no task may be busy in the kernel for long" ;;
esac

klp() {
	cat "$KLP/$1" 2>/dev/null
}

# follow FINAL-STATE: compare with what the kernel says of the patch until the
# transition is over. Two equal answers around ours make it a fair question.
follow() {
	seen=0
	end=$(($(date +%s) + 120))
	while :; do
		before=$(klp transition)
		ours=$(cat $CAP/state)
		after=$(klp transition)
		[ "$(date +%s)" -lt $end ] || fail "the transition does not end"
		[ "$before" = "$after" ] || continue
		[ "$after" = 1 ] || break
		[ "$ours" = transition ] || fail "state is $ours in a transition"
		seen=$((seen + 1))
		# It is no real-time task that moves them.
		usleep 10000
	done
	await 10 "state $1" state_is "$1"
	note "seen $seen times in transition, then $1"
}

# A task that is busy in the kernel at the first try is only moved at the next, a
# second later. It has a CPU of its own, as it has to get on.
taskset -p 1 $$
taskset 2 chrt -o 0 dd if=/dev/zero of=/dev/null bs=16M 2>/dev/null &
sleep 1
# Even so it may be over before it can be looked at, so there are several tries.
patching=0 unpatching=0 tries=0
while [ $patching -eq 0 ] || [ $unpatching -eq 0 ]; do
	tries=$((tries + 1))
	[ $tries -le 20 ] || fail "no transition was ever seen"
	insmod_cap || fail "insmod"
	follow active
	patching=$((patching + seen))
	echo 0 >$KLP/enabled
	follow disabled
	unpatching=$((unpatching + seen))
	await 60 "the patch to go" unpatched
	await 10 "rmmod" rmmod scx_loop_cap
	check_unloaded
done
