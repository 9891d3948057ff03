# SPDX-License-Identifier: GPL-2.0
# The direct backend beside other livepatches and BPF programs. If one of them was on the function
# first, the module is not loaded, and the log names it. If the module was first, the other one is
# refused. A livepatch of another function that replaces all livepatches changes nothing.
# built: plain
# backends: direct
. /case/guest.sh

[ -e /case/other_patch.ko ] || skip "this kernel has no livepatches"

flush=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)
[ -n "$flush" ] || fail "no flush function"
for func in "$flush" $(sed -n 's/.* T \(scx_bpf_sub_dispatch\)$/\1/p' /proc/kallsyms); do
	other_load "$func"
	load_cap_fails "resource busy" "livepatch \"other_patch\" has replaced $func"
	other_unload
	load_cap
	! insmod /case/other_patch.ko func="$func" 2>/dev/null ||
		fail "another livepatch of $func was accepted"
	is $CAP/state active
	unload_cap
done

# A BPF program.
fentry_start "$flush"
load_cap_fails "resource busy" "another patch owns $flush"
fentry_stop
load_cap
! /case/fentry "$flush" >/tmp/fentry.out 2>&1 || fail "a BPF program was attached to $flush"
is $CAP/state active
unload_cap

load_cap limit=8
# cmdline_proc_show() only runs when /proc/cmdline is read, which nothing does here.
other_load cmdline_proc_show replace=1
is $CAP/state active
sched_start -l 100 -s -w 1 -t 30000
await 60 "hits" hits_reach 500
sched_stop
check "$(stat max_rounds) == 8" "max_rounds"
other_unload
unload_cap
