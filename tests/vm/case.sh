# SPDX-License-Identifier: GPL-2.0
# Runs one file of tests/cases/ in a virtual machine and checks the result.
#
# Comments at the top of a case say where and how it is run:
#	# needs: no-sched-ext		only on kernels without sched_ext; default: with it
#	# needs: nested			only on kernels with nested schedulers
#	# needs: core-sched		only on kernels with core scheduling
#	# needs: balance		only on kernels that dispatch before they pick a class
#	# needs: nohz-full		only on kernels with CONFIG_NO_HZ_FULL
#	# needs: capped		only on kernels with a cap of their own
#	# needs: uncapped		only on kernels without one
#					several words need all of them
#	# built: yes			also on the kernels that the tests build; default: not
#					on these, except where all cases run
#	# built: plain			as yes, but not on those with a vendor's dispatch loop
#	# nocore: yes			also on the debug kernel without core scheduling
#	# kernels: newest		only on the newest packaged kernel, for cases that do not
#					depend on the kernel; and where all cases run
#	# leg: NAME			only in that leg of tests/run; default: tests
#	# expect: hang			the guest must hang, see case_hangs
#	# log: WORDS			with "expect: hang": text in the kernel's log before that
#	# backends: NAME		only with that backend; default: see run
#	# exact: yes			with all backends on every kernel, for cases that check
#					exact counts
#	# limit: SECONDS		time limit of the guest; default 600
#	# cpus: N			default 2; as QEMU's -smp, so N,threads=2 is possible
#	# append: WORDS			for the kernel's command line
#	# clock: real			see case_emulated
# shellcheck shell=bash

# All backends, and the default ones for cases that have no "backends:" line.
CASE_BACKENDS="livepatch direct"
KERNEL_BACKENDS=$CASE_BACKENDS

# Only cases of this leg are run.
CASE_LEG=tests

# Variables for the case: lines NAME=VALUE.
CASE_SETS=

case_header() {
	sed -n "s/^# $2: //p" "$1"
}

# case_backends FILE KERNEL-DIR: print the backends to run the case with, separated by commas;
# nothing if the kernel has none of them. BACKEND restricts them.
case_backends() {
	local header backend out=

	header=$(case_header "$1" backends)
	[ "$(case_header "$1" exact)" != yes ] || header=$CASE_BACKENDS
	for backend in ${header:-$KERNEL_BACKENDS}; do
		# shellcheck disable=SC2153
		wanted "$backend" "$BACKEND" || continue
		! kernel_has_backend "$2" "$backend" || out+=,$backend
	done
	echo "${out#,}"
}

# case_all RELEASE: do all cases run there? So they do on kernels with a leg of their own.
case_all() {
	[[ $1 = *-debug || $BUILT_SET = o3 ]]
}

# case_applies FILE KERNEL-DIR RELEASE: is the case to be run on this kernel?
case_applies() {
	local built leg needs need

	leg=$(case_header "$1" leg)
	[ "${leg:-tests}" = "$CASE_LEG" ] || return
	[ -n "$(case_backends "$1" "$2")" ] || return
	built=$(case_header "$1" built)
	[[ $3 != *-nocore-debug ]] || [ "$(case_header "$1" nocore)" = yes ] || return
	[ ! -d "$2/headers" ] || [ "$built" = yes ] || case_all "$3" ||
		{ [ "$built" = plain ] && [[ $3 != *-balance_* ]]; } || return
	# The debug kernel finds bugs in the module, not in the command: no command-* there.
	[ "$(case_header "$1" kernels)" != newest ] || [ "$3" = "$(kernel_newest)" ] ||
		{ case_all "$3" && [[ $3 != *-debug || $1 != */command-* ]]; } || return
	needs=$(case_header "$1" needs)
	for need in ${needs:-sched-ext}; do
		case_need "$need" "$2" "$3" || return
	done
}

