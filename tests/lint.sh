# SPDX-License-Identifier: GPL-2.0
# Checks of the source and the documents that boot no kernel: the project's own rules,
# sparse, checkpatch, shellcheck and others. Each check is also run on a copy with planted
# violations, and must report them.
#
# The checks run on copies in $WORK, in the trixie root or, for tests/check, on this machine.
# shellcheck shell=bash

LINT_SUITE=trixie
LINT_PACKAGES=(coccinelle shellcheck sparse)
# What shellcheck calls the guest's shell.
LINT_GUEST_SHELL=busybox

# lint_copy NAME PATH...: a fresh copy of these parts of the tree in $WORK/NAME.
lint_copy() {
	local name=$1 path

	shift
	rm -rf "${WORK:?}/$name"
	for path in "$@"; do
		mkdir -p "$WORK/$name/$(dirname "$path")"
		cp -r "$TOP/$path" "$WORK/$name/$path" || return
	done
}

# --- the rules under coccinelle/lint/ ----------------------------------------

# lint_spatch NAME: for each line "RULE FILE" of $WORK/NAME/todo, apply the rule to that file
# of $WORK/NAME. The output of spatch is written to $WORK/NAME/out/RULE/FILE. spatch gets one
# file at a time: it treats several as one program, which takes minutes.
lint_spatch() {
	local name=$1

	rm -rf "$WORK/$name/out"
	# shellcheck disable=SC2016
	root_run "$LINT_SUITE" sh -euc '
		cd "$1"
		while read -r rule file; do
			out=out/$rule/$file
			mkdir -p "${out%/*}"
			spatch --very-quiet --local-includes \
				--include-headers-for-types \
				--sp-file "$2/$rule.cocci" "$file" \
				>"$out" 2>&1 ||
				{ echo "spatch failed: $rule $file"; cat "$out"; exit 1; }
		done <todo' sh "$(root_sees "$WORK/$name")" "$(root_sees "$TOP/coccinelle/lint")"
}

