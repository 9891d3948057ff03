# SPDX-License-Identifier: GPL-2.0
# The commands "check" and "load" on a kernel without sched_ext.
# needs: no-sched-ext
. /case/guest.sh

cap 4 check
says out "^result  *not supported$"
says out "^why  *this kernel has no sched_ext"
cap 1 check --quiet --condition
says err "not supported: this kernel has no sched_ext"
cap 4 load --module $CAP_KO
says err "cannot be patched, nothing was changed: this kernel has no sched_ext"
check_unloaded
