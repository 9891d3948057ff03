# SPDX-License-Identifier: GPL-2.0
# A limit above the kernel's own cap needs a patch of the host. While another livepatch has
# replaced the host, such a limit is refused; once that livepatch is gone, it is accepted. Kernels
# that restart selections under core scheduling have the host patched from the load on, so no other
# livepatch of it is accepted there.
# needs: capped
# built: plain
. /case/guest.sh

[ -e /case/other_patch.ko ] || skip "this kernel has no livepatches"
load_cap
host=$(dmesg | sed -n 's/.*scx_loop_cap: .* as called by \([^ ]*\)$/\1/p' | tail -n 1)
if grep -q "^$host .* D " /sys/kernel/tracing/enabled_functions; then
	! insmod /case/other_patch.ko func="$host" 2>/dev/null || fail "another livepatch of $host was accepted"
	unload_cap
	exit
fi
other_load "$host"
! echo 100 2>/dev/null >$CAP/limit || fail "limit 100 was accepted"
log_has "livepatch \"other_patch\" has replaced $host" || fail "log: $(dmesg | tail)"
is $CAP/limit 32
echo 8 >$CAP/limit || fail "limit 8"
is $CAP/state active

other_unload
echo 100 >$CAP/limit || fail "limit 100"
! insmod /case/other_patch.ko func="$host" 2>/dev/null || fail "another livepatch of $host was accepted"
sched_start -l 100 -s -w 1 -t 30000
await 60 "hits" hits_reach 100
sched_stop
check "$(stat max_rounds) == 100" "max_rounds"
unload_cap
