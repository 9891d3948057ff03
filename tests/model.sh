# SPDX-License-Identifier: GPL-2.0
# The gate in a model of the kernel, in user space: tests/model/. Its head comments say what is
# modelled. The fuzzer of the same model is the target "gate" of fuzz.sh.
# shellcheck shell=bash

MODEL_SUITE=trixie
# Inputs of random bytes. The seed is fixed, so they are the same in each run.
MODEL_RUNS=120000
# How long the threads run, and what is enough for each bug that is planted for them.
MODEL_SECONDS=${MODEL_SECONDS:-4}

# One line for each bug that the model must find (spin finds that the reporter is stopped too early,
# REPORTER_FIRST, which threads rarely meet), in addition to those of mutants() that are in
# gate/ and kick.c: its name, the program (model_gate or model_threads), the file, and the bug as
# a sed script.
model_bugs() {
	cat <<-'EOF'
		other-rq-ignored gate module/gate/pick.h /bool slc_pick_is_other/,/^}/ s/gc->rq != rq || //
		siblings-task-kept gate module/gate/pick.h s/prev == current \&\& slc_pick_keeps/slc_pick_keeps/
		queued-task-overlooked gate module/gate/hit.c s/return !slc_layout_u32(hc->rq, slc_layout.rq_local_nr) \&\&/return/
		loop-of-sibling-run-again gate module/gate/rerun.c s/ \&\& slc_pick_is_for(rq)//
		refused-host-not-kicked gate module/gate/rerun.c s/slc_hit_kick(rq, true);//
		cap-ends-other-loop gate module/gate/pick.c s/!(slc_layout.rq_core_enabled \&\& slc_pick_is_core_wide(rq));/true;/
		rerun-with-old-clock gate module/gate/rerun.c s/slc_layout_u32(rq, slc_layout.rq_clock_flags) == clock/1/
		restart-forgotten gate module/gate/pick.c s/gc->flags |= SLC_PICK_RESTARTED;/(void)0;/
		restart-never-over gate module/gate/pick.c /^bool slc_pick_kicked/,/^}/ s/gc->flags &= ~SLC_PICK_RESTARTED;/(void)0;/
		same-loop-taken-for-new gate module/gate/pick.c s/(gc->rq == rq \&\& gc->switches == switches))/0)/
		middle-too-long gate module/gate/pick.c s/return next > rounds ? next - rounds - 1 : 0;/return next - rounds;/
		middle-ignores-cap gate module/gate/pick.c s/if (cap \&\& cap != SLC_PICK_TIMED_ROUNDS)/if (0)/
		refused-child-forgotten gate module/gate/pick.h /bool slc_pick_refuses_child/,/^}/ s/gc->flags |= SLC_PICK_REFUSED;/(void)0;/
		own-kick-forgotten gate module/gate/hit.c s/slc_kick_queue(smp_processor_id(), false);/(void)0;/
		kick-without-reschedule gate module/kick.c s/set_tsk_need_resched(current);/(void)0;/
		counter-not-atomic threads module/gate/hit.c s/WRITE_ONCE(hc->hits, hc->hits + 1);/hc->hits++;/
		limit-not-atomic threads module/gate/pick.c s/WRITE_ONCE(slc_gate_limit, limit);/slc_gate_limit = limit;/
		torn-hit threads module/gate/hit.c s/raw_write_seqcount_\(begin\|end\)(&hc->seq);/(void)0;/
		detached-last threads module/main.c /^static void __exit/,/^}/ { s/slc_detach();//; s/slc_hit_exit();/&slc_detach();/ }
		kicks-not-waited-for threads module/main.c /^static void __exit/,/^}/ s/slc_kick_flush();//
		hits-freed-first threads module/main.c /^static void __exit/,/^}/ { s/slc_hit_exit();//; s/slc_detach();/&slc_hit_exit();/ }
	EOF
}

# Mutants in gate/ that the model cannot find, and why. Times are compared with bounds only.
model_blind() {
	cat <<-'EOF'
		long-pick-not-timed	times of picks without a long loop are not compared
	EOF
}

