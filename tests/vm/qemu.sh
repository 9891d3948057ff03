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

# guest_libraries PROGRAM...: which ones they need, of those in the root.
guest_libraries() {
	root_run "$QEMU_SUITE" ldd "$@" |
		sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u
}

# The same for all that every case needs. Busybox as Debian builds it lacks some
# programs, which are taken from util-linux, with their libraries.
guest_files() {
	local root lib prog

	root_install "$QEMU_SUITE" util-linux-extra
	root=$(root_path "$QEMU_SUITE")
	guest_busybox
	for prog in chrt coresched taskset; do
		echo "$root/usr/bin/$prog=bin/$prog"
	done
	guest_libraries /usr/bin/{chrt,coresched,taskset} |
		while read -r lib; do
			echo "$root$lib=${lib#/}"
		done
	echo "$TOP/tests/vm/init=init"
	echo "$TOP/tests/vm/case-run=case/case-run"
	echo "$TOP/tests/vm/guest.sh=case/guest.sh"
	echo "$TOP/tests/vm/preload.sh=case/preload.sh"
}

# qemu_run VMLINUZ INITRAMFS DIR CPUS SECONDS [APPEND]
# Leaves DIR/console and DIR/channel. Fails if the guest did not power itself
# off in time. QEMU_ARGS, an array, is for what QEMU shall be told besides. With
# QEMU_SAVED it does not boot, but goes on from what qemu_save left there.
qemu_run() {
	local kernel initrd dir=$3 cpus=$4 limit=$5 append=${6:-} out
	local accel=${QEMU_ACCEL:-tcg} saved=()

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
	if [ -n "${QEMU_SAVED:-}" ]; then
		printf '%s\n' "$QEMU_SHARED" \
			"migrate_incoming file:$(root_sees "$QEMU_SAVED")" >"$dir/monitor"
		# shellcheck disable=SC2207
		saved=(-incoming defer $(qemu_memory "$QEMU_SAVED.ram" share=off,readonly=on,rom=off)
			$(qemu_monitor "$out/monitor"))
	fi
	# In the foreground, so that Ctrl-C reaches QEMU.
	root_run "$QEMU_SUITE" timeout --foreground -k 5 "$limit" qemu-system-x86_64 \
		-accel "$accel" -m 1G -smp "$cpus" \
		-kernel "$kernel" -initrd "$initrd" \
		-append "console=ttyS0 panic=-1 $append" \
		-serial "file:$out/console" -serial "file:$out/channel" \
		-display none -monitor none -nic none -no-reboot \
		${saved[@]+"${saved[@]}"} \
		${QEMU_ARGS[@]+"${QEMU_ARGS[@]}"} >"$dir/qemu" 2>&1
}

# A guest's memory that others can begin with is a file. It is not read when they do: each
# of them maps it, and keeps to itself what it changes.
QEMU_SHARED="migrate_set_capability x-ignore-shared on"

# qemu_memory FILE OPTIONS: what QEMU is to be told of it.
qemu_memory() {
	echo "-machine memory-backend=ram -object memory-backend-file,id=ram,size=1G,mem-path=$(root_sees "$1"),$2"
}

# qemu_monitor FILE: the same, to carry out the commands in it.
qemu_monitor() {
	echo "-chardev file,id=hmp,path=/dev/null,input-path=$1 -mon chardev=hmp,mode=readline"
}

# qemu_save FILE VMLINUZ INITRAMFS DIR CPUS SECONDS [APPEND]: boot a guest as qemu_run
# does, and save it in FILE and FILE.ram once it says on the channel that it is ready. To
# run it from there, call qemu_run with the same and QEMU_SAVED=FILE.
qemu_save() {
	local file=$1 dir=$4 monitor=$4/monitor rc=0

	shift
	rm -f "$file" "$file.ram"
	mkfifo "$monitor"
	# QEMU waits for somebody who opens this; the commands are carried out one
	# after the other.
	{
		for _ in $(seq $(($5 * 5))); do
			! grep -q '^ready' "$dir/channel" || break
			sleep 0.2
		done
		printf '%s\n' "$QEMU_SHARED" "migrate file:$(root_sees "$file")" quit
	} >"$monitor" &
	# shellcheck disable=SC2207
	QEMU_ARGS+=($(qemu_memory "$file.ram" share=on) $(qemu_monitor "$(root_sees "$monitor")"))
	# Without QEMU nobody will ever be ready.
	qemu_run "$@" || { rc=$?; kill $! 2>/dev/null || true; }
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
# Nor may what looks for such have given up.
SPLAT+='|Kernel memory leak detector disabled|kmemleak: Cannot allocate|ODEBUG:|turning off the locking|lockdep is turned off'

# But for a warning of the kernel's own that says where it is from, if that is known.
QEMU_KNOWN=

# qemu_splats DIR: print them; succeeds if there are any.
qemu_splats() {
	tr -d '\r' <"$1/console" | awk -v known="$QEMU_KNOWN" '
		/-\[ cut here \]-/	{ block = 1; text = "" }
		block			{ text = text $0 "\n" }
		!block
		block && /-\[ end trace / {
			block = 0
			if (known == "" || text !~ "WARNING: [^\n]*" known)
				printf "%s", text
		}
		END { if (block) printf "%s", text }' | grep -aE "$SPLAT"
}

# qemu_complaint DIR RC: what is wrong with a guest that ended so, whose last words on the
# channel are to be "END pass" or "END skip"; nothing if all is well.
qemu_complaint() {
	local dir=$1 rc=$2

	if [ "$rc" -eq 124 ] || [ "$rc" -eq 137 ]; then
		echo "the guest did not finish in time"
	elif [ "$rc" -ne 0 ]; then
		echo "QEMU failed: $(cat "$dir/qemu")"
	elif ! grep -q '^END \(pass\|skip\)' "$dir/channel"; then
		echo "the case failed"
	elif qemu_splats "$dir" >/dev/null; then
		echo "the kernel complained: $(qemu_splats "$dir" | head -n 3)"
	fi
}

# qemu_show_console DIR: the end of it, to be read by a person.
qemu_show_console() {
	echo "--- console of the guest:"
	tr -d '\r' <"$1/console" | tail -n 200
}
