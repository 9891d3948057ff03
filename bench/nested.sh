# SPDX-License-Identifier: GPL-2.0
# Measures nested schedulers that loop, with the stock kernel and with the module. See run.
#
# Each row is a virtual machine of its own. Rounds do not depend on the machine this
# runs on. Times do, and QEMU's emulation makes them longer than on real hardware: run
# nothing else meanwhile. It takes a quarter of an hour for each kernel, as some guests
# hang until the timeout.
# shellcheck shell=bash

NESTED_GIVE_UP=120	# timeout of a guest, in seconds

nested_wants() {
	kernel_has_sub_scheds "$1"
}

# nested_measure RELEASE KERNEL-DIR MODULE OPTIONS...: boot a guest, and print its results as
# lines of key=value.
nested_measure() {
	local release=$1 kernel=$2 dir

	shift 2
	dir=$(mktemp -d "$WORK/vm.XXXXXX")
	echo "$*" >"$dir/what"
	initramfs_pack "$dir/what.cpio" "$dir/what=case/what"
	cat "$WORK/$release.cpio" "$dir/what.cpio" >"$dir/cpio"
	qemu_run "$kernel/vmlinuz" "$dir/cpio" "$dir" 2 "$NESTED_GIVE_UP" loglevel=7 || true
	tr -d '\r' <"$dir/channel" | sed -n 's/^RESULT //p'
	if grep -q '^FAIL' "$dir/channel"; then
		cat "$dir/channel" >&2
		die "the measurement failed"
	fi
	if grep -aq 'detected stalls\|self-detected stall' "$dir/console"; then
		echo stalled=1
	fi
	rm -rf "$dir"
}

# nested_columns: read the output of nested_measure, print it as columns of a table
nested_columns() {
	awk -F= -v give_up="$NESTED_GIVE_UP" '
		function seconds(ns) {
			if (ns < 1e9)
				return sprintf("%.1f ms", ns / 1e6)
			return sprintf("%.1f s", ns / 1e9)
		}
		function grouped(n,   s) {
			for (s = ""; length(n) > 3; n = substr(n, 1, length(n) - 3))
				s = "," substr(n, length(n) - 2) s
			return n s
		}
		{ r[$1] = $2 }
		END {
			if (!r["alive"]) {
				printf "- | - | **no answer** within %d s", give_up
				exit
			}
			printf "%s | %s | ", grouped(r["max_calls_per_pick"]),
				seconds(r["max_pick_ns"])
			if (r["exit_reason"] ~ /runnable task stall/)
				printf "ejected after %.1f s", r["exit_after_ms"] / 1000
			else
				printf "%s", r["exit_reason"]
			printf ", longest stall %s", seconds(r["max_silence_ns"])
			if (r["stalled"])
				printf ", RCU stall"
		}'
}

nested_section() {
	local release=$1 suite=$2 kernel=$3 sched files what levels repeat limit

	sched=$(build_sched "$kernel" "$suite")
	mapfile -t files < <(guest_files)
	initramfs_pack "$WORK/$release.cpio" "${files[@]}" \
		"$TOP/bench/nested-guest.sh=case/run" \
		"$WORK/$release/module/scx_loop_cap.ko=case/scx_loop_cap.ko" \
		"$sched/scx_nest=case/scx_nest"

	echo "## Linux $release"
	echo
	echo "| levels | calls of each child | rounds in a pick | longest pick | stock kernel: outcome | with the module: rounds in a pick | longest pick | outcome |"
	echo "|---|---|---|---|---|---|---|---|"
	for what in "1 1" "2 1" "3 1" "4 1" "2 8" "3 8" "4 8" "2 32" "3 32" "4 32"; do
		read -r levels repeat <<<"$what"
		say "  $release: $levels levels, $repeat calls of each child"
		echo "| $levels | $repeat | $(nested_measure "$release" "$kernel" stock \
			-L "$levels" -r "$repeat" | nested_columns) | $(nested_measure "$release" "$kernel" \
			limit=32 -L "$levels" -r "$repeat" | nested_columns) |"
	done
	echo
	echo "Four levels that all loop, each calling its child 32 times, by \`pick_limit\`:"
	echo
	echo "| \`pick_limit\` | rounds in a pick | longest pick | outcome |"
	echo "|---|---|---|---|"
	for limit in 64 256 1024 4096 16384 65536 262144; do
		say "  $release: pick_limit $limit"
		echo "| $limit | $(nested_measure "$release" "$kernel" pick_limit=$limit \
			-L 4 -r 32 | nested_columns) |"
	done
	echo
}

