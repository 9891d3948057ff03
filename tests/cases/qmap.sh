# SPDX-License-Identifier: GPL-2.0
# The canonical runaway, the kernel's own scx_qmap -l, built from the
# distribution's source: contained at the limit and ejected by the watchdog.
. /case/guest.sh

[ -x /case/scx_qmap ] || skip "no source package of this kernel's series"
load_cap limit=8
/case/scx_qmap -l 100 </dev/null >/tmp/qmap.out 2>&1 &
QMAP=$!
qmap_gone() {
	[ ! -d /proc/$QMAP ]
}
qmap_runs() {
	[ "$(cat /sys/kernel/sched_ext/state)" = enabled ] || qmap_gone
}
await 60 "scx_qmap to attach" qmap_runs
if qmap_gone && grep -q "wasn't resolved" /tmp/qmap.out; then
	skip "$(grep -m 1 "wasn't resolved" /tmp/qmap.out)"
fi
# An idle machine dispatches too seldom.
for _ in 1 2 3 4; do
	chrt -o 0 sh -c 'while :; do usleep 1000; done' &
done
# It uses the kfuncs that flush, too.
is $CAP/state active
await 120 "scx_qmap to be ejected" qmap_gone
wait $QMAP
grep "EXIT: runnable task stall" /tmp/qmap.out || fail "$(tail /tmp/qmap.out)"
check "$(stat hits) > 1000" "hits"
check "$(stat max_rounds) == 8" "max_rounds"
hits=$(stat hits) rounds=$(stat rounds)
check "$rounds * 100 >= $hits * 8 * 99" "rounds per hit, lower bound"
stat last_hit | grep -q ' ops=qmap ' || fail "last_hit: $(stat last_hit)"
unload_cap
