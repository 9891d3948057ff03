# SPDX-License-Identifier: GPL-2.0
# And away with it, while a scheduler loops: nothing is left of it.
. ./lib.sh

booted "$NEW"
active 8
is version "$(loaded_version)" "$(version 2)"
sched_start
await "metrics" [ -e $METRICS ]
apt_get purge scx-loop-cap scx-loop-cap-dkms
not_loaded
sched_runs || fail "the scheduler is gone: $(cat /run/sched)"
sched_stop
apt_get autopurge
not_built "$NEW"
not_built "$OLD"
is "the timer" "$(systemctl show -P LoadState scx-loop-cap-textfile.timer)" not-found
is "the service" "$(systemctl show -P LoadState $UNIT)" not-found
is "what failed" "$(failed_units)" ""
[ ! -e /var/lib/dkms ] || is "trees of DKMS" "$(find /var/lib/dkms -iname '*scx*')" ""
is "what it is called" "$(find / -xdev -path $KEEP -prune -o -iname '*scx[-_]loop[-_]cap*' -print)" ""

# Nor anything else, but for what came with the newer kernel.
files >/run/files
dpkg-query -W -f '${Package}\n' 'linux-*' | xargs dpkg -L | sort -u >/run/of-kernels
comm -13 $KEEP/files /run/files | grep -vxF -f /run/of-kernels |
	grep -vF -e "/$NEW" -e "-$NEW" >/run/left
is "what is left" "$(cat /run/left)" ""
comm -23 $KEEP/files /run/files >/run/lost
is "what is lost" "$(cat /run/lost)" ""
