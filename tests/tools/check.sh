# SPDX-License-Identifier: GPL-2.0
# check, with kernel images instead of the running kernel. An image (vmlinux) is an ELF file
# with the same code at the same addresses as /proc/kcore.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
needs jq jq
[ -n "${KERNELS:-}" ] || {
	echo "SKIP: no images of kernels, which make test fetches"
	exit 77
}

# kernel DIR: create a system that runs this kernel and on which the module can be loaded.
kernel() {
	system
	ln -s "$1/vmlinux" "$ROOT/proc/kcore"
	ln -s "$1/kallsyms" "$ROOT/proc/kallsyms"
	mkdir -p "$ROOT/sys/kernel/btf" "$ROOT/usr/src/scx_loop_cap-0.1.0"
	ln -s "$1/btf" "$ROOT/sys/kernel/btf/vmlinux"
	put 'updates/dkms/scx_loop_cap.ko.xz: ' "lib/modules/$RELEASE/modules.dep"
	put 'tcp_v4_rcv (1)           	tramp: 0xffff (foo)' sys/kernel/tracing/enabled_functions
	printf '%s\n' flush_dispatch_buf scx_flush_dispatch_buf scx_bpf_sub_dispatch balance_scx \
		balance_one pick_task_scx do_pick_task_scx dispatch_one \
		>"$ROOT/sys/kernel/tracing/available_filter_functions"
}

# row NAME: print the value of this row of the table.
row() {
	sed -n "s/^$1  *//p" "$TMP/out"
}

# enabled FLAGS MORE: set the entry of the flush in enabled_functions of ftrace.
enabled() {
	put "other (1) I
$FLUSH (1)$1	$2
${FLUSH}_too (1) I D" sys/kernel/tracing/enabled_functions
}

# core_restarts DIR: does this kernel restart the selection for a core?
core_restarts() {
	grep -q ' sched_core_share_pid$' "$1/kallsyms" && grep -q lock_drop_seq "$1/btf"
}

with=() without=()
for dir in $KERNELS; do
	if grep -q ' ext_sched_class$' "$dir/kallsyms"; then
		with+=("$dir")
	else
		without+=("$dir")
	fi
done
echo "with sched_ext: ${with[*]}; without: ${without[*]}"

echo "== kernels that are supported"
for dir in ${with[@]+"${with[@]}"}; do
	kernel "$dir"
	cap 0 check
	[ "$(row result)" = "can be loaded" ] || fail "result of $dir"
	# These kernels are built without a cap.
	case $dir in
	*-uncapped-* | *-balance_*) limit="0  (the kernel has no cap of its own)" ;;
	*) limit=32 ;;
	esac
	[ "$(row kernel_limit)" = "$limit" ] || fail "kernel_limit of $dir"
	[ "$(row max_limit)" = 65535 ] || fail "max_limit of $dir"
	host=$(row patches | sed 's/.* called by //')
	says out "^caller  *$host: outermost loop, [0-9]* calls\\?$" '^caller  *[a-z_0-9]*: no loop, [0-9]* calls\?$'
	# Where core scheduling can restart a selection, this function is replaced as well.
	! core_restarts "$dir" || says out "^patches .* and $host, as called by $host$"
	nested=no
	! grep -q ' scx_bpf_sub_dispatch$' "$dir/kallsyms" || nested=yes
	[ "$(row nested)" = $nested ] || fail "nested of $dir"
	[ $nested = no ] || says out '^caller  *scx_bpf_sub_dispatch: nested loop, [0-9]* calls\?$'
	livepatch='no  (CONFIG_LIVEPATCH)'
	! grep -q ' klp_enable_patch$' "$dir/kallsyms" || livepatch=yes
	[ "$(row livepatch)" = "$livepatch" ] || fail "livepatch of $dir"
	[ "$(row module)" = "/lib/modules/$RELEASE/updates/dkms/scx_loop_cap.ko.xz" ] ||
		fail "module"
	if [ "$livepatch" != yes ]; then
		# A wrong option lets the service fail, so that it is noticed.
		put "options scx_loop_cap backend=livepatch" etc/modprobe.d/scx-loop-cap.conf
		cap 0 check --quiet --condition
		says err 'use backend=direct'
		rm "$CONF"
		cap 4 check --backend livepatch
		says out '^why .*no backend "livepatch" (CONFIG_LIVEPATCH)'
	fi
