# SPDX-License-Identifier: GPL-2.0
# The commands "check" and "load" while another livepatch or a BPF program is on a function that
# the module patches.
# backends: livepatch
# kernels: newest
. /case/guest.sh

# "check" reads machine code there.
[ -e /proc/kcore ] || skip "this kernel has no /proc/kcore"
flush=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms)
[ -n "$flush" ] || fail "no flush function"
# Let modprobe find the module, so that "check" does not report it as missing.
mkdir -p "/lib/modules/$(uname -r)"
echo "extra/scx_loop_cap.ko:" >"/lib/modules/$(uname -r)/modules.dep"

for func in "$flush" $(sed -n 's/.* T \(scx_bpf_sub_dispatch\)$/\1/p' /proc/kallsyms); do
	note "== a livepatch of $func"
	other_load "$func"
	for backend in livepatch direct; do
		cap 6 check --backend $backend
		says out "^others .*livepatch \"other_patch\" has replaced $func"
		cap 6 load --module $CAP_KO backend=$backend
		says err "livepatch \"other_patch\" has replaced $func; nothing was changed"
		check_unloaded
	done
	cap 0 check --quiet --condition
	other_unload
	cap 0 check
	[ "$(row others)" = none ] || fail "others"
done

note "== a BPF program"
fentry_start "$flush"
cap 0 check --backend livepatch
says out "^others  *a direct call to .* is attached to $flush"
cap 6 check --backend direct
cap 6 load --module $CAP_KO backend=direct
cap 0 load --module $CAP_KO backend=livepatch
cap 0 unload
fentry_stop
cap 0 check --backend direct
[ "$(row others)" = none ] || fail "others"

note "== only this module"
for BACKEND in livepatch direct; do
	cap 0 load --module $CAP_KO backend=$BACKEND
	cap 0 check
	[ "$(row others)" = none ] || fail "others"
	cap 0 unload
done

note "== a livepatch on top of this module"
cap 0 load --module $CAP_KO
other_load "$flush"
cap 6 check
cap 0 status
says out "^state  *replaced"
cap 6 load
says err "another livepatch has replaced it"
cap 0 unload
check_unloaded
other_unload

note "== a livepatch that replaces all others"
cap 0 load --module $CAP_KO
other_load cmdline_proc_show replace=1
is $CAP/state replaced
# The kernel has removed the module's patch, so the command can load the module again.
cap 0 load --module $CAP_KO
is $CAP/state active
cap 0 unload
check_unloaded
other_unload
