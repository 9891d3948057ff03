# SPDX-License-Identifier: GPL-2.0
# Runs one file of tests/cases/ in a virtual machine and judges it.
#
# A case says what it needs in comments at its top:
#	# needs: no-sched-ext		only on kernels without; default: with
#	# needs: nested			only where schedulers can be nested
#	# needs: core-sched		only where the kernel has core scheduling
#	# needs: nohz-full		only where a CPU can do without a tick
#	# needs: capped		only where the kernel has a cap of its own
#	# needs: uncapped		only where it has none
#	# built: yes			also on the kernels that are built for the tests; on
#					that of "make test-debug" are those without, too
#	# built: plain			the same, but not on those in the shape of a vendor's
#	# kernels: newest		only on the newest that is packaged, as it is not
#					about the kernel
#	# leg: NAME			only in that leg of tests/run; default: tests
#	# expect: death		the guest dies, see case_dies
#	# said: WORDS			what it has told the kernel's log by then
#	# backends: NAME		only with that one; default: see run
#	# exact: yes			with each on every kernel, as it is about numbers
#	# limit: SECONDS		time limit of the guest; default 600
#	# cpus: N			default 2; as QEMU's -smp, so N,threads=2 is possible
#	# append: WORDS			for the kernel's command line
#	# clock: real			see case_emulated
# shellcheck shell=bash

# All backends, and those that cases are run with which do not ask for any.
CASE_BACKENDS="livepatch direct"
KERNEL_BACKENDS=$CASE_BACKENDS

# Which cases apply at all.
CASE_LEG=tests

# What a case is told: lines NAME=VALUE.
CASE_SETS=

case_header() {
	sed -n "s/^# $2: //p" "$1"
}

# case_backends FILE KERNEL-DIR: which the case is run with, separated by commas;
# nothing if it is for none that the kernel has. BACKEND limits them.
case_backends() {
	local asked backend out=

	asked=$(case_header "$1" backends)
	[ "$(case_header "$1" exact)" != yes ] || asked=$CASE_BACKENDS
	for backend in ${asked:-$KERNEL_BACKENDS}; do
		# shellcheck disable=SC2153
		wanted "$backend" "$BACKEND" || continue
		! kernel_has_backend "$2" "$backend" || out+=,$backend
	done
	echo "${out#,}"
}

# case_applies FILE KERNEL-DIR RELEASE
case_applies() {
	local built leg

	leg=$(case_header "$1" leg)
	[ "${leg:-tests}" = "$CASE_LEG" ] || return
	[ -n "$(case_backends "$1" "$2")" ] || return
	built=$(case_header "$1" built)
	[ ! -d "$2/headers" ] || [ "$built" = yes ] || [[ $3 = *-debug ]] ||
		{ [ "$built" = plain ] && [[ $3 != *-balance_* ]]; } || return
	# Mistakes of the command are none that a kernel notices.
	[ "$(case_header "$1" kernels)" != newest ] || [ "$3" = "$(kernel_newest)" ] ||
		[[ $3 = *-debug && $1 != */command-* ]] || return
	case $(case_header "$1" needs) in
	no-sched-ext) ! kernel_has_sched_ext "$2" ;;
	nested) kernel_has_sub_scheds "$2" ;;
	capped) kernel_has_sched_ext "$2" && [ "$(kernel_cap "$3")" -gt 0 ] ;;
	core-sched) kernel_has_sched_ext "$2" && kernel_has_core_sched "$2" ;;
	nohz-full) kernel_has_sched_ext "$2" && kernel_has_nohz_full "$2" ;;
	uncapped) [ "$(kernel_cap "$3")" -eq 0 ] ;;
	*) kernel_has_sched_ext "$2" ;;
	esac
}

# guest_dir RELEASE: what is kept of the guests of a kernel until it changes
#	base.cpio		the initramfs that all cases share
#	booted-N, booted-N.ram	a guest with N CPUs, saved right after the boot
guest_dir() {
	echo "$CACHE/guests/$1$GUEST"
}

# Those of another leg have other names, and more files: what initramfs_pack takes.
GUEST=
GUEST_MORE=()

# case_prepare RELEASE SUITE KERNEL-DIR FILE...: build what the cases use, pack it
# into the initramfs they share, and boot the guests.
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

