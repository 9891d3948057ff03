# SPDX-License-Identifier: GPL-2.0
# Boots a kernel in QEMU with an initramfs and a time limit.
#
# The first serial port is the console. The guest sends its results to the second one, the
# channel, so that kernel messages do not mix with them.
# shellcheck shell=bash

# initramfs_pack CPIO FILE=PATH...: make an archive with FILE as PATH. The kernel also
# unpacks several concatenated archives.
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

# guest_busybox: print the FILE=PATH of busybox, from the root, for initramfs_pack.
guest_busybox() {
	echo "$(root_path "$QEMU_SUITE")/bin/busybox=bin/busybox"
}

# guest_libraries PROGRAM...: print the shared libraries that these programs of the root need.
guest_libraries() {
	root_run "$QEMU_SUITE" ldd "$@" |
		sed -n 's|.*[[:space:]]\(/[^ ]*\) (0x.*|\1|p' | sort -u
}

# guest_files: print FILE=PATH of all files that every case needs. Debian's busybox lacks some
# programs, which come from util-linux, with their libraries.
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
# Boot a guest; write DIR/console and DIR/channel. Fails if the guest does not power off
# within SECONDS. The array QEMU_ARGS has further arguments for QEMU. If QEMU_SAVED is set,
# the guest does not boot but continues from the state that qemu_save wrote there.
qemu_run() {
	local kernel initrd dir=$3 cpus=$4 limit=$5 append=${6:-} out
	local accel=${QEMU_ACCEL:-tcg} saved=()

	# One thread for all CPUs. With a thread for each, QEMU may run stale code after a
	# CPU has patched it: QEMU drops the translation first and then writes the code, and
	# a translation made in between stays. Guests then crash on an int3 that is no longer
	# in memory, more often on a busy machine.
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

# The memory of a saved guest is a file. Guests that start from it map the file privately
# instead of reading it.
QEMU_SHARED="migrate_set_capability x-ignore-shared on"

# qemu_memory FILE OPTIONS: print QEMU's arguments for guest memory in FILE.
qemu_memory() {
	echo "-machine memory-backend=ram -object memory-backend-file,id=ram,size=1G,mem-path=$(root_sees "$1"),$2"
}

# qemu_monitor FILE: print QEMU's arguments to run the monitor commands in FILE.
qemu_monitor() {
	echo "-chardev file,id=hmp,path=/dev/null,input-path=$1 -mon chardev=hmp,mode=readline"
}

# qemu_save FILE VMLINUZ INITRAMFS DIR CPUS SECONDS [APPEND]: boot a guest as qemu_run does,
# and save it in FILE and FILE.ram when it has printed "ready" on the channel. To continue
# from there, call qemu_run with the same arguments and QEMU_SAVED=FILE.
qemu_save() {
	local file=$1 dir=$4 monitor=$4/monitor rc=0

	shift
	rm -f "$file" "$file.ram"
	mkfifo "$monitor"
	# QEMU blocks until the FIFO is opened for writing, and runs the commands in sequence.
	{
		for _ in $(seq $(($5 * 5))); do
			! grep -q '^ready' "$dir/channel" || break
			sleep 0.2
		done
		printf '%s\n' "$QEMU_SHARED" "migrate file:$(root_sees "$file")" quit
	} >"$monitor" &
	# shellcheck disable=SC2207
	QEMU_ARGS+=($(qemu_memory "$file.ram" share=on) $(qemu_monitor "$(root_sees "$monitor")"))
	qemu_run "$@" || rc=$?
	# If the guest ended too early, it never becomes ready: stop the loop above.
	kill $! 2>/dev/null || true
	wait $! || true
	[ $rc -eq 0 ] && [ -s "$file" ] && grep -q '^ready' "$dir/channel"
}

# qemu_choose_accel VMLINUZ: set QEMU_ACCEL to kvm or tcg. /dev/kvm may exist without
# working, so this boots a kernel with it.
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

# Messages that make a test fail if they are on the console.
SPLAT='\bBUG\b|WARNING:|cut here|Oops|PANIC|Kernel panic|list_.* corruption|kthread starved'
SPLAT+='|expedited stalls|non-static key|return thunk|unchecked MSR|general protection fault|unable to handle'
SPLAT+='|soft lockup|hard LOCKUP|detected stalls?|self-detected stall|blocked for more than'
SPLAT+='|possible recursive locking|possible circular locking|suspicious RCU usage'
SPLAT+='|inconsistent lock state|invalid wait context|sleeping function called'
SPLAT+='|scheduling while atomic|KASAN:|UBSAN:|refcount_t:|Call Trace:'
# Messages of a checker, such as lockdep or kmemleak, that it has disabled itself.
SPLAT+='|Kernel memory leak detector disabled|kmemleak: Cannot allocate|ODEBUG:|turning off the locking|lockdep is turned off'

# A pattern for the function in a WARNING that is a known bug of the kernel and is ignored.
QEMU_KNOWN=

# qemu_splats DIR: print such messages; succeeds if there are any.
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

# qemu_complaint DIR RC: print why a guest failed whose QEMU ended with RC; print nothing if
# it passed. A guest that passes prints "END pass" or "END skip" on the channel.
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

# qemu_show_console DIR: print the last 200 lines of the console.
qemu_show_console() {
	echo "--- console of the guest:"
	tr -d '\r' <"$1/console" | tail -n 200
}
