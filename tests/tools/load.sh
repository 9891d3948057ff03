# SPDX-License-Identifier: GPL-2.0
# load and unload: their messages when loading or unloading fails. tests/cases/command*.sh
# test that they work, in a virtual machine.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"

# modprobe_is COMMAND...: create a modprobe that runs these commands.
modprobe_is() {
	mkdir -p "$ROOT/sbin"
	printf '%s\n' '#!/bin/bash' "$@" >"$ROOT/sbin/modprobe"
	chmod +x "$ROOT/sbin/modprobe"
}

# installed: create a system with a module for its kernel.
installed() {
	system
	put 'updates/dkms/scx_loop_cap.ko: ' "lib/modules/$RELEASE/modules.dep"
}

# refused ERROR [LOG]: modprobe fails with this error, and the kernel logs this message.
refused() {
	modprobe_is "echo \"3,9,1,-;\"'${2:-}' >>'$ROOT/dev/kmsg'" \
		"echo \"modprobe: ERROR: could not insert 'scx_loop_cap': $1\" >&2" \
		'exit 1'
}

echo "== load"
installed
# shellcheck disable=SC2016
modprobe_is 'echo "$@" >'"$TMP/args" "mkdir -p '$CAP'" "echo active >'$CAP/state'"
cap 0 load limit=8 backend=direct
says out '^loaded, state active$'
is "$TMP/args" "scx_loop_cap limit=8 backend=direct"
rm "$TMP/args"
cap 0 load
says out '^already loaded, state active$'
silent err
cap 0 load limit=9
says err 'parameters were ignored, .*scx-loop-cap set$'
[ ! -e "$TMP/args" ] || fail "modprobe was run for a loaded module"

echo "== the transition takes longer than the timeout"
installed
mkdir -p "$ROOT/proc/7/task/7" "$KLP/scx_loop_cap"
put 0 proc/7/task/7/patch_state
put sleepy proc/7/task/7/comm
put '[<0>] do_wait+0x1/0x2' proc/7/task/7/stack
put 1 sys/kernel/livepatch/scx_loop_cap/enabled
modprobe_is "mkdir -p '$CAP'" "echo transition >'$CAP/state'"
cap 0 load --timeout 1
says out '^loaded, state transition$'
says err 'not in effect yet.*waits for: sleepy\[7\] in do_wait$'

echo "== the livepatch is being switched off"
installed
mkdir -p "$CAP" "$KLP/scx_loop_cap" "$ROOT/proc/7/task/7"
put 1 proc/7/task/7/patch_state
put sleepy proc/7/task/7/comm
put '[<0>] do_wait+0x1/0x2' proc/7/task/7/stack
put 0 sys/kernel/livepatch/scx_loop_cap/enabled
put transition sys/kernel/scx_loop_cap/state
cap 8 load --timeout 0
says err 'is being switched off, and the kernel waits for: sleepy\[7\] in do_wait; run this again'
silent out
put 1 sys/kernel/livepatch/scx_loop_cap/enabled
cap 0 load
says out '^already loaded, state transition$'

echo "== another livepatch is in transition"
installed
# modprobe fails twice, then succeeds.
modprobe_is "echo >>'$TMP/tries'" "if [ \$(wc -l <'$TMP/tries') -lt 3 ]; then" \
	"echo \"3,9,1,-;scx_loop_cap: not loaded: livepatch 'x' is in transition\" >>'$ROOT/dev/kmsg'" \
	"echo \"modprobe: ERROR: could not insert 'scx_loop_cap': Device or resource busy\" >&2" \
	'exit 1; fi' "mkdir -p '$CAP'" "echo active >'$CAP/state'"
cap 0 load
says out '^loaded, state active$'
[ "$(wc -l <"$TMP/tries")" -eq 3 ] || fail "tried $(wc -l <"$TMP/tries") times"
installed
refused "Device or resource busy" 'scx_loop_cap: not loaded: livepatch "x" is in transition'
cap 6 load --timeout 1
says err 'livepatch "x" is in transition; nothing was changed'