lint_rules() {
	local rule

	for rule in "$TOP"/coccinelle/lint/*.cocci; do
		basename "$rule" .cocci
	done
}

# lint_c_files NAME: the sources and headers of the module in that copy.
lint_c_files() {
	(cd "$WORK/$1" && find module include -name '*.[ch]' | sort)
}

# lint_copy_c NAME: a copy of the C sources without what spatch cannot read, with
# line numbers kept:
#
# - Macros that paste names together.
# - The headers of tracepoints. They are input for the macros of <trace/define_trace.h>,
#   which includes them several times with different definitions of TRACE_EVENT(). The
#   code that this makes copies the members of a hit; sparse checks it.
# - __percpu. spatch 1.3 gives up on a file that assigns to a variable declared
#   with it ("compatible_type: unimplemented").
# - slc_direct_only, which it does not know as an attribute.
lint_copy_c() {
	local name=$1 file

	lint_copy "$name" module include || return
	rm -rf "${WORK:?}/$name/include/trace" "${WORK:?}/$name/module/resolve/include"
	for file in $(lint_c_files "$name"); do
		file=$WORK/$name/$file
		awk '
			{ gsub(/ (__percpu|slc_direct_only) /, " ") }
			/^[ \t]*#[ \t]*define.*\\$/ || macro {
				macro = macro $0 "\n"
				lines++
				if (/\\$/)
					next
				if (macro ~ /##/)
					for (; lines; lines--)
						print ""
				else
					printf "%s", macro
				macro = ""
				lines = 0
				next
			}
			{ print }' "$file" >"$WORK/$name/tmp" || return
		mv "$WORK/$name/tmp" "$file" || return
	done
}

# lint_parses NAME: fail unless spatch parses all C files of $WORK/NAME. It skips what it cannot
# parse without a message.
lint_parses() {
	local name=$1 files out

	files=$(lint_c_files "$name")
	# shellcheck disable=SC2086,SC2016
	out=$(root_run "$LINT_SUITE" sh -c 'cd "$1" && shift &&
		spatch --parse-c "$@" 2>&1' sh "$(root_sees "$WORK/$name")" $files)
	if grep -q '^BAD' <<<"$out" || ! grep -q 'nb bad = 0' <<<"$out"; then
		echo "spatch does not understand:"
		grep -a '^bad\|^BAD\|^PARSING' <<<"$out"
		return 1
	fi
}

lint_coccinelle() {
	local name=lint-coccinelle rule file failed=0

	root_install "$LINT_SUITE" "${LINT_PACKAGES[@]}"
	lint_copy_c $name || return
	lint_parses $name || return
	for rule in $(lint_rules); do
		for file in $(lint_c_files "$name"); do
			echo "$rule $file"
		done
	done >"$WORK/$name/todo"
	lint_spatch $name || return
	while read -r rule file; do
		[ -s "$WORK/$name/out/$rule/$file" ] || continue
		echo "$file breaks coccinelle/lint/$rule.cocci:"
		cat "$WORK/$name/out/$rule/$file"
		failed=1
	done <"$WORK/$name/todo"
	return $failed
}

# Exactly the lines that are marked in coccinelle/lint/selftest/ must be
# reported, and a violation in the real files as well; the rules recognise these
# by their contents, which change.
lint_coccinelle_planted() {
	local name=lint-planted rule file out failed=0

	root_install "$LINT_SUITE" "${LINT_PACKAGES[@]}"
	lint_copy_c $name || return
	mkdir -p "$WORK/$name/coccinelle/lint" || return
	cp -r "$TOP/coccinelle/lint/selftest" "$WORK/$name/coccinelle/lint/" || return
	cat >>"$WORK/$name/module/gate/pick.c" <<-'EOF'
		static u32 slc_pick_planted(const void *rq, unsigned long addr)
		{
			pr_info("hot");	/* planted: hot-path */
			((void (*)(void))addr)();	/* planted: hot-path static-call-only */
			return *(u32 *)(rq + 8);	/* planted: layout-access */
		}
	EOF
	for file in hook hit rerun sched_id; do
		cat >>"$WORK/$name/module/gate/$file.c" <<-EOF
			static void slc_${file}_planted(void)
			{
				might_sleep();	/* planted: hot-path */
			}
		EOF
	done
	for rule in $(lint_rules); do
		for file in "$WORK/$name/coccinelle/lint/selftest/$rule"-*.c; do
			echo "$rule coccinelle/lint/selftest/${file##*/}"
		done
		if ! [ -e "$WORK/$name/coccinelle/lint/selftest/$rule-good.c" ] ||
		   ! grep -q 'planted' "$WORK/$name/coccinelle/lint/selftest/$rule"-*.c; then
			echo "no selftest of $rule" >&2
			failed=1
		fi
		for file in pick hook hit rerun sched_id; do
			echo "$rule module/gate/$file.c"
		done
	done >"$WORK/$name/todo"
	lint_spatch $name || return
	while read -r rule file; do
		out=$WORK/$name/out/$rule/$file
		sed -n '/^--- /d; s/^-//p' "$out" | sort >"$WORK/$name/reported"
		case $file in
		module/*) grep "/\\* planted:.* $rule" "$WORK/$name/$file" ;;
		*) grep '/\* planted \*/' "$WORK/$name/$file" ;;
		esac | sort >"$WORK/$name/expected"
		cmp -s "$WORK/$name/expected" "$WORK/$name/reported" && continue
		echo "$rule on $file, expected (-) and reported (+):"
		diff -u "$WORK/$name/expected" "$WORK/$name/reported"
		cat "$out"
		failed=1
	done <"$WORK/$name/todo"
	return $failed
}

# --- sparse ------------------------------------------------------------------

# The newest kernel with headers; also if the run is limited to other kernels.
lint_release() {
	{
		printf '%s\n' "$KERNELS"
		kernel_list "$LINT_SUITE"
	} | awk -v suite="$LINT_SUITE" '$2 == suite && $3 == "yes" { print $1 }' |
		sort -V | tail -n 1
}

# lint_build NAME VARIABLE...: build the module in the copy $WORK/NAME for the newest kernel with
# headers, and write the output to build.log there. Fails with 2.
lint_build() {
	local name=$1 release log=$WORK/$1/build.log

	shift
	release=$(lint_release)
	[ -n "$release" ] || { echo "no kernel headers in $LINT_SUITE"; return 2; }
	root_install "$LINT_SUITE" "linux-headers-$release"
	root_run "$LINT_SUITE" make -C "/lib/modules/$release/build" \
		M="$(root_sees "$WORK/$name")" "$@" modules >"$log" 2>&1 || { cat "$log"; return 2; }
}

