# SPDX-License-Identifier: GPL-2.0
# make bench-hits: what a hit costs, and the longest loop and pick by limit. See run.
# shellcheck shell=bash

hits_wants() {
	kernel_has_sched_ext "$1"
}

hits_section() {
	local release=$1 suite=$2 kernel=$3 files

	mapfile -t files < <(bench_scheds "$kernel" "$suite")
	bench_guest "$kernel" hits-guest.sh "${files[@]}" \
		"$WORK/$release/module/scx_loop_cap.ko=case/scx_loop_cap.ko" >"$WORK/hits.found"
	hits_tables "$release" <"$WORK/hits.found"
}

# hits_tables RELEASE: print the guest's results as tables. Also writes $WORK/loops.data and
# $WORK/picks.data for the plot, which therefore shows the last kernel.
hits_tables() {
	awk -F= -v release="$1" -v work="$WORK" '
		{ r[$1] = $2 }
		function row(who, what, n,   one, hit) {
			one = (r[what "-" n - 1] - r[what "-" n / 2 - 1]) / (n / 2)
			hit = r[what "-" n] - r[what "-" n - 1] - one
			printf "| %s | %.0f | %.0f | %.0f |\n", who, r[what "-" n - 1], one, hit
		}
		function longest(what, from, to, by, head,   n, file) {
			file = work "/" what "s.data"
			print head
			print "|---|---|---|"
			for (n = from; n <= to; n *= by) {
				if (n == 65536 && what == "loop")
					n = 65535
				printf "| %d | %d | %.0f |\n", n, r[what "-" n], r[what "-" n] / n
				print n, r[what "-" n] >file
			}
			print ""
		}
		END {
			print "## Linux " release
			print ""
			print "| the loop is ended by | loop before the limit | one more round | a hit |"
			print "|---|---|---|---|"
			row("the kernel, at 32 rounds, without the module", "stock", 32)
			row("the kernel, direct counts it", "direct", 32)
			row("the kernel, livepatch counts it", "livepatch", 32)
			row("direct, at 16 rounds", "direct", 16)
			row("livepatch, at 16 rounds", "livepatch", 16)
			print ""
			longest("loop", 2, 65536, 2, "| `limit` | longest loop | for each round |")
			if ("pick-64" in r)
				longest("pick", 64, 1048576, 4,
					"| `pick_limit` | longest pick | for each round |")
		}'
}

hits_intro() {
	cat <<-'EOF'
	# What a hit costs, and what a limit bounds

	All figures are instructions, counted in a virtual machine with one CPU in which each
	instruction takes one virtual nanosecond (`qemu -icount shift=0`). To reproduce, as root on
	Debian: `make bench-hits`.

	The scheduler of the first table wastes rounds before it dispatches a task. *Loop before the
	limit* is the cost of a pick that ends one round before the limit, including all that belongs
	to a pick in [overhead.md](overhead.md). *A hit* is the additional cost when the limit ends
	the loop: the kick, its interrupt, the switch to the idle task and back, and another pick,
	which dispatches the task.

	The schedulers of the other tables do nothing but loop, with the direct backend. The tables
	show how the longest loop and the longest pick grow with the limit. Interrupts are off during
	this time. The figures are `stats/max_loop_ns` and `stats/max_pick_ns`, from the end of the first
	round to the end of the last. The first round and the rest of a task switch are not included:
	they cost what *stock* shows for a pick in [overhead.md](overhead.md), whatever the limit.
	Picks are those of four nested schedulers, each of which calls its child 32 times a round;
	without `pick_limit` they did not end within 120 s ([nested.md](nested.md)).

	![Longest loop and pick by limit](hits.svg)

	EOF
}

hits_plot() {
	bench_plot hits "Longest loop and pick, in instructions" <<-'EOF'
	set logscale xy
	set xlabel 'limit, pick_limit (rounds)'
	set format '%.0s%c'
	set key top left Left reverse
	plot 'loops.data' with linespoints pt 7 lc rgb '#1b6ca8' title 'a loop, by limit', \
		'picks.data' with linespoints pt 5 lc rgb '#b8651b' \
			title 'a pick of four nested schedulers, by pick_limit'
	EOF
}
