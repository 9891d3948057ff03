# SPDX-License-Identifier: GPL-2.0
# Upgrade the packages while the old module is loaded and a scheduler loops.
. ./lib.sh

booted "$NEW"
active 8
sched_start
before=$(cat $CAP/stats/hits)
note "hits before: $before"
apt_get install ./2/*.deb
built "$NEW"
# The new module is loaded with the configured limit, and the same scheduler still runs.
is version "$(loaded_version)" "$(version 2)"
active 8
sched_runs || fail "the scheduler is gone: $(cat /run/sched)"
await "hits" hits
sched_runs || fail "the scheduler is gone: $(cat /run/sched)"
sched_stop
is "configuration" "$(grep -c '^options scx_loop_cap limit=8' $CONF)" 1
is "other versions in DKMS" "$(dkms status scx-loop-cap | grep -cv "/$(version 2),")" 0
is "failed units" "$(failed_units)" ""
