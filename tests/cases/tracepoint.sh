# SPDX-License-Identifier: GPL-2.0
# The tracepoint scx_loop_cap:scx_loop_cap_hit fires once for each hit, with the
# documented fields, as tracefs shows them.
. /case/guest.sh

TRACE=/sys/kernel/tracing
EVENT=$TRACE/events/scx_loop_cap/scx_loop_cap_hit

load_cap limit=4
# perf, trace-cmd and bpftrace read these field definitions.
for field in "u32 cpu" "u32 rounds" "u32 limit" "u32 level" "u64 cgroup" \
	"u32 kind" "char ops\[128\]"; do
	grep -q "field:$field;" $EVENT/format || fail "no field $field: $(cat $EVENT/format)"
done

# No hits are traced before the event is enabled.
sched_start -b 4 -n 50 -w 2 -t 30000
await 120 "50 bursts" bursts_done 50
sched_stop
before=$(stat hits)
check "$before >= 50" "hits before"

echo 1 >$EVENT/enable
sched_start -b 4 -n 200 -w 2 -t 30000
await 120 "200 bursts" bursts_done 200
sched_stop
echo 0 >$EVENT/enable
grep scx_loop_cap_hit: $TRACE/trace >/tmp/trace
hits=$(($(stat hits) - before))
check "$(wc -l </tmp/trace) == $hits" "traced hits"
check "$(grep -cE 'scx_loop_cap_hit: cpu=[01] rounds=4 limit=4 ops=loop level=0 cgroup=1 kind=loop$' /tmp/trace) == $hits" \
	"traced hits with the documented fields"
head -n 3 /tmp/trace

# Unloading removes the event, even if it is enabled.
echo 1 >$EVENT/enable
unload_cap
[ ! -e $EVENT ] || fail "the event is still there"