# One line for each line of gate/ or kick.c that the model never runs, or runs only one way: the
# file, its text, and the reason. The text of a line may stand for several.
model_uncovered() {
	cat <<-'EOF' | sed 's/ *\t */\t/g'
		hit.c	} while (read_seqcount_retry(&hc->seq, seq));	a hit is read while it is written: model_threads does that
		hit.c	if (!slc_hit_cpu)	no memory
		hit.c	return -ENOMEM;	no memory
		hook.c	static void slc_hook_no_flush(void *a, void *b)	stands for the original; never runs
		hook.c	}	the end of slc_hook_no_flush()
		hook.c	static unsigned long slc_hook_no_sub_dispatch(unsigned long a, unsigned long b,	stands for the original; never runs
		hook.c	return 0;	the end of slc_hook_no_sub_dispatch()
		rerun.c	static unsigned long slc_rerun_no_host(unsigned long a, unsigned long b,	stands for the original; never runs
		rerun.c	return 0;	the end of slc_rerun_no_host()
		kick.c	static void slc_kick_no_callback(void)	stands for the callback; never runs
		kick.c	}	the end of slc_kick_no_callback()
		kick.c	if (unlikely(cpu >= nr_cpu_ids || !cpu_online(cpu)))	a number of a CPU that cannot be
		pick.h	return unlikely((gc->flags & used_up) == used_up) &&	the CPU has switched before the kick ran
		pick.c	return now > begin ? now - begin : 0;	the clock was set back
		pick.c	if (!cap_fires)	the limit was raised between two looks at it
		pick.c	return;	the same
		pick.c	switch (slc_layout.global_at) {	a layout that cannot be
		pick.c	return dsq && !slc_layout_u32(dsq, slc_layout.pnode_global + slc_layout.dsq_nr);	a node without a global DSQ
		sched_id.c	for (i = 0; node && node != head && i < SLC_SCHED_LIST_MAX; i++) {	a list that is broken
	EOF
}

# The mistakes of tests/model/unload.pml, and those that make check and make test try.
MODEL_UNLOAD_BUGS="NO_GRACE_PERIOD KICKS_NOT_WAITED_FOR KICKS_FIRST REPORTER_FIRST FILES_FIRST"
MODEL_UNLOAD_BUGS+=" HITS_FIRST HOST_FIRST HOST_FORGOTTEN HOST_KICKS_LEFT"
MODEL_UNLOAD_SOME="REPORTER_FIRST HOST_KICKS_LEFT"

# model_make DIR ARGUMENT...: build in DIR.
model_make() {
	local dir=$1

	shift
	mkdir -p "$dir"
	root_run "$MODEL_SUITE" make -s -C "$(root_sees "$TOP/tests/model")" \
		OUT="$(root_sees "$dir")" "$@"
}

# model_run DIR PROGRAM ARGUMENT...: run a program in DIR, where it leaves the input that it
# found.
model_run() {
	local dir=$1

	shift
	# shellcheck disable=SC2016
	root_run "$MODEL_SUITE" sh -c 'cd "$1" && shift && TSAN_OPTIONS=halt_on_error=1 ./"$@"' sh "$(root_sees "$dir")" "$@"
}

model_build() {
	model_make "$WORK/model" all
}

# model_gate: random inputs. If one fails it is printed in base64.
model_gate() {
	local out

	rm -f "$WORK/model/found"
	if ! out=$(model_run "$WORK/model" model_gate "$MODEL_RUNS" 1 2>&1); then
		echo "$out"
		[ ! -e "$WORK/model/found" ] || cat <<-EOF

			To reproduce it:
			  dir=\$(mktemp -d)
			  make -C tests/model OUT=\$dir \$dir/model_gate
			  base64 -d >\$dir/input <<<$(base64 -w 0 "$WORK/model/found")
			  SIM_SAY=1 \$dir/model_gate \$dir/input 2>&1 | tail -n 50
		EOF
		return 1
	fi
	echo "RESULT: $out"
}

model_threads() {
	local out

	out=$(model_run "$WORK/model" model_threads "$MODEL_SECONDS" 2>&1) || { echo "$out"; return 1; }
	echo "RESULT: $out"
}

# model_spin [BUG]: print the result of spin.
model_spin() {
	local dir=$WORK/model-spin-${1:-none}

	mkdir -p "$dir"
	# shellcheck disable=SC2016
	root_run "$MODEL_SUITE" sh -euc '
		cd "$1"
		spin -a ${3:+"-D$3"} "$2" >spin.log 2>&1 || { cat spin.log; exit 1; }
		gcc -O1 -w -DSAFETY -o pan pan.c
		./pan -m1000000' sh "$(root_sees "$dir")" \
		"$(root_sees "$TOP/tests/model/unload.pml")" "${1:-}"
}

model_needs_spin() {
	root_install "$MODEL_SUITE" spin
}

# model_unload: nothing of the module is in use when it is freed, and spin has seen it all.
model_unload() {
	local out

	model_needs_spin
	out=$(model_spin) || { echo "$out"; return 1; }
	if ! grep -q 'errors: 0' <<<"$out" || grep -q 'search depth too small' <<<"$out"; then
		echo "$out"
		return 1
	fi
	echo "RESULT: $(sed -n 's/^ *\([0-9]*\) states, stored.*/\1 states/p' <<<"$out")"
}

# model_unload_planted BUG...: spin finds each of these mistakes.
model_unload_planted() {
	local bug out

	model_needs_spin
	for bug; do
		out=$(model_spin "$bug") || { echo "$out"; return 1; }
		grep -q 'assertion violated' <<<"$out" || { echo "$out"; echo "not found: $bug"; return 1; }
	done
}

# --- planted bugs ------------------------------------------------------------------

# model_mutants: the bugs of model_bugs, and those of mutants() that the model must find. Several of
# mutants() are the same bug, for different cases.
model_mutants() {
	local name file script

	model_bugs
	while read -r name _ file script; do
		case $file in
		module/gate/* | module/kick.c)
			model_blind | grep -q "^${name}[[:space:]]" || echo "$name gate $file $script"
			;;
		esac
	done < <(mutants) | awk '{ bug = $0; sub(/^[^ ]* /, "", bug) } !seen[bug]++'
}

# model_finds NAME PROGRAM FILE SCRIPT: fail unless the model finds this bug.
model_finds() {
	local dir=$WORK/model-$1 start=$SECONDS out args=("$MODEL_RUNS" 1) options=(SANITIZE= CFLAGS=-O0)

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -a "$TOP"/{module,include} "$dir" || return
	sed -i "$4" "$dir/$3" || return
	! cmp -s "$dir/$3" "$TOP/$3" || { echo "nothing in $3 for $4"; return 1; }
	if [ "$2" = threads ]; then
		options=()
		args=(60)
	fi
	model_make "$dir" MODULE="$(root_sees "$dir/module")" "${options[@]}" \
		"$(root_sees "$dir/model_$2")" || return
	! out=$(model_run "$dir" "model_$2" "${args[@]}" 2>&1) || { echo "$out"; echo "not found"; return 1; }
	echo "$out"
	out=$(grep -m 1 -oE 'not true: .*|SUMMARY: .*|[0-9]+ rounds went .*' <<<"$out") ||
		out="it crashed"
	echo "RESULT: found after $((SECONDS - start)) s: ${out//$dir\//}"
}

model_finds_tests() {
	local name program file script

	while read -r name program file script; do
		start_case "model-finds-$name" "model, broken" \
			model_finds "$name" "$program" "$file" "$script"
	done < <(model_mutants)
	for name in $MODEL_UNLOAD_BUGS; do
		start_case "model-finds-$name" "model, broken" \
			model_run_spin model_unload_planted "$name"
	done
}

# --- coverage ------------------------------------------------------------------------

# model_coverage: print what the model runs of gate/. Fails if a line or branch is not run that
# model_uncovered does not list, or one that it lists is.
model_coverage() {
	local dir=$WORK/model-coverage run all taken branches out file line text why failed=0

	rm -rf "$dir"
	model_make "$dir" SANITIZE= CFLAGS="-O0 -g --coverage -DMODEL_COVERAGE" \
		"$(root_sees "$dir/model_gate")" || return
	model_run "$dir" model_gate "$MODEL_RUNS" 1 || return
	# shellcheck disable=SC2016
	out=$(root_run "$MODEL_SUITE" sh -euc 'cd "$1" && gcov -b -t -o "$2" \
		../../module/gate/*.c ../../module/kick.c 2>/dev/null |
		awk -f coverage.awk' sh "$(root_sees "$TOP/tests/model")" "$(root_sees "$dir")") || return
	while IFS=$'\t' read -r file line text; do
		if [ "$line" = lines ]; then
			read -r run all _ taken branches <<<"$text"
			printf 'RESULT: %-12s %3d of %3d lines, %3d of %3d branches\n' "$file" \
				"$run" "$all" "$taken" "$branches"
			continue
		fi
		why=$(model_uncovered | while IFS=$'\t' read -r f t w; do
			[ "$f $t" != "$file $text" ] || echo "$w"
		done)
		echo "$file:$line: $text${why:+ -- $why}"
		[ -n "$why" ] || { echo "not known to be left out: $file:$line"; failed=1; }
	done <<<"$out"
	grep -q $'\tlines\t' <<<"$out" || { echo "$out"; return 1; }
	while IFS=$'\t' read -r file text _; do
		cut -f 1,3 <<<"$out" | grep -qxF "$file"$'\t'"$text" ||
			{ echo "is run: $file: $text"; failed=1; }
	done < <(model_uncovered)
	return $failed
}

# --- all -------------------------------------------------------------------------------

# What make check and make test run.
model_tests() {
	if wanted model-gate "$CASE" || wanted model-threads "$CASE"; then
		CASE='' run_case model-build source model_build
		start_case model-gate "$MODEL_RUNS inputs" model_gate
		start_case model-threads "$MODEL_SECONDS s" model_threads
	fi
	start_case model-coverage source model_coverage
	start_case model-unload model model_run_spin model_unload
	# shellcheck disable=SC2086
	start_case model-unload-planted model model_run_spin model_unload_planted $MODEL_UNLOAD_SOME
}

# model_run_spin FUNCTION ARGUMENT...: tests/check replaces this by a function that skips the case
# if spin is not installed.
model_run_spin() {
	"$@"
}
