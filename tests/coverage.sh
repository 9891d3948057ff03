# SPDX-License-Identifier: GPL-2.0
# make coverage: which lines and branches of the module the tests run. The unit tests are
# measured on the files that also compile in user space, the cases in virtual machines on all
# files.
# shellcheck shell=bash

COVERAGE_TESTS=(btf calls layout)
COVERAGE_FILES=(btf calls layout sites)

# One line for each function with lines or branches that are known to be never run, and the reason.
coverage_known() {
	cat <<-'EOF'
		btf.c slc_btf_open		the loop over two passes is left in the second
		btf.c slc_btf_path			a structure that was just found has a size
		btf.c slc_btf_proto			a function that was just found is there
		btf.c slc_btf_var		the same for a variable
		sites.c strscpy			a name that is copied fits
	EOF
}

coverage_build() {
	mkdir -p "$WORK/coverage"
	# Sanitizers and optimization would add branches.
	make -s -C "$TOP/tests/unit" OUT="$WORK/coverage" SANITIZE= CFLAGS="-O0 -g --coverage"
}

# coverage_run: run the unit tests, and test_image on all packaged kernels.
coverage_run() {
	local release suite headers dir t

	for t in "${COVERAGE_TESTS[@]}"; do
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
	(cd "$TOP/tests/unit" &&
		gcov -b -o "$WORK/coverage" "${@:2}" "$(find ../../module -name "$1.c")")
}

# coverage_missing FILE: print "FUNCTION LINE WHAT TEXT" for each line or branch that is not run.
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

# coverage_table: print the numbers for each file, and each line or branch that is not run.
# Fails if one of them is in a function that coverage_known does not list.
coverage_table() {
	local f function line rest why failed=0

	printf 'RESULT: %-12s %14s %16s\n' file lines 'branches'
	for f in "${COVERAGE_FILES[@]}"; do
		coverage_gcov "$f" -n | awk -v file="$f.c" -F '[:%]' '
			/^File / { mine = index($0, "/" file) }
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
	say "== coverage of the unit tests"
	CASE='' run_case coverage-build source coverage_build
	CASE='' run_case coverage-run images coverage_run
	CASE='' run_case coverage source coverage_table
	CASE='' run_case model-coverage source model_coverage
	coverage_vm_tests
}

# coverage_vm_case FILE RELEASE SUITE KERNEL-DIR: call case_run, and store the gcov counters in a
# directory for the case.
coverage_vm_case() {
	local dir rc=0 out

	dir=$WORK/coverage/cases/$(basename "$1" .sh)
	out=$(case_run "$@") || rc=$?
	mkdir -p "$dir"
	# There are no counters if the case did not load the module.
	sed -n 's/^GCDA //p' <<<"$out" | tr -d '\r' | base64 -d |
		tar -xz -C "$dir" --wildcards --transform 's,.*/,,' '*/make/module/*.gcda' 2>/dev/null ||
		true
	grep -v '^GCDA ' <<<"$out"
	return $rc
}

# coverage_vm_table RELEASE: print the numbers for each file, over all cases.
coverage_vm_table() {
	# shellcheck disable=SC2016
	quietly root_run "$BUILT_SUITE" sh -euc '
		cd /build/coverage/cases
		all=
		for dir in *; do
			[ -n "$(ls "$dir")" ] || continue
			if [ -n "$all" ]; then
				gcov-tool merge -o merged "$all" "$dir"
				rm -rf ../all
				mv merged ../all
				dir=../all
			fi
			all=$dir
		done
		find /build/"$1"/make/module -name "*.gcno" -exec cp -t "$all" {} +
		cd "$all"
		gcov -b -f *.gcda >/build/coverage/functions
		gcov -b *.gcda >/build/coverage/files
	' sh "$1" || return
	awk -F "[:%']" '
		/^File / { file = $2; mine = sub(/^.*module\//, "", file) && file ~ /\.[ch]$/ }
		mine && /^Lines executed/ { lines = $2 "%" $3; n += substr($3, 5); run += $2 * substr($3, 5) / 100 }
		mine && /^Taken at least once/ {
			printf "RESULT: %-20s %14s %16s\n", file, lines, $2 "%" $3
			lines = ""
			mine = 0
		}
		mine && /^No branches/ { printf "RESULT: %-20s %14s\n", file, lines; mine = 0 }
		END { printf "RESULT: all files: %.1f %% of %d lines\n", 100 * run / n, n; exit n == 0 }
	' "$WORK/coverage/files" || return
	awk -F "'" '
		/^Function / { name = $2 }
		/^Lines executed:0.00%/ && name != "" { print "RESULT: never called: " name "()" }
		/^Lines executed/ { name = "" }
	' "$WORK/coverage/functions"
}

# Run the cases on a kernel with CONFIG_GCOV_KERNEL.
coverage_vm_tests() {
	local KERNELS release suite dir file
	# shellcheck disable=SC2034
	local CASE_SLOWER=2

	# Replaces the list of kernels to build by a single one, for the rest of the run.
	# shellcheck disable=SC2317
	built_kernels() {
		echo "gcov-debug $(source_list "$BUILT_SUITE" | tail -n 1) gcc-O2 +config-gcov"
	}
	KERNELS=$(built_list)
	read -r release suite _ <<<"$KERNELS"
	say "== coverage of the cases"
	CASE='' run_case kernel-builds "$release" built_make "$release"
	dir=$(kernel_dir "$release" "$suite")
	[ -e "$dir/.complete" ] || return 0
	# kbuild measures coverage of an external module only if GCOV_PROFILE is set.
	grep -qx 'export GCOV_PROFILE = y' "$dir/headers/Makefile" ||
		echo 'export GCOV_PROFILE = y' >>"$dir/headers/Makefile"
	qemu_choose_accel "$dir/vmlinuz"
	mkdir -p "$WORK/$release" "$WORK/coverage/cases"
	vm_cases "$release" "$suite" "$dir" >"$WORK/coverage/list"
	CASE='' run_case build-make "$release" build_module "$release" "$suite" "$WORK/$release/make"
	# shellcheck disable=SC2046
	CASE='' run_case prepare "$release" case_prepare "$release" "$suite" "$dir" \
		$(cat "$WORK/coverage/list")
	while read -r file; do
		start_case "$(basename "$file" .sh)" "$release" \
			coverage_vm_case "$file" "$release" "$suite" "$dir"
	done <"$WORK/coverage/list"
	reap_cases
	CASE='' run_case coverage "$release" coverage_vm_table "$release"
}
