# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, with the module: the machine keeps running, and the watchdog ejects
# scx_qmap -l in time. The case uncapped-dead does the same without the module.
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
note "RESULT: $BACKEND: $rounds rounds, $hits hits, ejected after $((end - begin)) s"
unload_cap
