# SPDX-License-Identifier: GPL-2.0
# The table of kernels in docs/kernels.md: the kernels that the tests ran on, what the
# module reported on each, and how many cases passed with each backend.
# shellcheck shell=bash

TABLE_FILE=docs/kernels.md
TABLE_BEGIN='<!-- made by "make test TABLE=1" -->'
TABLE_END='<!-- end of the generated part -->'

# table_note NAME ON LOG RESULT: keep what the table needs of one test.
table_note() {
	awk -v name="$1" -v on="$2" -v rc="$4" '
		/^== backend / { backends = backends "," $3 }
		/^ok: kernel_limit is / { cap = $NF }
		# Only this case leaves it at its default.
		name == "load" && /^ok: pick_limit is [1-9]/ { nested = 1 }
		name == "image-resolves" && $1 == "limit" { cap = $2 + 0 }
		name == "image-resolves" && $1 == "children" { nested = 1 }
		END { print on, name, rc, cap == "" ? "-" : cap, nested + 0, backends "," }
	' "$3" >>"$WORK/results"
}

# table_kernels: $KERNELS, with the backends that each kernel has as a fourth word.
table_kernels() {
	local release suite headers dir backend has

	while read -r release suite headers; do
		dir=$(kernel_dir "$release" "$suite") || return
		has=,
		for backend in $CASE_BACKENDS; do
			! kernel_has_backend "$dir" "$backend" || has+=$backend,
		done
		echo "$release $suite $headers $has"
	done <<<"$KERNELS"
}

# table_print: the table for the kernels of $KERNELS; fails if a kernel has no result.
table_print() {
	cat <<-'EOF'
		| kernel | from | its own cap | what the module adds | as a livepatch | by direct calls |
		|---|---|---|---|---|---|
	EOF
	awk '
		FNR == NR {
			if ($3 != 0)
				next
			if ($4 != "-")
				cap[$1] = $4
			if ($5)
				nested[$1] = 1
			if ($2 == "refuse-no-sched-ext" || $2 == "image-refused")
				refused[$1] = 1
			n = split($6, b, ",")
			for (i = 1; i <= n; i++)
				if (b[i] != "")
					passed[$1, b[i]]++
			next
		}
		function ran(backend) {
			if (!index($4, "," backend ","))
				return "not configured"
			if (passed[$1, backend])
				return passed[$1, backend] " cases"
			if ($3 == "no")
				return "image only"
			unknown($1)
		}
		function unknown(kernel) {
			print "no test result for " kernel >"/dev/stderr"
			bad = 1
		}
		{
			from = $3 == "own" ? "built from source" : "Debian " $2
			if (!($1 in cap)) {
				if ($1 in refused)
					printf "| %s | %s | | nothing: no sched_ext, refused | | |\n", $1, from
				else
					unknown($1)
				next
			}
			adds = "counters, adjustable limit"
			if (cap[$1] == 0)
				adds = "**the cap**, " adds
			if ($1 in nested)
				adds = adds ", **bound over nested schedulers**"
			printf "| %s | %s | %s | %s | %s | %s |\n", $1, from,
				cap[$1] ? cap[$1] " rounds" : "none", adds,
				ran("livepatch"), ran("direct")
		}
		END { exit bad }' "$WORK/results" <(table_kernels)
}

# table_write: replace the table in $TABLE_FILE.
table_write() {
	local tmp=$WORK/table

	table_print >"$tmp" || die "no new table: a kernel has no test result"
	put_between "$TOP/$TABLE_FILE" "$TABLE_BEGIN" "$TABLE_END" "$tmp"
}
