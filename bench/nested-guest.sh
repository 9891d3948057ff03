# SPDX-License-Identifier: GPL-2.0
# The guest's part of bench/nested: runs in place of a case.
#
# /case/what has the module's parameters, or "stock" for none of it, and the
# options of scx_nest.
# shellcheck shell=sh
. /case/guest.sh

read -r module options </case/what
[ "$module" = stock ] || insmod $CAP_KO "$module" || fail "insmod"
[ "$module" = stock ] || await 60 "the module" state_is active
# shellcheck disable=SC2086
/case/scx_nest -l 100 -o $STATUS $options </dev/null >/tmp/out 2>&1
[ -f $STATUS ] || fail "$(cat /tmp/out)"
for key in max_calls_per_pick max_pick_ns max_silence_ns exit_reason \
	exit_after_ms; do
	echo "RESULT $key=$(sched_value $key)"
done
echo "RESULT pick_hits=$(stat pick_hits 2>/dev/null)"
# That it goes on is a result, too.
sleep 1
echo "RESULT alive=1"