echo "== refused"
installed
refused "No such device" "scx_loop_cap: not loaded: this kernel has no sched_ext"
cap 4 load
says err 'cannot be patched, nothing was changed: this kernel has no sched_ext$'
refused "Operation not supported" "scx_loop_cap: not loaded: no symbol scx_ops"
cap 4 load
says err 'no symbol scx_ops$'
refused "Device or resource busy" 'scx_loop_cap: not loaded: livepatch "x" has replaced y'
cap 6 load
says err 'livepatch "x" has replaced y; nothing was changed'
refused "Invalid argument" "scx_loop_cap: 0 invalid for parameter limit"
cap 1 load limit=0
says err '^scx-loop-cap: 0 invalid for parameter limit; check the parameters, also those in /etc'
refused "Key was rejected by service"
cap 1 load
says err 'mokutil --import'
refused "Operation not permitted"
cap 1 load
if [ "$(id -u)" -eq 0 ]; then
	says err 'kernel.modules_disabled is set .*, or .*kernel_lockdown(7).*mokutil --import'
else
	says err 'not permitted to load modules; run this as root$'
fi
refused "Exec format error"
cap 1 load
says err 'not built for this kernel'
modprobe_is 'echo "modprobe: FATAL: something else" >&2' 'echo "on two lines" >&2' 'exit 1'
cap 1 load
says err 'something else on two lines; see dmesg'
rm "$ROOT/sbin/modprobe"
cap 1 load
says err 'cannot run modprobe'
# With "install scx_loop_cap /bin/true", modprobe succeeds without loading the module.
modprobe_is 'exit 0'
cap 1 load
says err 'the module is not loaded; remove the line "install scx_loop_cap" from /etc/modprobe.d$'
silent out

echo "== no module"
system
put 13 etc/debian_version
mkdir -p "$ROOT/usr/src/scx_loop_cap-0.1.0"
cap 7 load
says err "no module for this kernel ($RELEASE); install linux-headers-$RELEASE"

echo "== the livepatch was replaced or switched off"
loaded
put replaced sys/kernel/scx_loop_cap/state
mkdir "$KLP/scx_loop_cap"
cap 6 load
says err 'another livepatch has replaced it'
rmdir "$KLP/scx_loop_cap"
put disabled sys/kernel/scx_loop_cap/state
cap 1 load
says err 'switched off and cannot be removed'

echo "== unload"
system
cap 0 unload
says out '^not loaded$'
loaded
mkdir "$KLP/scx_loop_cap"
put 1 sys/kernel/livepatch/scx_loop_cap/enabled
put 1 proc/7/task/70/patch_state
put thread proc/7/task/70/comm
put '[<0>] scx_flush_dispatch_buf+0x12/0x100
[<0>] other+0x1/0x2' proc/7/task/70/stack
put 0 proc/8/task/8/patch_state
put -1 proc/9/task/9/patch_state
cap 8 unload --timeout 1
is "$KLP/scx_loop_cap/enabled" 0
says err 'still loaded after 1 s.* waits for: thread\[70\] in scx_flush_dispatch_buf; run this again later'
# The order of the tasks is that of the directory, which depends on the file system.
for pid in 7 9 10 11 12 13 14; do
	put 1 proc/$pid/task/$pid/patch_state
	put "task $pid" proc/$pid/task/$pid/comm
done
cap 8 unload --timeout 0
says err 'waits for: .*, .* and 3 more; run this again later'
# Run it again while the kernel still switches the livepatch off.
rm -r "$ROOT"/proc/[0-9]*
cap 8 unload --timeout 0
says err 'waits for: an idle task, or the kernel.s livepatch worker; run'
put loop sys/kernel/sched_ext/root/ops
cap 8 unload --timeout 0
says err 'worker (the sched_ext scheduler "loop" may starve it); run'
rm -r "$KLP/scx_loop_cap"
cap 1 unload
says err 'cannot remove the module'

echo "== unload while only the module ends the loops of a scheduler"
loaded
put 0 sys/kernel/scx_loop_cap/kernel_limit
cap 1 unload
put "boottime_ns=$(($(cut -d. -f1 /proc/uptime) - 5))000000000 cpu=1 rounds=32 ops=loop" \
	sys/kernel/scx_loop_cap/stats/last_hit
cap 6 unload
says err 'hit the limit in the last 30 s, .* echo S >/proc/sysrq-trigger$'
cap 1 unload --force
put 32 sys/kernel/scx_loop_cap/kernel_limit
cap 1 unload

echo "== usage"
cap 2 load limit
says err '"limit" is not a parameter'
cap 2 load --timeout x
says err '0 to 86400 seconds'
cap 2 unload now
cap 2 unload --timeout
