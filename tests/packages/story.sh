# SPDX-License-Identifier: GPL-2.0
# Tests of the packages from installation to removal, in a virtual machine with systemd. A
# case begins with the disk of another case, boots it one or more times, and runs a step of
# tests/packages/story/ in each boot.
# shellcheck shell=bash

# Timeout in seconds for a boot and its step; long, as the host may be busy.
STORY_LIMIT=2400

# Modules for devices that no step uses.
STORY_APPEND="module_blacklist=ata_piix,button,efi_pstore,evdev,floppy,i2c_piix4,ip_tables"
STORY_APPEND+=",kvm_amd,kvm_intel,pcspkr,psmouse,serio_raw"
# These guests use the real clock, as they take twice as long with QEMU's instruction count
# (-icount). The kernel's watchdogs need long timeouts for that.
STORY_APPEND+=" watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=120 no_timer_check"
STORY_APPEND+=" root=/dev/vda rw loglevel=6 systemd.show_status=0"

# The kernel can warn when a livepatch is switched off while tasks exit; see "Exiting tasks" in
# docs/design.md. Hundreds of tasks exit while apt runs.
STORY_KNOWN=klp_ftrace_handler

STORY_CASES="install no-headers boot-test unsupported switched-off broken-kernel new-kernel upgrade purge"

# story_plan CASE: print the case whose disk this case begins with, or "image"; then a line
# "RELEASE STEP [APPEND]" for each boot.
story_plan() {
	case $1 in
	install)
		echo image
		echo "$STORY_OLD install"
		;;
	no-headers)
		echo image
		echo "$STORY_OLD no-headers"
		;;
	boot-test)
		echo image
		echo "$STORY_OLD boot-test"
		echo "$STORY_OLD boot-test"
		;;
	unsupported)
		echo install
		echo "$STORY_NONE unsupported"
		;;
	switched-off)
		echo install
		echo "$STORY_OLD switched-off noscx_loop_cap"
		;;
	broken-kernel)
		echo install
		echo "$STORY_OLD broken-kernel"
		echo "$STORY_NEW broken-kernel-booted"
		;;
	new-kernel)
		echo install
		echo "$STORY_OLD new-kernel"
		echo "$STORY_NEW new-kernel-booted"
		;;
	upgrade)
		echo new-kernel
		echo "$STORY_NEW upgrade"
		;;
	purge)
		echo upgrade
		echo "$STORY_NEW purge"
		;;
	esac
}

# story_case CASE: run a case, after the case that it begins with, unless that has been run.
story_case() {
	local case=$1 from disk=$STORY/$1 base plan release step append lock

	# Two cases that begin with the same disk may run in parallel.
	exec {lock}>"$disk.lock"
	flock "$lock"
	[ ! -e "$disk" ] || return 0
	[ ! -e "$disk.failed" ] || return
	plan=$(story_plan "$case")
	from=$(head -n 1 <<<"$plan")
	base=$STORY_IMAGE/disk
	if [ "$from" != image ]; then
		base=$STORY/$from
		if ! (story_case "$from") >"$disk.log" 2>&1; then
			cat "$disk.log"
			echo "story-$case was not run, as story-$from failed"
			return 1
		fi
	fi
	root_run "$QEMU_SUITE" qemu-img create -q -f qcow2 -b "$(root_sees "$base")" \
		-F "$([ "$from" = image ] && echo raw || echo qcow2)" \
		"$(root_sees "$disk.part")" || return
	while read -r release step append; do
		story_boot "$disk.part" "$release" "$step" "$append" ||
			{ touch "$disk.failed"; return 1; }
	done <<<"$(tail -n +2 <<<"$plan")"
	mv "$disk.part" "$disk"
}

# story_boot DISK RELEASE STEP [APPEND]: boot DISK with this kernel and run a step. Print the
# output of the step. Fails if the step fails, or if the kernel logs a problem.
story_boot() {
	local disk=$1 release=$2 step=$3 append=${4:-} dir why rc=0 start=$SECONDS
	# shellcheck disable=SC2034
	local QEMU_ARGS QEMU_KNOWN=$STORY_KNOWN

	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	mkdir "$dir/step" || return
	cp -r "$TOP/tests/packages/guest/lib.sh" "$STORY/payload/." "$dir/step" || return
	cp "$TOP/tests/packages/story/$step.sh" "$dir/step/run" || return
	printf '%s=%q\n' OLD "$STORY_OLD" NEW "$STORY_NEW" >"$dir/step/env"
	tar -cf "$dir/step.tar" -C "$dir/step" . || return
	# The third disk, to which the guest writes the files that it sends back.
	truncate -s 256M "$dir/out.tar"
	# shellcheck disable=SC2034
	QEMU_ARGS=(-m 2G -nodefaults -vga none
		-drive "if=virtio,format=qcow2,cache=unsafe,file=$(root_sees "$disk")"
		-drive "if=virtio,format=raw,readonly=on,file=$(root_sees "$dir/step.tar")"
		-drive "if=virtio,format=raw,cache=unsafe,file=$(root_sees "$dir/out.tar")")
	qemu_run "$(story_kernel "$release" vmlinuz)" "$(story_kernel "$release" initrd)" \
		"$dir" 2 $STORY_LIMIT "$STORY_APPEND $append" || rc=$?
	mkdir -p "$CACHE/consoles/story"
	cp "$dir/console" "$CACHE/consoles/story/$step"
	echo "--- $step, on Linux $release, $((SECONDS - start)) s"
	tr -d '\r' <"$dir/channel"
	why=$(qemu_complaint "$dir" $rc)
	[ -n "$why" ] || story_take "$dir" || why="the archive that the guest sent back is not complete"
	if [ -n "$why" ]; then
		echo "$why"
		qemu_show_console "$dir"
	fi
	rm -rf "$dir"
	[ -z "$why" ]
}

