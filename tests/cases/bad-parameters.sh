# SPDX-License-Identifier: GPL-2.0
# An invalid module parameter fails the load and changes nothing.
# kernels: newest
. /case/guest.sh

for bad in 0 -1 65536 x '' 0x8; do
	load_cap_fails "Invalid argument" "invalid for parameter" "limit=$bad"
done
for bad in -1 1048577 x '' 0x8; do
	load_cap_fails "Invalid argument" "invalid for parameter" "pick_limit=$bad"
done
load_cap_fails "Invalid argument" 'backend "kpatch" is not one of' backend=kpatch
load_cap limit=1 pick_limit=0
is $CAP/limit 1
is $CAP/pick_limit 0
is /sys/module/scx_loop_cap/parameters/limit 1
is /sys/module/scx_loop_cap/parameters/pick_limit 0
unload_cap
