# SPDX-License-Identifier: GPL-2.0
# Unloading while no task of an ordinary class runs takes until the watchdog has ejected the
# scheduler. When its timeout expires, the command prints what the kernel waits for. Run again
# later, it completes the unload or finds the module gone.
# kernels: newest
. /case/guest.sh

gone() {
	[ ! -e $CAP ] || /case/scx-loop-cap unload --timeout 1 >/tmp/out 2>/tmp/err
}

cap 0 load --module $CAP_KO backend="$BACKEND" limit=8
# Not the shortest timeout: on a busy machine a few seconds go by before the command is run.
sched_start -l 100 -w 2 -t 15000
await 60 "hits" hits_reach 1000
cap 8 unload --timeout 1
if [ "$BACKEND" = livepatch ]; then
	says err "waits for: [^ ].* (the sched_ext scheduler \"loop\" may starve it); run this again later"
	cap 0 status
	says out "^state  *transition"
else
	says err "the kernel continues to remove the module (the sched_ext"
fi
sched_ejected
await 60 "the module to go" gone
cap 0 unload
check_unloaded
