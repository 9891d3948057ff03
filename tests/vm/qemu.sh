# SPDX-License-Identifier: GPL-2.0
# Boots a kernel in QEMU with an initramfs and a time limit.
#
# The first serial port is the console; the second is the channel on which the
# guest brings back results, so that a chatty kernel cannot garble them.
# shellcheck shell=bash

# initramfs_pack CPIO FILE=PATH...: an archive with the given files in it. The
# kernel unpacks several that are joined together.
initramfs_pack() {
	local out=$1 dir f

	shift
	dir=$(mktemp -d "$WORK/initramfs.XXXXXX")
	mkdir -p "$dir"/{bin,dev,etc,lib,proc,sys,tmp}
	for f in "$@"; do
		mkdir -p "$dir/$(dirname "${f#*=}")"
		cp "${f%%=*}" "$dir/${f#*=}"
	done
	(cd "$dir" && find . | cpio --quiet -o -H newc) >"$out"
	rm -rf "$dir"
}

# What initramfs_pack takes, for the guests' programs, which come from the root.
guest_busybox() {
	echo "$(root_path "$QEMU_SUITE")/bin/busybox=bin/busybox"
}

# The same for all that every case needs. Busybox as Debian builds it lacks some
# programs, which are taken from util-linux, with their libraries.
guest_files() {
	local root lib prog

	root=$(root_path "$QEMU_SUITE")
	guest_busybox
	for prog in chrt taskset; do
		echo "$root/usr/bin/$prog=bin/$prog"
	done
	chroot "$root" ldd /usr/bin/chrt /usr/bin/taskset |
		sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u |
		while read -r lib; do
			echo "$root$lib=${lib#/}"
		done
	echo "$TOP/tests/vm/init=init"
	echo "$TOP/tests/vm/case-run=case/case-run"
	echo "$TOP/tests/vm/guest.sh=case/guest.sh"
}

# qemu_run VMLINUZ INITRAMFS DIR CPUS SECONDS [APPEND]
# Leaves DIR/console and DIR/channel. Fails if the guest did not power itself
# off in time. QEMU_ARGS, an array, is for what QEMU shall be told besides.
qemu_run() {
	local kernel initrd dir=$3 cpus=$4 limit=$5 append=${6:-} out
	local accel=${QEMU_ACCEL:-tcg}

	# With a thread for each CPU, one may go on with code that another rewrites:
	# QEMU drops its translation before it writes the code, and what is translated
	# in between stays. Guests die of an int3 that memory no longer has, and the
	# sooner the busier the machine.
	[ "$accel" != tcg ] || accel=tcg,thread=single
	kernel=$(root_sees "$1")
	initrd=$(root_sees "$2")
	out=$(root_sees "$dir")
	: >"$dir/console"
	: >"$dir/channel"
	# In the foreground, so that Ctrl-C reaches QEMU.
	root_run "$QEMU_SUITE" timeout --foreground -k 5 "$limit" qemu-system-x86_64 \
		-accel "$accel" -m 1G -smp "$cpus" \
		-kernel "$kernel" -initrd "$initrd" \
		-append "console=ttyS0 panic=-1 $append" \
		-serial "file:$out/console" -serial "file:$out/channel" \
		-display none -monitor none -nic none -no-reboot \
		${QEMU_ARGS[@]+"${QEMU_ARGS[@]}"} >"$dir/qemu" 2>&1
}

# qemu_save FILE VMLINUZ INITRAMFS DIR CPUS SECONDS [APPEND]: boot a guest as qemu_run
# does, and save it in FILE once it says on the channel that it is ready. To run it
# from there, call qemu_run with the same and QEMU_ARGS=(-incoming file:FILE) besides.
qemu_save() {
	local file=$1 dir=$4 monitor=$4/monitor rc=0

	shift
	mkfifo "$monitor"
	# QEMU waits for somebody who opens this; the commands are carried out one
	# after the other.
	{
		for _ in $(seq $(($5 * 5))); do
			! grep -q '^ready' "$dir/channel" || break
			sleep 0.2
		done
		printf '%s\n' "migrate_set_parameter max-bandwidth 10G" \
			"migrate file:$(root_sees "$file")" quit
	} >"$monitor" &
	monitor=$(root_sees "$monitor")
	QEMU_ARGS+=(-chardev "file,id=hmp,path=/dev/null,input-path=$monitor"
		-mon "chardev=hmp,mode=readline")
	qemu_run "$@" || rc=$?
	wait $! || true
	[ $rc -eq 0 ] && [ -s "$file" ] && grep -q '^ready' "$dir/channel"
}

# qemu_choose_accel VMLINUZ: sets QEMU_ACCEL. That /dev/kvm exists does not mean
# that it works, so a kernel is booted with it.
qemu_choose_accel() {
	local tmp

	QEMU_ACCEL=tcg
	if [ -w /dev/kvm ]; then
		say "  trying /dev/kvm"
		tmp=$(mktemp -d "$WORK/kvm.XXXXXX")
		printf '#!/bin/busybox sh\n%s\n' '/bin/busybox poweroff -f' >"$tmp/init"
		chmod +x "$tmp/init"
		initramfs_pack "$tmp/cpio" "$(guest_busybox)" "$tmp/init=init"
		if QEMU_ACCEL=kvm qemu_run "$1" "$tmp/cpio" "$tmp" 1 10 quiet; then
			QEMU_ACCEL=kvm
		fi
		rm -rf "$tmp"
	fi
	export QEMU_ACCEL
}

# What no test may leave in the console.
SPLAT='\bBUG\b|WARNING:|cut here|Oops|PANIC|Kernel panic|list_.* corruption|kthread starved'
SPLAT+='|expedited stalls|non-static key|return thunk|unchecked MSR|general protection fault|unable to handle'
SPLAT+='|soft lockup|hard LOCKUP|detected stalls?|self-detected stall|blocked for more than'
SPLAT+='|possible recursive locking|possible circular locking|suspicious RCU usage'
SPLAT+='|inconsistent lock state|invalid wait context|sleeping function called'
SPLAT+='|scheduling while atomic|KASAN:|UBSAN:|refcount_t:|Call Trace:'

# qemu_splats DIR: print them; succeeds if there are any.
qemu_splats() {
	grep -aE "$SPLAT" "$1/console"
}