# All warnings of sparse, except for these, which it prints for each use of a macro of the
# kernel:
#	sizeof-bool		READ_ONCE() of a bool
#	constexpr-not-const	static_call(), MODULE_INFO()
#
# The headers of 7.x use two builtins that sparse 0.6.4 lacks. typeof_unqual differs from
# typeof in that it drops const and volatile, about which sparse does not warn here. The length
# of a constant string, which MODULE_INFO() asserts, is its size without the NUL.
LINT_SPARSE="-Wsparse-all -Wno-sizeof-bool -Wno-constexpr-not-const"
LINT_SPARSE+=" -D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__"
LINT_SPARSE+=" '-D__builtin_strlen(s)=(sizeof(s)-1)'"

# lint_sparse_run NAME: build the copy $WORK/NAME with sparse, and print its warnings. The
# packages of headers lack the script with which kbuild tests sparse, so kbuild ignores C=2.
# KBUILD_CHECKSRC is the variable that C=2 sets; kbuild does not reset it if it is given. The
# log shows whether sparse ran.
lint_sparse_run() {
	local name=$1 log=$WORK/$1/build.log files

	root_install "$LINT_SUITE" "${LINT_PACKAGES[@]}"
	lint_build "$name" KBUILD_CHECKSRC=2 CF="$LINT_SPARSE" || return
	mapfile -t files < <(find "$WORK/$name/module" -name '*.c')
	if [ "$(grep -cE '^  CHECK +module/' "$log")" -ne ${#files[@]} ]; then
		echo "sparse did not run on all of the ${#files[@]} files:"
		cat "$log"
		return 2
	fi
	# Warnings in headers of the kernel are ignored. After an error in one of them sparse
	# does not check the rest of the file.
	! grep -E '^(module|include)/.*warning:|^[^ ]*: error:' "$log"
}

lint_sparse() {
	lint_copy lint-sparse Kbuild module include || return
	lint_sparse_run lint-sparse
}

lint_sparse_planted() {
	local name=lint-sparse-planted out what rc=0

	lint_copy $name Kbuild module include || return
	cat >>"$WORK/$name/module/report/stats.c" <<-'EOF'
		int planted_global;
		static u32 __maybe_unused planted(const void __user *user)
		{
			struct slc_gate_cpu __percpu *gc = &slc_gate_cpu;
			__le32 le = 3;

			return gc->pick_rounds + *(const u32 *)user + le;
		}
	EOF
	out=$(lint_sparse_run $name) || rc=$?
	[ $rc -eq 1 ] || { echo "$out"; echo "expected a failure of 1, got $rc"; return 1; }
	for what in "symbol 'planted_global' was not declared" \
		"dereference of noderef expression" \
		"cast removes address space '__user'" \
		"restricted __le32 degrades to integer"; do
		grep -qF "$what" <<<"$out" ||
			{ echo "$out"; echo "not reported: $what"; return 1; }
	done
}

# --- checkpatch --------------------------------------------------------------

# lint_scripts: print a directory that has the newest kernel's scripts/.
lint_scripts() {
	local pkg

	pkg=$(source_list "$LINT_SUITE" | tail -n 1)
	source_dir "$LINT_SUITE" "$pkg"
}

# lint_checkpatch_run NAME OPTION...: run the newest kernel's checkpatch.pl on files of
# $WORK/NAME. On a copy, as checkpatch.pl writes a cache file to the directory it runs in.
lint_checkpatch_run() {
	local name=$1 dir

	shift
	dir=$(lint_scripts) || return
	cp -r "$dir/scripts" "$WORK/$name/" || return
	# shellcheck disable=SC2016
	root_run "$LINT_SUITE" sh -c 'cd "$1" && shift &&
		perl scripts/checkpatch.pl --strict --no-tree --root=. --no-summary \
			--terse --show-types "$@"' sh "$(root_sees "$WORK/$name")" "$@"
}

# checkpatch.pl takes all code for kernel code, but the command, bench/ and most of tests/ are
# user space. These types ask for what only the kernel has or needs; not each occurs in each
# file:
LINT_IGNORE_TESTS=(
	ARRAY_SIZE			# a macro of the kernel
	BIT_MACRO			# the same
	PREFER_DEFINED_ATTRIBUTE_MACRO	# the same: __weak, __printf()
	STRCPY				# strscpy() is the kernel's
	PREFER_KERNEL_TYPES		# u32 has to be made from something
	CAMELCASE			# names of <elf.h> and cmocka
	AVOID_EXTERNS			# kfuncs, and what the linker makes
	VOLATILE			# what BPF programs share with user space
	EMBEDDED_FUNCTION_NAME		# a function named "usage" or "load"
	USE_NEGATIVE_ERRNO		# it is positive there
)
# The stand-ins for kernel headers define what a macro cannot wrap in
# parentheses: storage classes and attributes.
LINT_IGNORE_SHIM=(COMPLEX_MACRO)
# Those of tests/model/ also stand for functions and barriers.
LINT_IGNORE_MODEL=(COMPLEX_MACRO MACRO_ARG_REUSE MACRO_ARG_UNUSED MEMORY_BARRIER NEW_TYPEDEFS SPACING)
# checkpatch.pl takes "struct task_struct __kptr *task" for a multiplication.
LINT_IGNORE_BPF=(SPACING)
# A TRACE_EVENT() is laid out by parts, each indented like a block of its own and
# opened by a parenthesis that ends its line; all of the kernel's are.
LINT_IGNORE_TRACE=(PARENTHESIS_ALIGNMENT OPEN_ENDED_LINE)

lint_join() {
	local IFS=,

	echo "$*"
}

lint_checkpatch() {
	local name=lint-checkpatch failed=0 kernel trace user shim model bpf

	lint_copy $name module include tests tools bench || return
	cd "$WORK/$name" || return
	kernel=$(find module include tests/modules -name '*.[ch]' \
		! -path 'include/trace/*' ! -path '*/resolve/include/*' | sort)
	trace=$(find include/trace -name '*.h' | sort)
	user=$(find tests tools bench -name '*.[ch]' ! -path 'tests/modules/*' \
		! -name '*.bpf.c' ! -path 'tests/model/shim*.h' | sort)
	bpf=$(find tests -name '*.bpf.c' | sort)
	shim=$(find module/resolve/include -name '*.[ch]' | sort)
	model=$(find tests/model -name 'shim*.h' | sort)
	if [ -z "$kernel" ] || [ -z "$trace" ] || [ -z "$user" ] ||
	   [ -z "$shim" ] || [ -z "$model" ] || [ -z "$bpf" ]; then
		echo "no files found"
		return 1
	fi
	# shellcheck disable=SC2086
	{
		lint_checkpatch_run $name -f $kernel || failed=1
		lint_checkpatch_run $name -f $trace \
			--ignore "$(lint_join "${LINT_IGNORE_TRACE[@]}")" || failed=1
		lint_checkpatch_run $name -f $user \
			--ignore "$(lint_join "${LINT_IGNORE_TESTS[@]}")" || failed=1
		lint_checkpatch_run $name -f $shim \
			--ignore "$(lint_join "${LINT_IGNORE_TESTS[@]}" \
				"${LINT_IGNORE_SHIM[@]}")" || failed=1
		lint_checkpatch_run $name -f $model \
			--ignore "$(lint_join "${LINT_IGNORE_TESTS[@]}" \
				"${LINT_IGNORE_MODEL[@]}")" || failed=1
		lint_checkpatch_run $name -f $bpf \
			--ignore "$(lint_join "${LINT_IGNORE_TESTS[@]}" \
				"${LINT_IGNORE_BPF[@]}")" || failed=1
	}
	return $failed
}

lint_checkpatch_planted() {
	local name=lint-checkpatch-planted out what

	lint_copy $name module || return
	cat >>"$WORK/$name/module/report/stats.c" <<-'EOF'
		static int planted(char* name)
		{
		        if(name == NULL) {
				return simple_strtoul(name, NULL, 10);
			}
			return 0;
		}
	EOF
	if out=$(lint_checkpatch_run $name -f module/report/stats.c); then
		echo "a planted violation passed"
		return 1
	fi
	# An error, a warning and a check.
	for what in ERROR:POINTER_LOCATION WARNING:BRACES CHECK:COMPARISON_TO_NULL; do
		grep -q "$what" <<<"$out" ||
			{ echo "$out"; echo "not reported: $what"; return 1; }
	done
}

# --- shellcheck --------------------------------------------------------------

# lint_shellcheck SHELL FILE...
lint_shellcheck() {
	# SC2119 and SC2120 take optional arguments of a function for forgotten.
	# shellcheck disable=SC2016
	root_run "$LINT_SUITE" sh -c 'cd "$1" && shell=$2 && shift 2 &&
		shellcheck -f gcc -x -P .:tests:tests/tools -e SC2119,SC2120 -s "$shell" "$@"' \
		sh "$(root_sees "$WORK/lint-shell")" "$@"
}

lint_shell() {
	local failed=0 guest host inside scripts

	root_install "$LINT_SUITE" "${LINT_PACKAGES[@]}"
	lint_copy lint-shell tests bench tools debian dkms || return
	cd "$WORK/lint-shell" || return
	# Where guest.sh is in the guest, and where shellcheck can follow it.
	sed -i 's,^\. /case/guest\.sh$,. tests/vm/guest.sh,' tests/cases/*.sh \
		tests/vm/*-guest.sh bench/*-guest.sh || return
	# And the same in the roots for packages.
	sed -i 's,^\. /src/tests/,. tests/,' tests/packages/cases/*.sh || return
	sed -i 's,^\. \./lib\.sh$,. tests/packages/guest/lib.sh,' tests/packages/story/*.sh || return
	inside="tests/packages/inside.sh $(echo tests/packages/cases/*.sh)"
	inside+=" tests/packages/guest/lib.sh $(echo tests/packages/story/*.sh)"
	scripts="$(grep -rl '^#!/bin/sh' debian dkms)"
	guest="tests/vm/init tests/vm/case-run tests/vm/guest.sh"
	guest+=" $(echo tests/vm/*-guest.sh bench/*-guest.sh)"
	guest+=" $(echo tests/cases/*.sh)"
	host=$(grep -rlE '^#!/bin/(ba)?sh|^# shellcheck shell=bash' tests bench tools |
		grep -vxF -f <(tr ' ' '\n' <<<"$guest") | sort)
	grep -qx tests/run <<<"$host" || { echo "tests/run was not found"; return 1; }
	# shellcheck disable=SC2086
	{
		lint_shellcheck $LINT_GUEST_SHELL $guest || failed=1
		lint_shellcheck bash $host || failed=1
		lint_shellcheck sh $inside $scripts || failed=1
	}
	# A planted violation must be reported.
	# shellcheck disable=SC2016
	printf '%s\n' 'rm -rf $1/*' >planted.sh
	if lint_shellcheck bash planted.sh >planted.out ||
	   ! grep -q SC2086 planted.out; then
		echo "a planted violation passed"
		failed=1
	fi
	return $failed
}

# --- names, and the direction of calls ---------------------------------------

lint_rooms() {
	"$TOP/tests/rooms"
}

# Each of these must be reported: calls upwards between rooms and within gate/, one of them
# after a string that looks like the start of a comment; each way to include a private header;
# headers that are not in the tree; the shims; what a leaf includes and calls; writes outside of
# gate/; and a file in no room.
lint_rooms_planted() {
	local dir=$WORK/lint-rooms-planted out what

	lint_copy lint-rooms-planted module include || return
	cat >>"$dir/module/gate/hit.c" <<-'EOF'
		void slc_log_wake(void);
		static void slc_hit_planted(void)
		{
			slc_log_wake();
			slc_pick_finish();	/* not slc_attach_state() */
		}
	EOF
	cat >>"$dir/module/gate/sched_id.c" <<-'EOF'
		#include "./../../module/./report/stats_files.h"
		static void slc_sched_planted(void) { slc_log_text("see https://"); slc_log_wake(); }
	EOF
	cat >>"$dir/module/kick.c" <<-'EOF'
		#include "resolve/btf.h"
		static void slc_kick_planted(void) { slc_btf_close(NULL); }
	EOF
	cat >>"$dir/include/scx_loop_cap.h" <<-'EOF'
		#include "../module/gate/hit.h"
		#include <../module/gate/hit.h>
		# include <gate/pick.h>
		#include <counters.h>
		#include "module/gate/sched_id.h"
		#include SLC_HEADER
	EOF
	echo '#include "./../../../module/gate/hit.h"' >>"$dir/include/trace/events/scx_loop_cap.h"
	echo '#include "../../../gate/hit.h"' >>"$dir/module/resolve/include/linux/mm.h"
	echo '#include <layout.h>' >>"$dir/module/resolve/include/linux/slab.h"
	echo '#include "../resolve/include/linux/mm.h"' >>"$dir/module/report/stats.c"
	cat >>"$dir/module/control/limit.c" <<-'EOF'
		static void slc_limit_planted(void) { this_cpu_inc(slc_gate_cpu.rounds); }
	EOF
	cat >>"$dir/module/control/sysfs.c" <<-'EOF'
		static void slc_sysfs_planted(void) { this_cpu_add(slc_gate_cpu.rounds, slc_stats_sum(slc_gate_cpu, loops)); }
	EOF
	cat >>"$dir/module/report/log.c" <<-'EOF'
		static const struct slc_gate_cpu *slc_log_planted(int cpu) { per_cpu(slc_gate_cpu, cpu).rounds = 0; }
	EOF
	echo 'void slc_planted(void);' >"$dir/module/planted.h"
	if out=$("$TOP/tests/rooms" "$dir"); then
		echo "planted calls passed"
		return 1
	fi
	for what in "hit.c:[0-9]*: uses slc_log_wake of module/report/log.c" \
		"hit.c:[0-9]*: uses slc_pick_finish of module/gate/pick.c" \
		"sched_id.c:[0-9]*: includes module/report/stats_files.h, which is above" \
		"sched_id.c:[0-9]*: uses slc_log_wake" \
		"kick.c:[0-9]*: includes module/resolve/btf.h" \
		"kick.c:[0-9]*: uses slc_btf_close of module/resolve/btf.c" \
		"include/scx_loop_cap.h:[0-9]*: includes module/gate/hit.h, which is above" \
		"include/scx_loop_cap.h:[0-9]*: includes <../module/gate/hit.h>" \
		"include/scx_loop_cap.h:[0-9]*: includes module/gate/pick.h in angle" \
		"include/scx_loop_cap.h:[0-9]*: includes module/gate/counters.h in angle" \
		"include/scx_loop_cap.h:[0-9]*: includes include/module/gate/sched_id.h, which is not" \
		"include/scx_loop_cap.h:[0-9]*: includes what tests/rooms cannot read" \
		"events/scx_loop_cap.h:[0-9]*: includes module/gate/hit.h" \
		"linux/mm.h:[0-9]*: includes module/gate/hit.h: resolve/include/ is apart" \
		"linux/slab.h:[0-9]*: includes module/resolve/layout.h in angle" \
		"stats.c:[0-9]*: includes module/resolve/include/linux/mm.h: resolve/include/ is apart" \
		"limit.c:[0-9]*: may only read" \
		"sysfs.c:[0-9]*: may only read" \
		"log.c:[0-9]*: may only read" \
		"planted.h:1: is in no room"; do
		grep -q "$what" <<<"$out" ||
			{ echo "$out"; echo "not reported: $what"; return 1; }
	done
	! grep slc_attach_state <<<"$out"
}

lint_names() {
	"$TOP/tests/names"
}

# A name of each kind, in the forms in which the module defines them, must be reported. Names
# that only look like definitions must not.
lint_names_planted() {
	local dir=$WORK/lint-names-planted out what

	lint_copy lint-names-planted module || return
	cat >>"$dir/module/kick.c" <<-'EOF'
		static void kick_fn(void)
		{
			int ok_local = (int)'"'; /* int ok_comment; */
			struct inner_tag { int ok_member; } ok_value = { .ok_member = ok_local };
		}
		__printf(1, 2)
		int scx_kick_fn(const char *fmt, ...) { return 0; }
		struct plain_tag {
			int ok_member;
			enum { CONST_INNER } ok_kind;
		};
		#define PLAIN_MACRO 1
		  #  define indented_macro(ok_argument) \
			ok_call(ok_argument)
		static int plain_var;
		static const struct slc_kick *pointer_var __read_mostly = NULL, *second_var;
		static struct slc_kick array_var[4] = { { .ok_member = 1 } };
		static void (*call_var)(int ok_parameter);
		enum plain_enum { CONST_FIRST = 1 << 2, CONST_SECOND, SLC_OK };
		union plain_union { int ok_member; } union_var;
		typedef int plain_type;
		static DEFINE_PER_CPU(struct slc_kick, per_cpu_var);
		static DEFINE_MUTEX(mutex_var);
		DEFINE_STATIC_CALL(call_key, slc_kick_no_callback);
		extern int ok_extern;
		struct ok_forward;
		void ok_prototype(struct ok_forward *ok_parameter);
		static_assert(sizeof(int) == 4);
	EOF
	if out=$("$TOP/tests/names" "$dir"); then
		echo "planted names passed"
		return 1
	fi
	for what in "function kick_fn" "type inner_tag" "function scx_kick_fn" "type plain_tag" \
		"constant CONST_INNER" "macro PLAIN_MACRO" "macro indented_macro" \
		"variable plain_var" "variable pointer_var" "variable second_var" \
		"variable array_var" "variable call_var" "type plain_enum" \
		"constant CONST_FIRST" "constant CONST_SECOND" "type plain_union" \
		"variable union_var" "type plain_type" "variable per_cpu_var" \
		"variable mutex_var" "variable call_key"; do
		grep -q "kick.c:[0-9]*: $what does not begin" <<<"$out" ||
			{ echo "$out"; echo "not reported: $what"; return 1; }
	done
	! grep -iE 'ok_|do not match' <<<"$out"
}

lint_symbols() {
	lint_copy lint-symbols Kbuild module include || return
	lint_build lint-symbols || return
	"$TOP/tests/symbols" "$WORK/lint-symbols/scx_loop_cap.ko"
}

# tests/symbols on made-up object files.
lint_symbols_planted() {
	local dir=$WORK/lint-symbols-planted i ok

	mkdir -p "$dir"
	for i in {1..60}; do
		echo "int slc_$i; int trace_scx_loop_cap_$i;"
	done >"$dir/good.c"
	{ cat "$dir/good.c"; echo "static int __attribute__((used)) kick_run;"; } >"$dir/static.c"
	{ cat "$dir/good.c"; echo "int __scx_kick;"; } >"$dir/prefix.c"
	for i in good static prefix; do
		gcc -c -o "$dir/$i.o" "$dir/$i.c" || return
	done
	ok=$("$TOP/tests/symbols" "$dir/good.o") || { echo "$ok"; return 1; }
	for i in "static kick_run" "prefix __scx_kick"; do
		if ok=$("$TOP/tests/symbols" "$dir/${i% *}.o") || ! grep -qx "${i#* }" <<<"$ok"; then
			echo "$ok"
			echo "not reported: ${i#* }"
			return 1
		fi
	done
}

# --- documents -----------------------------------------------------------------

# The number of lines that a document may have.
LINT_DOCS_LINES="README.md=150 docs/reliability.md=120"

# lint_docs_in TREE: documents are short, and those that the tests and benchmarks write are up to
# date.
lint_docs_in() {
	local tree=$1 entry file lines name functions failed=0 trace=docs/benchmarks/trace.md

	for entry in $LINT_DOCS_LINES; do
		file=${entry%=*}
		lines=$(wc -l <"$tree/$file") || return
		[ "$lines" -le "${entry#*=}" ] ||
			{ echo "$file: $lines lines, may have ${entry#*=}"; failed=1; }
	done
	functions=$("$TOP/tests/names" --functions "$tree") || return
	# SLC_ARCH_STUB() makes NAME_stub(), and the compiler NAME.part.0() and the like.
	while read -r name; do
		grep -qx "${name%_stub}" <<<"$functions" ||
			{ echo "$trace: names $name(), which module/ does not define"; failed=1; }
	done < <(grep -oE '\<slc_[A-Za-z0-9_]+' "$tree/$trace" | sort -u)
	# A table without a function of the module is of a module with other names.
	awk -v file="$trace" '
		function end_table() {
			if (table && !own) {
				print file ":" table ": no function of the module in this table"
				failed = 1
			}
			table = 0
		}
		!/^\|/ { end_table(); next }
		!table { table = FNR; own = 0; tables++ }
		/^\| `slc_/ { own = 1 }
		END {
			end_table()
			if (!tables) {
				print file ": no table"
				failed = 1
			}
			exit failed
		}' "$tree/$trace" || failed=1
	# Behind the two lines of the head.
	lines=$(sed -n "/^$RECORD_BEGIN\$/,/^$RECORD_END\$/p" "$tree/$RECORD_FILE" | grep -c '^|')
	[ "$lines" -gt 2 ] ||
		{ echo "$RECORD_FILE: no row; RECORD=1 writes them"; failed=1; }
	return $failed
}

lint_docs() {
	lint_docs_in "$TOP"
}

# On a copy of the documents that has none of these faults, and with one at a time.
lint_docs_planted() {
	local tree=$WORK/lint-docs-planted good=$WORK/lint-docs-good
	local out fault file what

	lint_copy lint-docs-good module || return
	mkdir -p "$good/docs/benchmarks"
	seq 150 >"$good/README.md"
	seq 120 >"$good/docs/reliability.md"
	printf '%s\n' "$RECORD_BEGIN" "$RECORD_HEAD" "| tests | 2026-01-01 |" "$RECORD_END" \
		>"$good/$RECORD_FILE"
	cat >"$good/docs/benchmarks/trace.md" <<-'EOF'
		| pick | stock |
		|---|---|
		| `slc_hook_sub_dispatch` | 1 |
		| `slc_hook_sub_dispatch_stub` | 1 |

		| `slc_pick_finish.cold` | 1 |
	EOF
	lint_docs_in "$good" || return
	while IFS='#' read -r file fault what; do
		rm -rf "$tree"
		cp -r "$good" "$tree" && sed -i "$fault" "$tree/$file" || return
		if out=$(lint_docs_in "$tree") || [ "$out" != "$file$what" ]; then
			echo "$out"
			echo "not reported: $file$what"
			return 1
		fi
	done <<-'EOF'
		README.md#1i 0#: 151 lines, may have 150
		docs/reliability.md#1i 0#: 121 lines, may have 120
		docs/benchmarks/trace.md#4a | `slc_gate_flush` | 1 |#: names slc_gate_flush(), which module/ does not define
		docs/benchmarks/trace.md#6s/slc_/scx_/#:6: no function of the module in this table
		docs/benchmarks/trace.md#d#: no table
		docs/results.md#/2026/d#: no row; RECORD=1 writes them
	EOF
}

# lint_run FUNCTION: run a check. tests/check replaces this by a function that skips the check
# if a program that it needs is not installed.
lint_run() {
	"$@"
}

# The planted sources must not be mistaken for the tree's, so each has a copy.
lint_tests() {
	start_case lint-coccinelle source lint_run lint_coccinelle
	start_case lint-coccinelle-planted source lint_run lint_coccinelle_planted
	start_case lint-sparse source lint_run lint_sparse
	start_case lint-sparse-planted source lint_run lint_sparse_planted
	start_case lint-checkpatch source lint_run lint_checkpatch
	start_case lint-checkpatch-planted source lint_run lint_checkpatch_planted
	start_case lint-shell source lint_run lint_shell
	start_case lint-links docs lint_run "$TOP/tests/links.sh"
	start_case lint-docs docs lint_run lint_docs
	start_case lint-docs-planted docs lint_run lint_docs_planted
	start_case lint-rooms source lint_run lint_rooms
	start_case lint-rooms-planted source lint_run lint_rooms_planted
	start_case lint-names source lint_run lint_names
	start_case lint-names-planted source lint_run lint_names_planted
	start_case lint-symbols source lint_run lint_symbols
	start_case lint-symbols-planted source lint_run lint_symbols_planted
}
