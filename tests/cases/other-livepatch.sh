# SPDX-License-Identifier: GPL-2.0
# Another livepatch of one of the functions that the module patches. If it was first, loading
# the module fails and changes nothing. If it comes later, the module's state is "replaced".
# built: plain
# backends: livepatch
. /case/guest.sh

flush=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)
[ -n "$flush" ] || fail "no flush function"

# Kernels without nested schedulers have only the first of these functions.
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

note "the other one is in transition"
# It stays there while a task is in the patched function: here cat(1), which opens a FIFO without
# a writer.
mkfifo /tmp/hold
cat /tmp/hold &
sleep 1
insmod /case/other_patch.ko func=wait_for_partner || fail "insmod other_patch"
load_cap_fails "resource busy" 'not loaded: livepatch "other_patch" is in transition'
[ "$(cat $OTHER/transition)" = 1 ] || fail "the transition has ended"
echo >/tmp/hold
await 60 "the other patch" other_settled
other_unload
rm /tmp/hold

note "a BPF program on the same function, which the kernel allows"
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
note "the other one, of another function, replaces all livepatches"
other_load cmdline_proc_show replace=1
is $CAP/state replaced
await 10 "rmmod" rmmod scx_loop_cap
check_unloaded
other_unload
load_cap
unload_cap
