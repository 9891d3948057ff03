# SPDX-License-Identifier: GPL-2.0
# The kernel's own scx_qmap -l, built from the distribution's source: its loops are ended at the
# limit, and the watchdog ejects it.
. /case/guest.sh

load_cap limit=8
qmap_storm 100
# scx_qmap also uses kfuncs that flush.
is $CAP/state active
await 120 "scx_qmap to be ejected" qmap_gone
qmap_ejected
check "$(stat hits) > 1000" "hits"
check "$(stat max_rounds) == 8" "max_rounds"
hits=$(stat hits) rounds=$(stat rounds)
check "$rounds * 100 >= $hits * 8 * 99" "rounds per hit, lower bound"
stat last_hit | grep -q ' ops=qmap ' || fail "last_hit: $(stat last_hit)"
unload_cap
