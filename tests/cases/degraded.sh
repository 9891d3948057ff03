# SPDX-License-Identifier: GPL-2.0
# While the function graph tracer is on the flush, the flush's caller is hidden and rounds are not
# recognised. The state must be "degraded" meanwhile, and "active" again afterwards.
. /case/guest.sh

TRACE=/sys/kernel/tracing
FLUSH=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)

load_cap
sched_start -w 2
sleep 1
is $CAP/state active
echo "$FLUSH" >$TRACE/set_graph_function
echo "$FLUSH" >$TRACE/set_ftrace_filter
echo function_graph >$TRACE/current_tracer
await 30 "state degraded" state_is degraded
rounds=$(stat rounds)
echo nop >$TRACE/current_tracer
await 60 "state active" state_is active
check "$(stat rounds) > $rounds" "rounds are counted again"
sched_stop
unload_cap
