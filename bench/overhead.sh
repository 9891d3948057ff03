# SPDX-License-Identifier: GPL-2.0
# make bench-overhead: the instructions that the module adds to a pick of a scheduler without
# the bug, compared with other methods. See run.
# shellcheck shell=bash

overhead_wants() {
	kernel_has_sched_ext "$1"
}

overhead_section() {
	local release=$1 suite=$2 kernel=$3 files examples prog

	build_other "$release" "$suite" "$WORK/$release/other" >&2
	build_tools "$WORK/$release/tools" >&2
	mapfile -t files < <(bench_scheds "$kernel" "$suite")
	examples=$(build_examples "$release" "$suite" "$kernel")
	for prog in ${examples:+"$examples"/*}; do
		files+=("$prog=case/${prog##*/}")
	done
	bench_guest "$kernel" overhead-guest.sh "${files[@]}" \
		"$WORK/$release/tools/scx-loop-cap=case/scx-loop-cap" \
		"$WORK/$release/module/scx_loop_cap.ko=case/scx_loop_cap.ko" \
		"$WORK/$release/other/other_patch.ko=case/other_patch.ko" \
		"$WORK/$release/other/repick.ko=case/repick.ko" >"$WORK/overhead.found"
	overhead_table "$release" <"$WORK/overhead.found"
}

# The situations: key=name in the tables.
OVERHEAD_SITUATIONS="rounds-1=dispatch, 1 round
scx_simple=dispatch, scx_simple
scx_qmap=dispatch, scx_qmap
local=none: local DSQ
goes-on=none: goes on
global=dispatch, global DSQ
nested=dispatch, nested
rounds-4=dispatch, 4 rounds
rounds-16=dispatch, 16 rounds"

# The most instructions that "direct" may add: 28 for a flush, of which scx_simple has two in a
# pick and scx_qmap three, and 60 for each round of a loop that has several.
OVERHEAD_TARGETS="rounds-1=28 scx_simple=56 scx_qmap=84 local=0 goes-on=0 global=110 \
nested=230 rounds-4=240 rounds-16=960"

