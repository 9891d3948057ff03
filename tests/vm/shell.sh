# SPDX-License-Identifier: GPL-2.0
# An interactive shell in a guest, for tests/vm-shell and its test.
# shellcheck shell=bash

# vm_shell_files RELEASE SUITE KERNEL-DIR: print what initramfs_pack takes, and "end" if all
# could be made: the module, the command and the test schedulers.
vm_shell_files() {
	local release=$1 suite=$2 dir=$3
	local made=$WORK/$1

	mkdir -p "$made"
	build_module "$release" "$suite" "$made/make" >&2 || return
	build_tools "$made/tools" >&2 || return
	guest_files
	echo "$TOP/tests/vm/shell-guest.sh=case/run"
	echo "$made/make/scx_loop_cap.ko=lib/modules/$release/extra/scx_loop_cap.ko"
	echo "$made/tools/scx-loop-cap=case/scx-loop-cap"
	sched_files "$release" "$suite" "$dir" || return
	echo end
}

# vm_shell_prepare RELEASE SUITE KERNEL-DIR DIR: make the initramfs in DIR.
vm_shell_prepare() {
	local files

	mapfile -t files < <(vm_shell_files "$1" "$2" "$3")
	[ "${files[-1]:-}" = end ] || return 1
	unset 'files[-1]'
	initramfs_pack "$4/cpio" "${files[@]}"
}

# vm_shell_input DIR: what the guest's shell reads if standard input is no terminal. It
# is not sent before the shell reads it; at the end of the input the shell ends.
vm_shell_input() {
	while ! grep -qs '^ready' "$1/channel"; do
		sleep 0.2
	done
	cat
	# End of file, for a terminal.
	printf '\004'
}

# vm_shell KERNEL-DIR DIR BACKEND [SECONDS]: boot the guest that vm_shell_prepare has made in
# DIR, with standard input and output as its console, for so long at most. Returns the status
# of the shell, or 1 if the guest ended before its shell.
vm_shell() {
	local kernel=$1 dir=$2 limit=${4:+timeout --foreground -k 5 $4} accel=${QEMU_ACCEL:-tcg} append rows columns pid=

	append="console=ttyS0 panic=-1 quiet cryptomgr.notests scx_shell=1 scx_backend=$3"
	[[ ! ${TERM:-} =~ ^[a-z0-9.+-]+$ ]] || append+=" TERM=$TERM"
	# A terminal that does not know its size has 0 rows.
	if [ -t 0 ] && read -r rows columns <<<"$(stty size)" && [ "$rows" -gt 0 ]; then
		append+=" scx_rows=$rows scx_columns=$columns"
	fi
	# See qemu_run.
	[ "$accel" != tcg ] || accel=tcg,thread=single
	: >"$dir/channel"
	if [ -t 0 ]; then
		exec 3<&0
	else
		exec 3< <(vm_shell_input "$dir")
		pid=$!
	fi
	# Ctrl-C is for the guest; Ctrl-A X ends QEMU. root_run takes standard input away.
	# shellcheck disable=SC2016,SC2086
	root_run "$QEMU_SUITE" sh -c 'exec "$@" <&3' sh $limit qemu-system-x86_64 \
		-accel "$accel" -m 1G -smp 2 \
		-kernel "$(root_sees "$kernel/vmlinuz")" -initrd "$(root_sees "$dir/cpio")" \
		-append "$append" -chardev stdio,id=tty,mux=on,signal=off \
		-serial chardev:tty -mon chardev=tty \
		-serial "file:$(root_sees "$dir/channel")" \
		-display none -nic none -no-reboot || true
	exec 3<&-
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	return "$(tr -d '\r' <"$dir/channel" | sed -n 's/^END \([0-9]*\)$/\1/p' | grep . || echo 1)"
}

# vm_shell_case RELEASE SUITE KERNEL-DIR: a test of it, with commands from a pipe.
vm_shell_case() {
	local dir rc=0

	dir=$(mktemp -d "$WORK/shell.XXXXXX")
	vm_shell_prepare "$1" "$2" "$3" "$dir" || return
	# shellcheck disable=SC2016
	printf '%s\n' 'scx-loop-cap status' 'scx_loop -h' 'scx-loop-cap unload' \
		'echo "flags $-"' '(exit 42)' |
		vm_shell "$3" "$dir" '' 600 >"$dir/out" || rc=$?
	tr -d '\r' <"$dir/out" | tee "$dir/lines"
	rm -f "$dir/cpio"
	grep -q '^state  *active$' "$dir/lines" || { echo "not: loaded"; return 1; }
	grep -q '^usage: scx_loop' "$dir/lines" || { echo "not: scx_loop"; return 1; }
	grep -q '^unloaded' "$dir/lines" || { echo "not: unloaded"; return 1; }
	grep -q '^flags .*m' "$dir/lines" || { echo "not: job control"; return 1; }
	[ $rc -eq 42 ] || { echo "not the status of the shell: $rc"; return 1; }
}
