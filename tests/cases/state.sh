# SPDX-License-Identifier: GPL-2.0
# The state is "transition" while the kernel patches or unpatches tasks. The other states are
# checked in the cases load, other-livepatch and degraded.
# backends: livepatch
. /case/guest.sh

# Unloading waits for RCU. On a fully preemptible kernel, as with CONFIG_PREEMPT_RT and on those
# that the tests build, RCU waits for the task below that stays busy in the kernel.
case "$(uname -v) $(uname -r)" in
*PREEMPT_RT* | *-debug) skip "on a fully preemptible kernel the unload waits for the busy task" ;;
esac

klp() {
	cat "$KLP/$1" 2>/dev/null
}

# follow FINAL-STATE: compare the module's state with the kernel's "transition" file until the
# transition ends. That file is read before and after the state; the state is checked only if
# both are the same.
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
		# Let the kernel's worker run, which has no real-time priority.
		usleep 10000
	done
	await 10 "state $1" state_is "$1"
	note "state was transition $seen times, then $1"
}

# The kernel cannot patch a task that is busy in the kernel, and tries again a second later.
# This one has CPU 1 to itself, so that it makes progress.
taskset -p 1 $$
taskset 2 chrt -o 0 dd if=/dev/zero of=/dev/null bs=16M 2>/dev/null &
sleep 1
# The transition may still end before the state is read, so this is repeated.
patching=0 unpatching=0 tries=0
while [ $patching -eq 0 ] || [ $unpatching -eq 0 ]; do
	tries=$((tries + 1))
	[ $tries -le 20 ] || fail "no transition was seen in 20 loads"
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