nested_intro() {
	cat <<-'EOF'
	# Nested schedulers that loop

	A chain of schedulers, each the parent of the next. In every round, each level dispatches a
	task that sleeps and calls its child one or more times. Each level has a loop of its own with
	the kernel's cap of 32 rounds, and each round of one level runs the loops of the next, so the
	rounds multiply. All of them belong to one pick of one CPU, with interrupts off.

	* *Rounds in a pick*: the most calls of `ops.dispatch()` in one pick, over all levels, as the
	  schedulers count them. This does not depend on the machine.
	* *Longest pick*: the time from the first of these calls to the last.
	* *Longest stall*: the worst wake-up latency of a SCHED_FIFO 99 task.
	* *Outcome*: the kernel's watchdog ejects a scheduler when one of its tasks has not run for
	  5 s. The time counts from the first useless dispatch. A task may have waited before that, so
	  it can be a little less than 5 s. If the kernel gave another reason for the end, the table
	  shows that reason. *runtime error* is the kernel's reason for all errors that have no name
	  of their own, such as soft lockups and RCU stalls.

	Times are from QEMU without hardware acceleration, with 2 CPUs. They are much shorter on real
	hardware; compare how they grow. Single values are larger than their neighbours when the
	machine that ran QEMU was busy with other work. With one level the stock kernel and the module
	have the same bound of 32 rounds: the difference between their stalls is noise.

	The module runs with its defaults: `limit` 32, `pick_limit` 1024. To reproduce, as root on
	Debian: `make bench-nested`.

	![Longest stall by nesting depth, each child called 8 times](nested.svg)

	EOF
}

# nested_data RELEASE: of the page on standard input, lines with the number of levels, and
# for the stock kernel and the module the longest stall in seconds and as text. Schedulers
# call their child $NESTED_PLOT_CALLS times in a round; a single one has no child.
NESTED_PLOT_CALLS=8
nested_data() {
	awk -F ' *[|] *' -v release="$1" -v calls="$NESTED_PLOT_CALLS" '
		function stall(outcome,   n, part) {
			if (match(outcome, /no answer\*\* within [0-9]+ s/)) {
				split(substr(outcome, RSTART), part, " ")
				return sprintf("%s \"no answer in %s s\"", part[4], part[4])
			}
			if (!match(outcome, /longest stall [0-9.]+ m?s/)) {
				print "no stall in: " outcome >"/dev/stderr"
				bad = 1
			}
			split(substr(outcome, RSTART, RLENGTH), part, " ")
			n = part[4] == "ms" ? part[3] / 1000 : part[3]
			return sprintf("%s \"%s %s\"", n, part[3], part[4])
		}
		/^## / {
			mine = index($0, release)
			table = 0
		}
		/^\|/ { table += $2 == "levels" || $2 == "`pick_limit`" }
		mine && table == 1 && ($3 == calls || ($2 == 1 && $3 == 1)) {
			print $2, stall($6), stall($9)
			rows++
		}
		END { exit bad || rows != 4 }'
}

nested_plot() {
	nested_data "$LAST" <"$DOCS/nested.md" >"$WORK/nested.data" ||
		die "not all that the plot needs is in nested.md"
	bench_plot nested "Longest stall of a CPU by nesting depth" <<-'EOF'
	set logscale y
	set format y '%.0s %cs'
	set yrange [0.001:600]
	set ylabel 'longest stall (logarithmic)'
	set xlabel 'schedulers nested in each other, all with the bug'
	set xrange [-0.6:3.6]
	set xtics scale 0
	set style fill solid noborder
	set boxwidth 0.36
	set key top left Left reverse
	plot 'nested.data' using ($0 - 0.2):2 with boxes title 'stock kernel' lc rgb '#b8651b', \
		'' using ($0 + 0.2):4 with boxes title 'with scx_loop_cap' lc rgb '#1b6ca8', \
		'' using 0:(0.001):xtic(1) with dots lc rgb '#ffffff' notitle, \
		'' using ($0 - 0.2):2:3 with labels offset 0,0.6 notitle, \
		'' using ($0 + 0.2):4:5 with labels offset 0,0.6 notitle
	EOF
}
