# SPDX-License-Identifier: GPL-2.0
# The command, before, while and after the module is loaded, on a real kernel. Its output for
# other contents of the files is tested in tests/tools/, without a virtual machine.
# built: plain
. /case/guest.sh

flush=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)

# check_ends CODE RESULT: "check" must exit with CODE and print RESULT. On kernels without
# /proc/kcore it cannot read the kernel's code, and must say so.
check_ends() {
	if [ -e /proc/kcore ]; then
		cap "$1" check --backend "$BACKEND"
		says out "^patches  *$flush"
		[ "$(row kernel_limit | cut -d' ' -f1)" = "$KERNEL_LIMIT" ] ||
			fail "kernel_limit"
		[ "$(row backend)" = "$BACKEND" ] || fail "backend"
		[ "$(row others)" = none ] || fail "others"
		[ -z "$2" ] || [ "$(row result)" = "$2" ] || fail "result"
	else
		cap 5 check
		says out "^why .*/proc/kcore cannot be read"
	fi
}

note "== before"
# Everything is supported, but modprobe does not find the module, as no package is installed.
check_ends 7 ''
cap 0 check --condition --quiet
says err ": supported, but there is no module\|: cannot tell"
[ ! -s /tmp/out ] || fail "--quiet prints something"
cap 3 status
says err "not loaded"
cap 0 status --prometheus
says out "^scx_loop_cap_up 0"
cap 3 set 8
cap 7 load
cap 0 unload
check_unloaded

note "== loaded"
# By modprobe (here that of busybox), with the options in its configuration.
mkdir -p /etc/modprobe.d "/lib/modules/$(uname -r)/extra"
cp $CAP_KO "/lib/modules/$(uname -r)/extra"
echo "extra/scx_loop_cap.ko:" >"/lib/modules/$(uname -r)/modules.dep"
echo "options scx_loop_cap backend=$BACKEND" >/etc/modprobe.d/scx-loop-cap.conf
check_ends 0 "can be loaded"
cap 0 load limit=7
is $CAP/backend "$BACKEND"
is $CAP/limit 7
cap 0 unload
check_unloaded
rm -r /etc/modprobe.d "/lib/modules/$(uname -r)"
# Without modprobe, from a file.
cap 1 load --module $CAP_KO backend="$BACKEND" limit=0
says err "invalid for parameter .limit.; check the parameters"
cap 7 load --module /case/none.ko
cap 0 load --module $CAP_KO backend="$BACKEND" limit=12
says out "loaded, state active"
is $CAP/backend "$BACKEND"
cap 0 load
says out "already loaded"
cap 0 status
[ "$(row state)" = active ] || fail "state"
[ "$(row limit)" = 12 ] || fail "limit"
check_ends 0 loaded
cap 0 set 8
is $CAP/limit 8
cap 0 set --pick 512
is $CAP/pick_limit 512
cap 2 set 70000
says err "1 to 65535"
is $CAP/limit 8
# Above the kernel's own cap, and back.
cap 0 set 100
is $CAP/limit 100
cap 0 set 8

note "== set --persist"
mkdir -p /etc/modprobe.d
echo "# ours" >/etc/modprobe.d/scx-loop-cap.conf
cap 0 set --persist 9
is $CAP/limit 9
[ "$(cat /etc/modprobe.d/scx-loop-cap.conf)" = "# ours
options scx_loop_cap limit=9" ] || fail "$(cat /etc/modprobe.d/scx-loop-cap.conf)"
rm /etc/modprobe.d/scx-loop-cap.conf

note "== numbers"
sched_start -l 100 -s -w 1 -i 0 -t 30000
await 60 "hits" hits_reach 500
cap 0 status
says out "^last_hit .* ops=loop .*limit=9$"
says out "^by_ops  *loop: [1-9][0-9]* hits, 0 pick hits$"
cap 0 status --prometheus
says out '^scx_loop_cap_scheduler_hits_total{ops="loop"} [1-9]'
hits=$(sed -n 's/^scx_loop_cap_hits_total //p' /tmp/out)
check "$hits >= 500 && $hits <= $(stat hits)" "hits"
[ "$(sed -n 's/^scx_loop_cap_last_hit_timestamp_seconds \([0-9]*\).*/\1/p' /tmp/out)" -ge \
	$(($(date +%s) - 10)) ] || fail "time of the latest hit"
cap 0 watch --interval 1 --count 3
check "$(wc -l </tmp/out) == 4" "lines of watch"
awk 'NR == 3 { exit !($3 > 0 && $4 > 0) }' /tmp/out || fail "no rate"

note "== unload while the scheduler loops"
# On a kernel without a cap of its own this would hang the machine: the command refuses.
if [ "$KERNEL_LIMIT" -eq 0 ]; then
	cap 6 unload
	says err "hit the limit in the last 30 s"
	is $CAP/state active
	sched_stop
	sleep 31
elif unload_may_stall; then
	sched_stop
fi
cap 0 unload
says out "^unloaded"
check_unloaded
cap 0 load --module $CAP_KO backend="$BACKEND"
if sched_state running; then
	await 60 "hits" hits_reach 100
	sched_stop
fi
cap 0 unload
check_unloaded

if [ "$BACKEND" = livepatch ]; then
	note "== livepatch disabled by hand, then loaded again"
	load_cap
	echo 0 >$KLP/enabled
	await 60 "the patch to go" unpatched
	cap 0 status
	says out "^state  *disabled  *(switched off"
	cap 0 load --module $CAP_KO
	says out "loaded, state active"
	cap 0 unload
	check_unloaded
fi
