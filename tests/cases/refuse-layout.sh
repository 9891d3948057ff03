# SPDX-License-Identifier: GPL-2.0
# A kernel that does not have what the module looks for is refused with
# EOPNOTSUPP and the log names it. The modules are built from a copy of the
# source in which one name is changed, so that the real kernel lacks it.
. /case/guest.sh

CAP_KO=/case/no-symbol.ko
load_cap_fails "Operation not supported" \
	"not loaded: no symbol flush_dispatch_xyz or scx_flush_dispatch_xyz"
CAP_KO=/case/no-member.ko
load_cap_fails "Operation not supported" \
	"not loaded: BTF has no usable struct rq, member nr_switchez"
CAP_KO=/case/no-site.ko
load_cap_fails "Operation not supported" \
	"not loaded: no known function calls .*flush_dispatch_buf in a dispatch loop"

# Nothing was changed, so the real one still loads.
CAP_KO=/case/scx_loop_cap.ko
load_cap
unload_cap
