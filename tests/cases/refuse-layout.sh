# SPDX-License-Identifier: GPL-2.0
# A kernel without a symbol, member or call site that the module needs is refused with
# EOPNOTSUPP, and the log names it. The modules are built from copies of the source that look
# for one that no kernel has.
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

# The refused modules changed nothing: the real one still loads.
CAP_KO=/case/scx_loop_cap.ko
load_cap
unload_cap
