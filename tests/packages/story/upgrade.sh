# SPDX-License-Identifier: GPL-2.0
# Our packages in a higher version, while the old module is loaded and a scheduler loops.
. ./lib.sh

booted "$NEW"
active 8
sched_start
before=$(cat $CAP/stats/hits)
note "hits before: $before"
apt_get install ./2/*.deb
built "$NEW"
# The new module is there, with the limit that was configured, under the same scheduler.
is version "$(loaded_version)" "$(version 2)"
active 8
sched_runs || fail "the scheduler is gone: $(cat /run/sched)"
await "hits" hits
sched_runs || fail "the scheduler is gone: $(cat /run/sched)"
sched_stop
is "configuration" "$(grep -c '^options scx_loop_cap limit=8' $CONF)" 1
is "DKMS has only" "$(dkms status scx-loop-cap | grep -cv "/$(version 2),")" 0
is "what failed" "$(failed_units)" ""
