# SPDX-License-Identifier: GPL-2.0
# A machine whose kernel has sched_ext and headers: after apt install, the limit is in
# effect. And it is configured, as configuration management would.
. ./lib.sh

booted "$OLD"
mkdir -p ${METRICS%/*} || fail "no place for metrics"
files >$KEEP/files
apt_get install ./1/*.deb
apt_said_not 'scx-loop-cap: '
built "$OLD"
is version "$(loaded_version)" "$(version 1)"
active "$(cat $CAP/kernel_limit)"
is "the service at boot" "$(systemctl is-enabled $UNIT)" enabled
is "what failed" "$(failed_units)" ""
scx-loop-cap status || fail "scx-loop-cap status"
is "conffile" "$(dpkg-query -W -f '${Conffiles}' scx-loop-cap | grep -c " $CONF ")" 1
echo "options scx_loop_cap limit=8" >>$CONF || fail "cannot write $CONF"

# Metrics are for who asks for them.
is "the timer at first" "$(systemctl is-enabled scx-loop-cap-textfile.timer)" disabled
systemctl start scx-loop-cap-textfile.service ||
	fail "no metrics: $(systemctl status --no-pager -l scx-loop-cap-textfile.service)"
grep '^scx_loop_cap_up 1$' $METRICS || fail "metrics: $(cat $METRICS)"
is "who may read them" "$(stat -c %A $METRICS)" -rw-r--r--
systemctl enable --now scx-loop-cap-textfile.timer || fail "the timer cannot be enabled"
