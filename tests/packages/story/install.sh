# SPDX-License-Identifier: GPL-2.0
# On a kernel with sched_ext and headers, the limit is in effect after apt install. The step
# then sets a limit in modprobe.d and enables the timer.
. ./lib.sh

booted "$OLD"
mkdir -p ${METRICS%/*} || fail "cannot create ${METRICS%/*}"
files >$KEEP/files
apt_get install ./1/*.deb
apt_said_not 'scx-loop-cap: '
built "$OLD"
is version "$(loaded_version)" "$(version 1)"
active "$(cat $CAP/kernel_limit)"
is "the service at boot" "$(systemctl is-enabled $UNIT)" enabled
is "failed units" "$(failed_units)" ""
scx-loop-cap status || fail "scx-loop-cap status"
is "conffile" "$(dpkg-query -W -f '${Conffiles}' scx-loop-cap | grep -c " $CONF ")" 1
echo "options scx_loop_cap limit=8" >>$CONF || fail "cannot write $CONF"

# Metrics are written only if the administrator enables the timer.
is "the timer by default" "$(systemctl is-enabled scx-loop-cap-textfile.timer)" disabled
systemctl start scx-loop-cap-textfile.service ||
	fail "no metrics: $(systemctl status --no-pager -l scx-loop-cap-textfile.service)"
grep '^scx_loop_cap_up 1$' $METRICS || fail "metrics: $(cat $METRICS)"
is "mode of the metrics file" "$(stat -c %A $METRICS)" -rw-r--r--
systemctl enable --now scx-loop-cap-textfile.timer || fail "the timer cannot be enabled"