# case_need WORD KERNEL-DIR RELEASE: does the kernel have what a word of "needs:" stands for?
case_need() {
	case $1 in
	no-sched-ext) ! kernel_has_sched_ext "$2" ;;
	nested) kernel_has_sub_scheds "$2" ;;
	capped) kernel_has_sched_ext "$2" && [ "$(kernel_cap "$3")" -gt 0 ] ;;
	balance) kernel_has_balance "$2" ;;
	core-sched) kernel_has_sched_ext "$2" && kernel_has_core_sched "$2" ;;
	nohz-full) kernel_has_sched_ext "$2" && kernel_has_nohz_full "$2" ;;
	uncapped) [ "$(kernel_cap "$3")" -eq 0 ] ;;
	*) kernel_has_sched_ext "$2" ;;
	esac
}

# guest_dir RELEASE: print the directory that keeps a kernel's guest files between runs:
#	base.cpio		the initramfs that all cases share
#	booted-N, booted-N.ram	a guest with N CPUs, saved right after the boot
guest_dir() {
	echo "$CACHE/guests/$1$GUEST"
}

# A leg with more files in its guests sets a suffix for their directory, and the files as
# FILE=PATH for initramfs_pack.
GUEST=
GUEST_MORE=()

# case_prepare RELEASE SUITE KERNEL-DIR FILE...: build the programs and modules that the cases
# use, pack the initramfs that they share, boot the guests and save them.
case_prepare() {
	local release=$1 dir=$3 guest files file key

	guest=$(guest_dir "$release")
	mapfile -t files < <(case_files "$@")
	[ "${files[-1]}" = end ] || { printf '%s\n' "${files[@]}"; return 1; }
	unset 'files[-1]'
	key=$(key "${files[@]%%=*}" "$dir/vmlinuz" -- "${files[@]#*=}" "$CASE_APPEND" \
		"${CASE_CLOCK[*]}" "$(declare -f initramfs_pack qemu_run qemu_save)" \
		"$(root_version "$QEMU_SUITE" qemu-system-x86)") || return
	if [ "$(cat "$guest/.complete" 2>/dev/null)" != "$key" ]; then
		rm -rf "$guest"
		mkdir -p "$guest"
		initramfs_pack "$guest/base.cpio" "${files[@]}" || return
	fi
	echo "$key" >"$guest/.complete"
	for file in "${@:4}"; do
		case_save "$file" "$release" "$dir" || return
	done
}

# sched_files RELEASE SUITE KERNEL-DIR: print what initramfs_pack takes for the test schedulers.
sched_files() {
	local release=$1 suite=$2 dir=$3 sched

	kernel_has_sched_ext "$dir" || return 0
	sched=$(build_sched "$dir" "$suite") || return
	echo "$sched/scx_loop=case/scx_loop"
	echo "$sched/fentry=case/fentry"
	[ ! -e "$sched/scx_nest" ] || echo "$sched/scx_nest=case/scx_nest"
	sched=$(build_examples "$release" "$suite" "$dir") || return
	[ -z "$sched" ] || echo "$sched/scx_qmap=case/scx_qmap"
}

