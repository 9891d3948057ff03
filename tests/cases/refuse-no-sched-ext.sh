# SPDX-License-Identifier: GPL-2.0
# A kernel without sched_ext is refused with ENODEV.
# needs: no-sched-ext
. /case/guest.sh

load_cap_fails "No such device" "not loaded: this kernel has no sched_ext"
