# SPDX-License-Identifier: GPL-2.0
# Unload while no task of an ordinary class runs. The kernel's livepatch core waits for tasks to
# be unpatched and for RCU, so it may take until the watchdog has ejected the scheduler. Then it
# completes, and nothing is left.
. /case/guest.sh

load_cap limit=8
sched_start -l 100 -w 2
await 60 "hits" hits_reach 1000
unload_cap
sched_ejected
