# SPDX-License-Identifier: GPL-2.0
# make bench-trace: which functions run the instructions that the module adds. See run.
# shellcheck shell=bash

trace_wants() {
	kernel_has_sched_ext "$1"
}

# The size of QEMU's log for some 200 picks.
TRACE_BYTES=150000000

# trace_section RELEASE SUITE KERNEL-DIR: let QEMU log each instruction for a while, whenever the
# guest prints that a situation has begun.
trace_section() {
	local release=$1 suite=$2 kernel=$3 dir files nr=0 monitor script what
	local QEMU_ARGS=(-icount "shift=0,sleep=off")

	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	mapfile -t files < <(guest_files; bench_scheds "$kernel" "$suite")
	initramfs_pack "$dir/cpio" "${files[@]}" "$WORK/meter=case/meter" \
		"$TOP/bench/trace-guest.sh=case/run" \
		"$WORK/$release/module/scx_loop_cap.ko=case/scx_loop_cap.ko"
	mkfifo "$dir/commands" "$dir/answers"
	# Open both ends of the FIFOs, so that no open() blocks.
	exec {monitor}<>"$dir/commands" {script}<>"$dir/answers"
	# shellcheck disable=SC2207
	QEMU_ARGS+=($(qemu_monitor "$(root_sees "$dir/commands")")
		$(case_script "$(root_sees "$dir/answers")") -pidfile "$(root_sees "$dir/pid")")
	qemu_run "$kernel/vmlinuz" "$dir/cpio" "$dir" 1 3600 "loglevel=4 cryptomgr.notests nokaslr" &
	while kill -0 $! 2>/dev/null; do
		sleep 0.2
		what=$(tr -d '\r' <"$dir/channel" | sed -n 's/^RESULT trace=//p' | sed -n "$((nr + 1))p")
		[ -n "$what" ] || continue
		nr=$((nr + 1))
		trace_log "$dir" >&$monitor
		trace_count "$dir" "$kernel" "$what" >>"$WORK/trace.found" ||
			kill "$(cat "$dir/pid")"
		rm "$dir/log"
		echo >&$script
	done
	exec {monitor}>&- {script}>&-
	if ! wait $! || qemu_splats "$dir" >&2 || ! grep -q '^RESULT done=1' "$dir/channel"; then
		grep -v '^SYMBOL' "$dir/channel" >&2
		cat "$dir/qemu" >&2
		die "the trace failed"
	fi
	trace_tables "$release" <"$WORK/trace.found"
	rm -r "$dir" "$WORK/trace.found"
}

# trace_log DIR: print the monitor commands that make QEMU write TRACE_BYTES of log to DIR/log.
trace_log() {
	local size=0 before=-1

	: >"$1/log"
	printf '%s\n' "one-insn-per-tb on" "logfile $(root_sees "$1/log")" "log exec,nochain"
	while [ "$size" -lt $TRACE_BYTES ]; do
		sleep 0.1
		size=$(stat -c %s "$1/log")
	done
	printf '%s\n' "log none" "one-insn-per-tb off"
	while [ "$size" -ne "$before" ]; do
		sleep 0.5
		before=$size
		size=$(stat -c %s "$1/log")
	done
}

# trace_count DIR KERNEL-DIR WHAT: print lines "WHAT FUNCTION INSTRUCTIONS", with the mean number of
# instructions in a pick, from one task switch to the next.
trace_count() {
	local switch

	switch=$(sed -n 's/ [tT] __switch_to_asm$//p' "$2/kallsyms")
	# Picks that include other work of the kernel are left out: they are longer, or shorter if
	# that work ran as a task. A pick counts if its length is within 10 % of the median of the
	# first ones.
	awk -F / -v switch="$switch" '
		!/^Trace / { next }
		$2 == switch {
			if (++seen <= 22) {
				for (i = seen; i > 1 && first[i - 1] > all; i--)
					first[i] = first[i - 1]
				first[i] = all
			} else if (all > first[11] * 0.9 && all < first[11] * 1.1) {
				picks++
				for (at in run)
					sum[at] += run[at]
			}
			all = 0
			delete run
		}
		{
			run[$2]++
			all++
		}
		END {
			if (picks < 50) {
				print "only " picks " picks were traced" >"/dev/stderr"
				exit 1
			}
			for (at in sum)
				printf "%s run %.3f\n", at, sum[at] / picks
		}' "$1/log" >"$1/run" || return
	{
		awk '{ print $1, "begin", $3 }' "$2/kallsyms"
		tr -d '\r' <"$1/channel" | sed -n 's/^SYMBOL //p' | awk '{ print $1, "begin", $3 }'
		cat "$1/run"
	} | LC_ALL=C sort -s -k 1,1 | awk -v what="$3" '
		$2 == "begin" { name = $3; next }
		{ sum[$1 < "8" ? "(programs)" : name] += $3 }
		END {
			for (name in sum)
				print what, name, sum[name]
		}'
}

# trace_tables RELEASE: print a table for each situation, with the functions that differ.
trace_tables() {
	awk -v release="$1" -v situations="$OVERHEAD_SITUATIONS" '
		{
			sum[$1 " " $2] += $3
			all[$1] += $3
			names[$2]
		}
		function row(name, key) {
			printf "| `%s` | %.0f | %.0f | %.0f |\n", name, sum["stock/" key " " name],
				sum["direct/" key " " name], sum["livepatch/" key " " name] | "LC_ALL=C sort"
		}
		function differs(name, key, who,   d) {
			d = sum[who "/" key " " name] - sum["stock/" key " " name]
			return d > 1.5 || d < -1.5
		}
		END {
			print "## Linux " release
			print ""
			nr = split(situations, s, "\n")
			for (i = 1; i <= nr; i++) {
				split(s[i], part, "=")
				key = part[1]
				if (!(("stock/" key) in all))
					continue
				printf "| %s | stock | direct | livepatch |\n|---|---|---|---|\n", part[2]
				fflush()
				for (name in names)
					if (differs(name, key, "direct") || differs(name, key, "livepatch"))
						row(name, key)
				close("LC_ALL=C sort")
				printf "| all | %.0f | %.0f | %.0f |\n\n", all["stock/" key],
					all["direct/" key], all["livepatch/" key]
			}
		}'
}

trace_intro() {
	cat <<-'EOF'
	# Where the instructions go

	The tables show, for each pick of [overhead.md](overhead.md), the functions that run more or
	fewer instructions with the module than without. The differences add up to the cost of the
	module. QEMU logged every instruction of some 200 picks, from one task switch to the next.
	Picks that include other work of the kernel, such as a timer, are left out. overhead.md
	contains such picks, so its figures are a little higher. To reproduce, as root on Debian:
	`make bench-trace`.

	With *livepatch*, the kernel goes from the entry of a replaced function to the module by
	`ftrace_trampoline` and `klp_ftrace_handler`. With *direct*, it goes there by the functions
	with `stub` in their name. Functions of the kernel itself are in a table if the picks of the
	two runs differ in more than the module, for instance if the deadline server of sched_ext
	(`ext_server_pick_task`) was active in one of them.

	EOF
}