# overhead_table RELEASE: print the guest's results as a table. Also writes $WORK/overhead.data
# for the plot, which therefore shows the last kernel.
overhead_table() {
	awk -F= -v release="$1" -v situations="$OVERHEAD_SITUATIONS" -v data="$WORK/overhead.data" \
		-v targets="$OVERHEAD_TARGETS" '
		{ r[$1] = $2 }
		function ratio(variant, key) {
			return r[variant "/" key] / r["stock/" key]
		}
		# How many instructions more than stock. What misses its target is in bold; a
		# figure varies by 1 from boot to boot.
		function cell(variant, key,   more, mark) {
			more = r[variant "/" key] - r["stock/" key]
			mark = variant == "direct" && more > target[key] + 1 ? "**" : ""
			return sprintf(" %.0f (%s%+.0f%s) |", r[variant "/" key], mark, more, mark)
		}
		# List the situations in which another method costs less than the backend.
		function cheaper(backend,   i, j, list, said) {
			for (j = 3; j <= 5; j++) {
				list = ""
				for (i = 1; i <= nr; i++) {
					split(s[i], name, "=")
					if (("stock/" name[1]) in r &&
					    r[v[j] "/" name[1]] < r[backend "/" name[1]] - 1)
						list = list (list ? "; " : "") name[2]
				}
				if (list)
					said = said sprintf("* %s is cheaper than *%s*: %s\n",
						called[j], backend, list)
			}
			return said
		}
		END {
			split(targets, list, " ")
			for (i in list) {
				split(list[i], name, "=")
				target[name[1]] = name[2]
			}
			print "## Linux " release
			print ""
			print "| pick | stock | direct | livepatch | function | fentry | fexit | stock again |"
			print "|---|---|---|---|---|---|---|---|"
			nr = split(situations, s, "\n")
			nv = split("direct livepatch function bpf-l bpf-x stock-again", v, " ")
			split("- - *function* *fentry* *fexit*", called, " ")
			for (i = 1; i <= nr; i++) {
				split(s[i], name, "=")
				key = name[1]
				if (!(("stock/" key) in r))
					continue
				printf "| %s | %.0f |", name[2], r["stock/" key]
				printf "\"%s\"", name[2] >data
				for (j = 1; j <= nv; j++) {
					if (r[v[j] "/" key] <= 0) {
						print "nothing measured: " v[j] "/" key >"/dev/stderr"
						exit 1
					}
					printf "%s", cell(v[j], key)
					printf " %.3f", 100 * (ratio(v[j], key) - 1) >data
				}
				print ""
				print "" >data
			}
			print ""
			printf "*function* is `%s()`.\n\n", r["host"]
			printf "%s%s", cheaper("direct"), cheaper("livepatch")
			for (key in r)
				if (key ~ /^without\//)
					printf "* %s cannot be loaded here: %s\n", substr(key, 9), r[key]
			print ""
		}'
}

overhead_intro() {
	cat <<-'EOF'
	# What the module costs

	Each figure is the number of instructions that one pick takes. Two tasks pass a byte back
	and forth through pipes, so a pick includes two system calls, a wake-up and a context
	switch. The difference to the stock kernel is in brackets. All figures of a table come from one
	boot of a virtual machine with one CPU, in which each instruction takes one virtual
	nanosecond (`qemu -icount shift=0`). To reproduce, as root on Debian: `make bench-overhead`.

	The targets for *direct* are: 28 instructions for a flush, 60 for each round of a loop that
	has several, 110 if the task comes from the global DSQ, 230 for two nested schedulers, and
	none for picks that do not dispatch. With *livepatch* the kernel needs about 80 instructions
	more to reach the module, in each call of a replaced function. Figures that miss a target
	are in bold. The list below each table names the alternatives that cost less.
	[trace.md](trace.md) shows which functions run the instructions.

	* *function* counts nothing. The kernel needs as many instructions to reach it as to reach
	  *livepatch*, but in a pick with several rounds or flushes it is called only once.
	* The first and the last round of a loop cost more than those in the middle: the module
	  reads the clock, and counts the loop by its length. So a loop of 4 rounds misses 60 for
	  each of them, and one of 16 does not.
	* A pick with two nested schedulers has two loops and at least three calls of replaced
	  functions.
	* If the global DSQ has the task, the module cannot tell the round from a wasted one before
	  the next pick. It opens a loop, and reads the clock.

	Picks:

	* *dispatch, N rounds*: a fair FIFO scheduler that dispatches the task in the last of N
	  rounds of its loop. Most schedulers need one round.
	* *dispatch, global DSQ*: the same scheduler puts the task on the global DSQ. The kernel looks
	  there after the flush, so the module may have to count the round as one that goes on.
	* *scx_simple*, *scx_qmap*: the kernel's own examples, where they can be loaded. They take
	  tasks from queues, which adds a flush to each pick.
	* *nested*: two schedulers, one the child of the other. The child has the tasks.
	* *none: local DSQ*: tasks go to the local DSQ when they wake up, so nothing is dispatched.
	* *none: goes on*: the running task has some of its time slice left and goes on. This
	  measures nothing but the pick.

	What is compared:

	* *direct*, *livepatch*: the module, with either backend.
	* *function*: a livepatch of the function that contains the dispatch loop, as kpatch would
	  make it. It counts nothing yet.
	* *fentry*, *fexit*: a BPF program at the entry or the exit of the flush that counts rounds,
	  loops and their length. It limits nothing, names no scheduler, and counts every flush as a
	  round, also those of functions that contain no loop.
	* *stock again*: the stock kernel measured again at the end of the same boot.

	![Instructions added to a pick](overhead.svg)

	EOF
}

# overhead_readme: copy some rows of the last kernel to README.md.
overhead_readme() {
	awk -F '|' -v release="$LAST" '
		/^## / { mine = index($0, release) }
		mine && (/^\|-/ || $2 ~ /^ (pick|dispatch, 1 round|dispatch, scx_simple|none: local DSQ|dispatch, global DSQ|dispatch, nested|dispatch, 16 rounds) *$/) {
			print "|" $2 "|" $3 "|" $4 "|" $5 "|"
		}' "$DOCS/overhead.md" >"$WORK/readme"
	put_between "$TOP/README.md" '<!-- made by "make bench" -->' '<!-- end of the generated part -->' \
		"$WORK/readme"
}

overhead_plot() {
	overhead_readme
	bench_plot overhead "Instructions added to a pick" <<-'EOF'
	set format y '%.0f %%'
	set yrange [0:*]
	set style data histograms
	set style histogram clustered gap 1
	set style fill solid noborder
	set boxwidth 0.9
	set key top left Left reverse
	set xtics scale 0 rotate by -20
	plot 'overhead.data' using 2:xtic(1) title 'scx_loop_cap, direct' lc rgb '#1b6ca8', \
		'' using 3 title 'scx_loop_cap, livepatch' lc rgb '#6fb1d8', \
		'' using 4 title 'livepatch of the whole function' lc rgb '#c8c8c8', \
		'' using 5 title 'BPF fentry' lc rgb '#e5a04a', \
		'' using 6 title 'BPF fexit' lc rgb '#b8651b'
	EOF
}