done

put "options scx_loop_cap backend=livepach" etc/modprobe.d/scx-loop-cap.conf
cap 2 check
cap 0 check --quiet --condition
says err 'not one of auto, livepatch, direct; correct it in /etc/modprobe.d'
rm "$CONF"
cap 2 check --backend livepach --condition

echo "== kernels without sched_ext"
for dir in ${without[@]+"${without[@]}"}; do
	kernel "$dir"
	cap 4 check
	[ "$(row why)" = "this kernel has no sched_ext (CONFIG_SCHED_CLASS_EXT)" ] ||
		fail "why"
	cap 4 check --quiet
	silent out
	says err 'not supported: this kernel has no sched_ext'
	cap 1 check --quiet --condition
	put "options scx_loop_cap backend=livepatch" etc/modprobe.d/scx-loop-cap.conf
	cap 1 check --quiet --condition
	rm "$CONF"
	# This result does not need root.
	rm "$ROOT/proc/kallsyms"
	sed 's/^[0-9a-f]*/0000000000000000/' "$dir/kallsyms" >"$ROOT/proc/kallsyms"
	cap 4 check
done

echo "== the function with the loop has to be replaced"
for dir in ${with[@]+"${with[@]}"}; do
	core_restarts "$dir" || continue
	kernel "$dir"
	cap 0 check --json
	host=$(jq -r .host "$TMP/out")
	put "$host (1) R   D   M	tramp: ftrace_regs_caller+0x0/0x70 (call_direct_funcs+0x0/0x20)
	direct-->bpf_trampoline_6442+0x0/0x100" sys/kernel/tracing/enabled_functions
	cap 6 check
	says out "^others  *a direct call to bpf_trampoline_6442 is attached to $host$" \
		'^why .*load the module when that is removed$'
	rm "$ROOT/sys/kernel/tracing/enabled_functions"
	sed -i "/^$host\$/d" "$ROOT/sys/kernel/tracing/available_filter_functions"
	cap 4 check
	says out "^why  *ftrace cannot patch $host$"
done

# The other checks use one kernel, without such a function.
dir=
for d in ${with[@]+"${with[@]}"}; do
	core_restarts "$d" || ! grep -q ' klp_enable_patch$' "$d/kallsyms" || dir=$d