# story_kernel RELEASE vmlinuz|initrd: print the path of this file, which is from the image or
# was sent back by a guest.
story_kernel() {
	local file=$STORY_IMAGE/$2-$1

	[ -e "$file" ] || file=$STORY/kernels/$2-$1
	echo "$file"
}

# story_take DIR: keep the kernel and initramfs that the guest has sent back, if any.
story_take() {
	[ -n "$(head -c 512 "$1/out.tar" | tr -d '\0')" ] || return 0
	mkdir -p "$1/out" "$STORY/kernels"
	tar -xf "$1/out.tar" -C "$1/out" || return
	# Replace the files by mv, as another case may be booting them.
	mv "$1"/out/* "$STORY/kernels"
}

# story_payload NAME DIR: give the packages in DIR to the steps, as directory NAME.
story_payload() {
	mkdir -p "$STORY/payload/$1"
	cp "$2"/scx-loop-cap{,-dkms}_*.deb "$STORY/payload/$1"
}

# story_prepare: make the files that all steps get: the packages in directory 1, those of a
# higher version in directory 2, a scheduler that loops, and debian/tests/boot.
story_prepare() {
	local sched

	root_install "$QEMU_SUITE" qemu-utils
	packages_ensure deb "$IMAGE_SUITE" || return
	packages_ensure deb "$IMAGE_SUITE" "$PACKAGES_NEXT" || return
	story_payload 1 "$WORK/packages/$IMAGE_SUITE" || return
	story_payload 2 "$WORK/packages/$IMAGE_SUITE-$PACKAGES_NEXT" || return
	sched=$(build_sched "$(kernel_dir "$STORY_NEW" "$IMAGE_SUITE")" "$IMAGE_SUITE") || return
	cp "$sched/scx_loop" "$TOP/debian/tests/boot" "$STORY/payload"
}

# story_wanted: is any of the cases to be run?
story_wanted() {
	local name

	for name in $STORY_CASES; do
		# shellcheck disable=SC2153
		! wanted "story-$name" "$CASE" || return 0
	done
	return 1
}

# story_tests: run all cases. Wait for those that other cases begin with; run the others in
# parallel.
story_tests() {
	local kernels

	story_wanted || return 0
	STORY=$WORK/story
	mkdir -p "$STORY"
	say "== packages, in a virtual machine with systemd"
	# Report a failure as that of a case.
	kernels=$(image_kernels) || {
		CASE='' run_case story-kernels mirror image_kernels
		return 0
	}
	read -r STORY_OLD STORY_NEW STORY_NONE <<<"$kernels"
	say "  Linux $STORY_OLD, upgraded to $STORY_NEW; without sched_ext: $STORY_NONE"
	package_root_make "$IMAGE_SUITE"
	STORY_IMAGE=$(image_make "$STORY_OLD" "$STORY_NEW" "$STORY_NONE") || {
		CASE='' run_case story-image "$IMAGE_SUITE" false
		return 0
	}
	qemu_choose_accel "$STORY_IMAGE/vmlinuz-$STORY_OLD"
	CASE='' timely run_case story-prepare host story_prepare

	timely start_case story-no-headers "$STORY_OLD" story_case no-headers
	timely run_case story-install "$STORY_OLD" story_case install
	timely start_case story-boot-test "$STORY_OLD" story_case boot-test
	timely start_case story-unsupported "$STORY_NONE" story_case unsupported
	timely start_case story-switched-off "$STORY_OLD" story_case switched-off
	timely run_case story-new-kernel "$STORY_NEW" story_case new-kernel
	timely start_case story-broken-kernel "$STORY_NEW" story_case broken-kernel
	timely run_case story-upgrade "$STORY_NEW" story_case upgrade
	timely run_case story-purge "$STORY_NEW" story_case purge
	reap_cases
}
