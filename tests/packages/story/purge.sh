# SPDX-License-Identifier: GPL-2.0
# Purge the packages while a scheduler loops: no file, unit or module is left.
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
is "failed units" "$(failed_units)" ""
[ ! -e /var/lib/dkms ] || is "trees of DKMS" "$(find /var/lib/dkms -iname '*scx*')" ""
is "files with its name" "$(find / -xdev -path $KEEP -prune -o -iname '*scx[-_]loop[-_]cap*' -print)" ""

# All other files are as before, except those of the newer kernel.
files >/run/files
dpkg-query -W -f '${Package}\n' 'linux-*' | xargs dpkg -L | sort -u >/run/of-kernels
comm -13 $KEEP/files /run/files | grep -vxF -f /run/of-kernels |
	grep -vF -e "/$NEW" -e "-$NEW" >/run/left
is "files left behind" "$(cat /run/left)" ""
comm -23 $KEEP/files /run/files >/run/lost
is "missing files" "$(cat /run/lost)" ""
