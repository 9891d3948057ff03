# SPDX-License-Identifier: GPL-2.0
# Somebody else's livepatch for one of the functions we patch: if it came first we
# do not load, and leave nothing half done; if it comes later we no longer claim
# to protect.
# built: plain
# backends: livepatch
. /case/guest.sh

flush=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)
[ -n "$flush" ] || fail "no flush function"

# The second only where schedulers can be nested.
for func in "$flush" $(sed -n 's/.* T \(scx_bpf_sub_dispatch\)$/\1/p' /proc/kallsyms); do
	note "the other one first, for $func"
	other_load "$func"
	load_cap_fails "resource busy" "livepatch \"other_patch\" has replaced $func"
	other_unload
	load_cap

	note "the other one on top, then gone again"
	other_load "$func"
	is $CAP/state replaced
	other_unload
	is $CAP/state active
	unload_cap
done

# A task that is busy in the kernel at the first try is only moved at the next, a second
# later.
note "the other one is being applied"
for _ in 1 2; do
	chrt -o 0 dd if=/dev/zero of=/dev/null bs=64M 2>/dev/null &
	busy="$busy $!"
done
tries=0
while :; do
	tries=$((tries + 1))
	[ $tries -le 20 ] || fail "no transition was ever seen"
	insmod /case/other_patch.ko func=cmdline_proc_show || fail "insmod other_patch"
	dmesg -c >/dev/null
	if ! insmod_cap 2>/tmp/err; then
		break
	fi
	await 60 "state active" state_is active
	unload_cap
	other_unload
done
grep -q "resource busy" /tmp/err || fail "insmod: $(cat /tmp/err)"
log_has 'not loaded: livepatch "other_patch" is in transition' || fail "log: $(dmesg)"
no_trace
await 60 "the other patch" other_settled
other_unload
# shellcheck disable=SC2086
kill $busy
wait

note "a BPF program on the same function, which the kernel lets us share"
fentry_start "$flush"
load_cap limit=8
sched_start -l 100 -s -w 1 -t 30000
await 60 "hits" hits_reach 500
sched_stop
is $CAP/state active
check "$(stat max_rounds) == 8" "max_rounds"
unload_cap
fentry_stop
grep -q '^[1-9][0-9]* calls' /tmp/fentry.out || fail "fentry: $(cat /tmp/fentry.out)"

load_cap
note "the other one, for something else, in place of all others"
other_load cmdline_proc_show replace=1
is $CAP/state replaced
await 10 "rmmod" rmmod scx_loop_cap
no_trace
other_unload
load_cap
unload_cap