done
[ -n "$dir" ] || { echo "the other checks need a kernel with sched_ext and livepatches, and there is none"; exit 0; }
FLUSH=$(sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' "$dir/kallsyms")

echo "== JSON"
kernel "$dir"
cap 0 check --json
[ "$(jq -c '[.result,.why,.loaded,.backend,.functions[0],.others,.kernel]' "$TMP/out")" = \
	'["ok",null,false,"livepatch","'"$FLUSH"'",null,"'"$RELEASE"'"]' ] || fail "JSON"
[ "$(jq -c '[.callers[0].function == .host, .callers[0].loop, .callers[0].calls > 0, .callers[-1].loop]' \
	"$TMP/out")" = '[true,"outermost",true,"none"]' ] || fail "callers in JSON"
[ "$(jq -c '[.kernel_limit,.max_limit]' "$TMP/out")" = '[32,65535]' ] || fail "limits in JSON"
PASS=$(jq -r '.callers[-1].function' "$TMP/out")
HOST=$(jq -r .host "$TMP/out")
rm "$ROOT/lib/modules/$RELEASE/modules.dep"
cap 7 check --json
[ "$(jq -r .result "$TMP/out")" = no-module ] || fail "JSON"

echo "== there is no module"
kernel "$dir"
rm "$ROOT/lib/modules/$RELEASE/modules.dep"
put 13 etc/debian_version
cap 7 check
says out "^why  *install linux-headers-$RELEASE, then DKMS"
mkdir "$ROOT/lib/modules/$RELEASE/build"
cap 7 check
says out "^why  *build it with: dkms autoinstall -k $RELEASE"
# A missing module lets the service fail, so that it is noticed.
cap 0 check --quiet --condition
says err 'no module for this kernel'
rmdir "$ROOT/lib/modules/$RELEASE/build"
rm "$ROOT/etc/debian_version"
cap 7 check
says out "^why  *install kernel-devel-$RELEASE"
rm -r "$ROOT/usr/src"
cap 7 check
says out '^why  *install the package scx-loop-cap-dkms'

echo "== other users of the function"
kernel "$dir"
mkdir -p "$KLP/vendor/vmlinux/$FLUSH,1" "$KLP/unrelated/vmlinux/tcp_v4_rcv,1" \
	"$KLP/unrelated/vmlinux/${FLUSH}_too,1"
enabled " R I     " "tramp: 0xffffffffc0 (klp_ftrace_handler+0x0/0x1)"
for backend in livepatch direct; do
	cap 6 check --backend $backend
	says out "^others  *livepatch \"vendor\" has replaced $FLUSH$" \
		'^why .*load the module when that is removed'
done
cap 0 check --quiet --condition
rm -r "$KLP/vendor"
cap 6 check
says out "^others  *another user of ftrace redirects $FLUSH$"
rm -r "$KLP/unrelated"
enabled " R   D   M" "tramp: ftrace_regs_caller+0x0/0x70 (call_direct_funcs+0x0/0x20)
	direct-->bpf_trampoline_6442+0x0/0x100"
cap 0 check --backend livepatch
says out "^others  *a direct call to bpf_trampoline_6442 is attached to $FLUSH$"
cap 6 check --backend direct
says out '^why .*or with backend=livepatch'
# The direct call of the module itself is not listed.
enabled "     D    " "
	direct-->slc_hook_flush_sch_rq_stub+0x0/0x10 [scx_loop_cap]"
cap 0 check --backend direct
[ "$(row others)" = none ] || fail "others"
enabled "          " "tramp: 0xffffffffc0 (function_trace_call+0x0/0x1)"
cap 0 check
says out "^others  *a tracer is attached to $FLUSH$"
rm "$ROOT/sys/kernel/tracing/enabled_functions"
cap 0 check
says out '^others  *tracefs cannot be read'

echo "== ftrace"
kernel "$dir"
put 0 proc/sys/kernel/ftrace_enabled
cap 6 check
says out '^why .*sysctl kernel.ftrace_enabled=1'
put 1 proc/sys/kernel/ftrace_enabled
put other sys/kernel/tracing/available_filter_functions
cap 4 check
says out "^why  *ftrace cannot patch $FLUSH"

echo "== choice of the backend"
kernel "$dir"
put 'options scx_loop_cap backend=direct' etc/modprobe.d/scx-loop-cap.conf
cap 0 check
[ "$(row backend)" = direct ] || fail "backend"
cap 0 check --backend livepatch
[ "$(row backend)" = livepatch ] || fail "backend"
put 'options scx_loop_cap backend=kprobe' etc/modprobe.d/scx-loop-cap.conf
cap 2 check
says err '"kprobe" is not one of auto, livepatch, direct; correct it'
cap 2 check --backend x
put 'options scx_loop_cap limit=0' etc/modprobe.d/scx-loop-cap.conf
cap 2 check
says err 'limit must be 1 to 65535, not "0"; correct it in /etc/modprobe.d$'
put 'options scx_loop_cap limit=+8' etc/modprobe.d/scx-loop-cap.conf
cap 0 check
put 'options scx_loop_cap limit=0' etc/modprobe.d/scx-loop-cap.conf
# With --condition, the service is not skipped but fails.
cap 0 check --quiet --condition
put 'options scx_loop_cap pick_limit=many' etc/modprobe.d/scx-loop-cap.conf
cap 2 check
says err 'pick_limit must be 0 to 1048576, not "many"'
rm "$CONF"

echo "== limits above the kernel's own cap"
kernel "$dir"
put 'options scx_loop_cap limit=100' etc/modprobe.d/scx-loop-cap.conf
cap 0 check
# The function that contains the loop cannot be replaced.
sed -i "/^$HOST\$/d" "$ROOT/sys/kernel/tracing/available_filter_functions"
cap 2 check
says err 'limit must be 1 to 32 on this kernel, not "100"; correct it'
rm "$CONF"
cap 0 check
[ "$(row max_limit)" = 32 ] || fail "max_limit"
# The loop calls what the kick would call if it were inlined.
kernel "$dir"
rm "$ROOT/proc/kallsyms"
sed -e 's/ irq_work_queue$/ other/' -e 's/ scx_kick_cpu\(\.part\.0\)\?$/ irq_work_queue/' \
	-e 's/ scx_bpf_kick_cpu$/ irq_work_queue/' "$dir/kallsyms" >"$ROOT/proc/kallsyms"
cap 0 check
[ "$(row kernel_limit)" = "0  (the kernel may have a cap of its own of 32)" ] ||
	fail "kernel_limit"
[ "$(row max_limit)" = 32 ] || fail "max_limit"
put 'options scx_loop_cap limit=33' etc/modprobe.d/scx-loop-cap.conf
cap 2 check
says err 'limit must be 1 to 32 on this kernel, not "33"; correct it'
rm "$CONF"

echo "== signed modules only"
kernel "$dir"
put 'none [integrity] confidentiality' sys/kernel/security/lockdown
cap 0 check
[ "$(row signature)" = required ] || fail "signature"
put '[none] integrity confidentiality' sys/kernel/security/lockdown
cap 0 check
[ -z "$(row signature)" ] || fail "signature"

echo "== files that cannot be read"
kernel "$dir"
rm "$ROOT/proc/kcore"
cap 5 check
says out '^result  *cannot tell' '^why  */proc/kcore cannot be read: No such file'
# The service is not skipped, as the module itself can read the code.
cap 0 check --quiet --condition
ln -s "$dir/btf" "$ROOT/proc/kcore"
cap 5 check
head -c 1000 "$dir/vmlinux" >"$TMP/short"
ln -sf "$TMP/short" "$ROOT/proc/kcore"
cap 5 check
kernel "$dir"
rm "$ROOT/proc/kallsyms"
cap 5 check
says out 'why  */proc/kallsyms cannot be read'
sed 's/^[0-9a-f]*/0000000000000000/' "$dir/kallsyms" >"$ROOT/proc/kallsyms"
cap 5 check
says out '^why .*run this as root'

echo "== a kernel that is not recognised"
kernel "$dir"
rm "$ROOT/proc/kallsyms"
grep -v " $FLUSH\$" "$dir/kallsyms" >"$ROOT/proc/kallsyms"
cap 4 check
says out '^why  *no symbol flush_dispatch_buf'
sed "s/ $PASS\$/ scx_new_kfunc/" "$dir/kallsyms" >"$ROOT/proc/kallsyms"
cap 4 check
says out "^why  *unknown caller of $FLUSH: scx_new_kfunc$"
# Names that a compiler may give to these functions.
sed -e "s/ $HOST\$/ $HOST.llvm.5721/" -e "s/ $FLUSH\$/ $FLUSH.llvm.81/" "$dir/kallsyms" \
	>"$ROOT/proc/kallsyms"
printf '%s\n' "$FLUSH.llvm.81" scx_bpf_sub_dispatch "$HOST.llvm.5721" \
	>"$ROOT/sys/kernel/tracing/available_filter_functions"
cap 0 check
says out "^patches  *$FLUSH.llvm.81.*, as called by $HOST.llvm.5721$" "^max_limit  *65535$"
sed "s/ $PASS\$/ $HOST.constprop.0/" "$dir/kallsyms" >"$ROOT/proc/kallsyms"
cap 4 check
says out "^why  *both $HOST.* and $HOST.* call $FLUSH$"
kernel "$dir"
rm "$ROOT/sys/kernel/btf/vmlinux"
cap 4 check
head -c 100 "$dir/btf" >"$ROOT/sys/kernel/btf/vmlinux"
cap 4 check
says out "^why  *the kernel's BTF is not understood"

echo "== loaded"
kernel "$dir"
put active sys/kernel/scx_loop_cap/state
mkdir -p "$KLP/scx_loop_cap/vmlinux/$FLUSH,1"
rm "$ROOT/lib/modules/$RELEASE/modules.dep"
enabled " R I     " "tramp: 0xffffffffc0 (klp_ftrace_handler+0x0/0x1)"
cap 0 check
[ "$(row result)" = loaded ] || fail "result"
[ "$(row others)" = none ] || fail "others"
