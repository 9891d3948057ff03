# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, and the module: the machine goes on, and the watchdog
# ejects scx_qmap -l when it is due. Without it: see uncapped-dead.
# needs: uncapped
# built: yes
. /case/guest.sh

load_cap
is $CAP/kernel_limit 0
is $CAP/limit 32
heartbeat_start
qmap_storm 50
begin=$(uptime_s)
await 60 "hits" hits_reach 1000
await 120 "the watchdog" qmap_gone
end=$(uptime_s)
heartbeat_stop
qmap_ejected
hits=$(stat hits) rounds=$(stat rounds)
check "$rounds * 100 >= $hits * 32 * 95 && $rounds * 100 <= $hits * 32 * 105" "rounds per hit"
check "$(stat max_rounds) == 32" "max_rounds"
check "$end - $begin <= 60" "ejected in time"
note "RESULT: saved, $BACKEND: $rounds rounds, $hits hits, ejected after $((end - begin)) s"
unload_cap