# case_files RELEASE SUITE KERNEL-DIR FILE...: what initramfs_pack takes, and "end" if all
# could be made.
case_files() {
	# shellcheck disable=SC2153
	local release=$1 suite=$2 dir=$3 work=$WORK/$1 sched variant

	mkdir -p "$work"
	build_module "$release" "$suite" "$work/make" || return
	build_tools "$work/tools" || return
	guest_files
	[ ${#GUEST_MORE[@]} -eq 0 ] || printf '%s\n' "${GUEST_MORE[@]}"
	echo "$work/tools/scx-loop-cap=case/scx-loop-cap"
	echo "$work/tools/pollpri=case/pollpri"
	echo "$work/make/scx_loop_cap.ko=case/scx_loop_cap.ko"
	if kernel_has_sched_ext "$dir"; then
		sched=$(build_sched "$dir" "$suite") || return
		echo "$sched/scx_loop=case/scx_loop"
		echo "$sched/fentry=case/fentry"
		[ ! -e "$sched/scx_nest" ] || echo "$sched/scx_nest=case/scx_nest"
		sched=$(build_examples "$release" "$suite" "$dir") || return
		[ -z "$sched" ] || echo "$sched/scx_qmap=case/scx_qmap"
	fi
	if kernel_has_backend "$dir" livepatch; then
		build_other "$release" "$suite" "$work/other" || return
		echo "$work/other/other_patch.ko=case/other_patch.ko"
		[[ $release != *-debug ]] || echo "$work/other/planted.ko=case/planted.ko"
	fi
	# Not where the case is for no backend that there is.
	if case_applies "$TOP/tests/cases/refuse-layout.sh" "$dir" "$release"; then
		build_variants "$release" "$suite" "$work/variants" "$work/make" || return
		for variant in "$work"/variants/*.ko; do
			echo "$variant=case/${variant##*/}"
		done
	fi
	echo end
}

# case_emulated FILE: is the guest's clock one of QEMU's making? Where the CPU is
# emulated it goes by the instructions, 16 ns each, and leaps to the next timer if nothing
# runs. So what a case sees does not depend on how busy this machine is, and nobody
# waits for a sleeping guest. What is about this machine's seconds asks for the real
# clock.
case_emulated() {
	[ "$QEMU_ACCEL" = tcg ] && [ "$(case_header "$1" clock)" != real ]
}

CASE_CLOCK=(-icount "shift=4,sleep=off")
# How much longer than on other kernels anything may take.
CASE_SLOWER=1
# The kernel tests its own cryptography for seconds after the boot, which each case
# would wait for.
CASE_APPEND="loglevel=7 cryptomgr.notests"

# case_cpus FILE: what it asks for, unless somebody wants it with another number.
case_cpus() {
	local cpus

	cpus=${CASE_CPUS:-$(case_header "$1" cpus)}
	echo "${cpus:-2}"
}

# case_append FILE: the kernel's command line.
case_append() {
	echo "$CASE_APPEND $(case_header "$1" append)"
}

# case_saved FILE RELEASE: where the guest is that it begins with; nothing if it has to
# boot one.
case_saved() {
	local cpus

	case_emulated "$1" && [ -z "$(case_header "$1" append)" ] || return 0
	cpus=$(case_cpus "$1")
	# A comma would be the end of the name for QEMU.
	echo "$(guest_dir "$2")/booted-${cpus//[,=]/-}"
}

# case_script INPUT: what QEMU is to be told of the port that the case comes from.
case_script() {
	echo "-chardev file,id=script,path=/dev/null,input-path=$1 -serial chardev:script"
}

# case_save FILE RELEASE KERNEL-DIR: boot the guest that the case wants and save it, so
# that each case begins right after the boot. Those with the same number of CPUs share
# one.
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

# case_boot FILE RELEASE KERNEL-DIR DIR: run it in a guest; leaves the console and the
# channel in DIR.
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

# How long a guest must be silent to be dead, in seconds of CPU time of QEMU: a guest
# that lives has many seconds of its own in that time.
CASE_SILENCE=20

# case_dies DIR PID: does the guest that process PID runs die of what it does? It prints
# its uptime every second, with the highest priority there is, and once the word "now",
# and is silent from then on. QEMU is ended then.
case_dies() {
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
			printf "RESULT: dead: looped at %d s, last heartbeat at %d s, then %d s of CPU time without any\n",
				now, last, silence
		}' "$dir/channel"
}

# case_died_well FILE DIR: it told the kernel's log what it had to, and was not done.
case_died_well() {
	local said

	said=$(case_header "$1" said)
	[ -z "$said" ] || grep -qF "$said" "$2/console" || return
	! grep -qE '^(FAIL|END)' "$2/channel" && ! grep -q 'loader ended' "$2/console"
}

# case_run FILE RELEASE SUITE KERNEL-DIR
case_run() {
	local file=$1 release=$2 kernel=$4 dir rc=0 why='' dead='' alive=''

	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	case_boot "$file" "$release" "$kernel" "$dir" &
	if [ "$(case_header "$file" expect)" = death ]; then
		dead=$(case_dies "$dir" $!) || alive=yes
	fi
	wait $! || rc=$?
	# Kept until the case runs again.
	mkdir -p "$CACHE/consoles/$release"
	cp "$dir/console" "$CACHE/consoles/$release/$(basename "$file" .sh)"
	tr -d '\r' <"$dir/channel"
	if [ -n "$dead" ] && case_died_well "$file" "$dir"; then
		echo "$dead"
		rc=0
	elif [ -n "$dead" ]; then
		why="the guest died, but not of what it should"
	else
		why=$(qemu_complaint "$dir" $rc)
		[ -n "$why" ] || [ -z "$alive" ] || why="the guest did not die as it should"
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
