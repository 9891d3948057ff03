# SPDX-License-Identifier: GPL-2.0
# Livepatches and BPF programs of somebody else, and we without a livepatch: if theirs
# came first we do not load, and say whose it is. If ours did, theirs is refused for
# our functions, and a livepatch for another that takes the place of all livepatches
# changes nothing.
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
		fail "$func was livepatched below us"
	is $CAP/state active
	unload_cap
done

# A program of BPF.
fentry_start "$flush"
load_cap_fails "resource busy" "somebody else has patched $flush"
fentry_stop
load_cap
! /case/fentry "$flush" >/tmp/fentry.out 2>&1 || fail "BPF was attached below us"
is $CAP/state active
unload_cap

load_cap limit=8
# Nobody reads the file that this function is for.
other_load cmdline_proc_show replace=1
is $CAP/state active
sched_start -l 100 -s -w 1 -t 30000
await 60 "hits" hits_reach 500
sched_stop
check "$(stat max_rounds) == 8" "max_rounds"
other_unload
unload_cap