# case_files RELEASE SUITE KERNEL-DIR FILE...: build the files; print FILE=PATH of each for
# initramfs_pack, and "end" as the last line if all builds succeeded.
case_files() {
	# shellcheck disable=SC2153
	local release=$1 suite=$2 dir=$3 work=$WORK/$1 variant

	mkdir -p "$work"
	build_module "$release" "$suite" "$work/make" || return
	build_tools "$work/tools" || return
	guest_files
	[ ${#GUEST_MORE[@]} -eq 0 ] || printf '%s\n' "${GUEST_MORE[@]}"
	echo "$work/tools/scx-loop-cap=case/scx-loop-cap"
	echo "$work/tools/pollpri=case/pollpri"
	echo "$work/make/scx_loop_cap.ko=case/scx_loop_cap.ko"
	sched_files "$release" "$suite" "$dir" || return
	if kernel_has_backend "$dir" livepatch; then
		build_other "$release" "$suite" "$work/other" || return
		echo "$work/other/other_patch.ko=case/other_patch.ko"
		[[ $release != *-debug ]] || echo "$work/other/planted.ko=case/planted.ko"
	fi
	# The variants are built only if the one case that uses them is run.
	if case_applies "$TOP/tests/cases/refuse-layout.sh" "$dir" "$release"; then
		build_variants "$release" "$suite" "$work/variants" "$work/make" || return
		for variant in "$work"/variants/*.ko; do
			echo "$variant=case/${variant##*/}"
		done
	fi
	echo end
}

# case_emulated FILE: does the guest have an emulated clock? If QEMU emulates the CPU, its clock
# advances by 16 ns an instruction, and jumps to the next timer while the guest is idle. So results
# do not depend on the load of this machine, and sleeps in the guest take no time. A case that
# needs real time has "clock: real".
case_emulated() {
	[ "$QEMU_ACCEL" = tcg ] && [ "$(case_header "$1" clock)" != real ]
}

CASE_CLOCK=(-icount "shift=4,sleep=off")
# Factor for all timeouts, see SLOWER in guest.sh.
CASE_SLOWER=1
# cryptomgr.notests: the kernel's tests of its cryptography take seconds after the boot, which
# each case would wait for.
CASE_APPEND="loglevel=7 cryptomgr.notests"

# case_cpus FILE: print CASE_CPUS if that is set, else the case's "cpus:", else 2.
case_cpus() {
	local cpus

	cpus=${CASE_CPUS:-$(case_header "$1" cpus)}
	echo "${cpus:-2}"
}

# case_append FILE: print the kernel's command line.
case_append() {
	echo "$CASE_APPEND $(case_header "$1" append)"
}

# case_saved FILE RELEASE: print the file of the saved guest that the case starts from; nothing if
# it must boot one.
case_saved() {
	local cpus

	case_emulated "$1" && [ -z "$(case_header "$1" append)" ] || return 0
	cpus=$(case_cpus "$1")
	# QEMU ends a file name at a comma.
	echo "$(guest_dir "$2")/booted-${cpus//[,=]/-}"
}

# case_script INPUT: print QEMU's arguments for the serial port that the guest reads the case from.
case_script() {
	echo "-chardev file,id=script,path=/dev/null,input-path=$1 -serial chardev:script"
}

# case_save FILE RELEASE KERNEL-DIR: boot the guest that the case needs and save it, so that cases
# start right after the boot. Cases with the same number of CPUs share one.
case_save() {
	local file=$1 release=$2 kernel=$3 cpus snapshot dir
	local QEMU_ARGS=("${CASE_CLOCK[@]}")

	snapshot=$(case_saved "$file" "$release")
	[ -n "$snapshot" ] && [ ! -s "$snapshot" ] || return 0
	cpus=$(case_cpus "$file")
	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	# shellcheck disable=SC2207
	QEMU_ARGS+=($(case_script /dev/null))
	if ! qemu_save "$dir/saved" "$kernel/vmlinuz" "$(guest_dir "$release")/base.cpio" "$dir" \
			"$cpus" $((300 * CASE_SLOWER)) "$CASE_APPEND" || qemu_splats "$dir"; then
		echo "cannot boot and save $release with $cpus CPUs"
		cat "$dir/qemu" "$dir/channel"
		tail -n 100 "$dir/console"
		return 1
	fi
	mv "$dir/saved.ram" "$snapshot.ram" && mv "$dir/saved" "$snapshot" || return
	rm -rf "$dir"
}

# case_boot FILE RELEASE KERNEL-DIR DIR: run the case in a guest; write the console and the channel
# to DIR.
case_boot() {
	local file=$1 release=$2 kernel=$3 dir=$4 cpus limit guest thorough=""
	local QEMU_ARGS=()

	guest=$(guest_dir "$release")
	cpus=$(case_cpus "$file")
	limit=$(case_header "$file" limit)
	limit=$((${limit:-600} * CASE_SLOWER))
	[[ $release != "$(kernel_newest)" && $release != *-capped ]] || thorough=yes
	{
		printf '\n%.0s' {1..50}
		echo "@begin $(case_backends "$file" "$kernel") $(kernel_cap "$release") $thorough"
		echo "SLOWER=$CASE_SLOWER"
		[ -z "${CASE_SETS:-}" ] || printf '%s\n' "$CASE_SETS"
		cat "$file"
		echo "@end"
	} >"$dir/script"
	# shellcheck disable=SC2207
	QEMU_ARGS=($(case_script "$(root_sees "$dir/script")")
		-pidfile "$(root_sees "$dir/pid")")
	! case_emulated "$file" || QEMU_ARGS+=("${CASE_CLOCK[@]}")
	QEMU_SAVED=$(case_saved "$file" "$release") qemu_run "$kernel/vmlinuz" \
		"$guest/base.cpio" "$dir" "$cpus" "$limit" "$(case_append "$file")"
}

# A guest hangs if it prints nothing for this long, in seconds of QEMU's CPU time. That is many
# seconds of the guest's own clock.
CASE_SILENCE=20

# case_hangs DIR PID: does the guest that process PID runs hang after it printed "now"? Such a case
# prints its uptime every second, as a real-time task, and "now" when it begins to loop. If nothing
# follows for CASE_SILENCE seconds, this ends QEMU, prints a summary and succeeds.
case_hangs() {
	local dir=$1 pid size seen=-1 spent since=0

	while sleep 1; do
		kill -0 "$2" 2>/dev/null || return
		pid=$(cat "$dir/pid" 2>/dev/null) || continue
		# User and system time, in hundredths.
		spent=$(awk '{ print int(($14 + $15) / 100) }' "/proc/$pid/stat") || return
		size=$(stat -c %s "$dir/channel")
		if [ "$size" -ne "$seen" ] || ! grep -q '^now ' "$dir/channel"; then
			seen=$size since=$spent
		elif [ $((spent - since)) -ge $CASE_SILENCE ]; then
			break
		fi
	done
	kill "$pid"
	awk -v silence=$((spent - since)) '
		/^beat [0-9]/	{ last = $2 }
		/^now /		{ now = $2 }
		END {
			printf "RESULT: hangs: looped at %d s, last heartbeat at %d s, then %d s of CPU time without any\n",
				now, last, silence
		}' "$dir/channel"
}

# case_hang_expected FILE DIR: did the guest hang where the case says? The log must have the case's
# "log:" text, and the case must not have ended before.
case_hang_expected() {
	local log

	log=$(case_header "$1" log)
	[ -z "$log" ] || grep -qF "$log" "$2/console" || return
	! grep -qE '^(FAIL|END)' "$2/channel" && ! grep -q 'loader ended' "$2/console"
}

# case_run FILE RELEASE SUITE KERNEL-DIR: run the case; print its output and, if it failed, why.
case_run() {
	local file=$1 release=$2 kernel=$4 dir rc=0 why='' hang='' no_hang=''

	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	case_boot "$file" "$release" "$kernel" "$dir" &
	if [ "$(case_header "$file" expect)" = hang ]; then
		hang=$(case_hangs "$dir" $!) || no_hang=yes
	fi
	wait $! || rc=$?
	# The console is kept until the case runs again.
	mkdir -p "$CACHE/consoles/$release"
	cp "$dir/console" "$CACHE/consoles/$release/$(basename "$file" .sh)"
	tr -d '\r' <"$dir/channel"
	if [ -n "$hang" ] && case_hang_expected "$file" "$dir"; then
		echo "$hang"
		rc=0
	elif [ -n "$hang" ]; then
		why="the guest hangs, but not at the expected point"
	else
		why=$(qemu_complaint "$dir" $rc)
		[ -n "$why" ] || [ -z "$no_hang" ] || why="the guest did not hang"
	fi
	if [ -n "$why" ]; then
		echo "$why"
		qemu_show_console "$dir"
		rm -rf "$dir"
		return 1
	fi
	! grep -q '^END skip' "$dir/channel" || rc=$CASE_SKIPPED
	rm -rf "$dir"
	return "$rc"
}
