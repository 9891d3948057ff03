# SPDX-License-Identifier: GPL-2.0
# Runs in the guest for "make bench-nested", in place of a case.
#
# /case/what has a parameter for the module, or "stock" to run without the module, followed
# by the options of scx_nest.
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
# The last result shows that the guest did not hang.
sleep 1
echo "RESULT alive=1"
