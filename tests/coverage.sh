# SPDX-License-Identifier: GPL-2.0
# Which lines and branches of the module the unit tests run, and which they do not:
# of the files that also compile in user space. docs/reliability.md has the numbers, and
# says why.
# shellcheck shell=bash

COVERAGE_FILES=(btf callsite layout)

# In which functions there may be something that is not run.
coverage_known() {
	cat <<-'EOF'
		btf.c scx_btf_open		the loop over two passes is left in the second
		btf.c btf_path			a structure that was just found has a size
		btf.c btf_proto			a function that was just found is there
		btf.c scx_btf_var		the same for a variable
		layout.c layout_sites		more callers that pass through than layout.c knows
		layout.c layout_kernel_limit	the text was there a moment ago
	EOF
}

coverage_build() {
	mkdir -p "$WORK/coverage"
	# The sanitizers have branches of their own, and so has what an optimizer makes.
	make -s -C "$TOP/tests/unit" OUT="$WORK/coverage" SANITIZE= CFLAGS="-O0 -g --coverage"
}

# coverage_run: the unit tests, and the images of all kernels that are packaged.
coverage_run() {
	local release suite headers dir t

	for t in "${COVERAGE_FILES[@]}"; do
		"$WORK/coverage/test_$t" || return
	done
	while read -r release suite headers; do
		[ "$headers" != own ] || continue
		dir=$(kernel_dir "$release" "$suite") || return
		if kernel_has_sched_ext "$dir"; then
			"$WORK/coverage/test_image" --refusals "$dir/vmlinux" "$dir/kallsyms"
		else
			"$WORK/coverage/test_image" --expect ENODEV "$dir/vmlinux" "$dir/kallsyms"
		fi || return
	done <<<"$KERNELS"
}

# coverage_gcov FILE OPTION...
coverage_gcov() {
	(cd "$TOP/tests/unit" && gcov -b -o "$WORK/coverage" "${@:2}" "../../module/$1.c")
}

# coverage_missing FILE: a line "FUNCTION LINE WHAT TEXT" for what is not run.
coverage_missing() {
	coverage_gcov "$1" -t | awk '
		/^function / { function_name = $2 }
		/^ *[^:]+: *[0-9]+:/ {
			split($0, part, ":")
			text = $0
			sub(/^[^:]*:[^:]*:[ \t]*/, "", text)
			said = 0
			if (part[1] ~ /#####/)
				print function_name, part[2] + 0, "never:", text
		}
		/^branch .*(never executed|taken 0%)/ && !said++ {
			print function_name, part[2] + 0, "one way:", text
		}'
}

# coverage_table: the numbers for each file, and what is behind them. Fails if something is
# not run that was when this was written.
coverage_table() {
	local f function line rest why failed=0

	printf 'RESULT: %-12s %14s %16s\n' file lines 'branches'
	for f in "${COVERAGE_FILES[@]}"; do
		coverage_gcov "$f" -n | awk -v file="$f.c" -F '[:%]' '
			/^File / { mine = index($0, "/module/" file) }
			mine && /^Lines executed/ { lines = $2 "%" $3 }
			mine && /^Taken at least once/ { taken = $2 "%" $3 }
			END {
				printf "RESULT: %-12s %14s %16s\n", file, lines, taken
				exit !lines
			}' || return
	done
	for f in "${COVERAGE_FILES[@]}"; do
		while read -r function line rest; do
			why=$(coverage_known | sed -n "s/^$f\.c ${function}[[:space:]][[:space:]]*//p")
			echo "RESULT: $f.c:$line $rest${why:+ -- $why}"
			[ -n "$why" ] || { echo "not known to be left out: $function() in $f.c"; failed=1; }
		done < <(coverage_missing "$f")
	done
	return $failed
}

coverage_tests() {
	say "== coverage"
	CASE='' run_case coverage-build source coverage_build
	CASE='' run_case coverage-run images coverage_run
	CASE='' run_case coverage source coverage_table
}
