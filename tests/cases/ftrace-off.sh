# SPDX-License-Identifier: GPL-2.0
# While the module is loaded, ftrace cannot be switched off by sysctl. While ftrace is off, loading
# the module fails, and the log says why.
# built: plain
. /case/guest.sh

FTRACE=/proc/sys/kernel/ftrace_enabled
can=
# Newer kernels never allow it.
if echo 0 2>/dev/null >$FTRACE; then
	can=yes
	echo 1 >$FTRACE
fi
for limit in 8 100; do
	load_cap limit=$limit
	! echo 0 2>/dev/null >$FTRACE || fail "ftrace was switched off with limit $limit"
	is $FTRACE 1
	is $CAP/state active
	sched_start -l 100 -s -w 1 -t 30000
	await 60 "hits" hits_reach 100
	sched_stop
	check "$(stat max_rounds) == $limit" "max_rounds"
	unload_cap
done

if [ -z "$can" ]; then
	note "ftrace cannot be switched off on this kernel"
	exit 0
fi
echo 0 >$FTRACE || fail "ftrace cannot be switched off after the module was unloaded"
load_cap_fails "resource busy" "ftrace is switched off, see sysctl kernel.ftrace_enabled"
load_cap_fails "resource busy" "ftrace is switched off, see sysctl kernel.ftrace_enabled" limit=100
echo 1 >$FTRACE
load_cap
unload_cap
