# SPDX-License-Identifier: GPL-2.0
# make test-mutants: do the cases fail if the module has a bug? Each mutant is the module with one
# bug. A case must fail with the mutant, and pass with the original module.
# shellcheck shell=bash

# One line for each mutant: its name, the case, the file, and the bug as a sed script.
#
# There is no mutant for the hits that the reporter adds when a scheduler was loaded again before
# it looked: no case loads one again that fast.
mutants() {
	cat <<-'EOF'
		limit-one-round-late bursts module/gate/pick.c s/rounds >= limit/rounds > limit/
		limit-one-round-early bursts module/gate/pick.c s/rounds >= limit/rounds + 1 >= limit/
		loop-not-ended nested-bound module/gate/pick.c s/^\t\tslc_layout_set_u32(.*, 0, 0);/\t\t(void)0;/
		local-dsq-ignored fair module/gate/pick.h s/if (likely(slc_layout_own_u32(rq, slc_layout.rq_local_nr)))/if (0)/
		previous-task-ignored fair module/gate/pick.h s/return prev == current \&\& slc_pick_keeps(prev);/return false;/
		inner-loops-not-closed nested-global-dsq module/gate/pick.c s/while (gc->deepest > level)/while (0)/
		pick-hit-per-loop nested-bound module/gate/pick.c s/if (!(gc->flags \& SLC_PICK_ENDED))$/if (1)/
		single-rounds-not-counted fair module/gate/pick.h /^static __always_inline void slc_pick_round/,/^}/ s/this_cpu_inc(slc_gate_cpu.one_round_loops)/(void)0/
		task-switch-ignored global-dsq module/gate/pick.h s/return gc->rq != rq || gc->switches != slc_pick_switches();/return gc->rq != rq;/
		other-flush-counted nested-bound module/gate/hook.c s/return site->role;/return site->role ? SLC_SITE_NESTED : SLC_SITE_ROOT;/
		unknown-caller-not-noticed degraded module/gate/hook.c s/WRITE_ONCE(lc->unknown_at, jiffies);//
		wrong-histogram-bucket histogram module/gate/pick.c s/ilog2(rounds) %/ilog2(rounds + 1) %/
		pick-limit-one-round-late nested-bound module/gate/pick.c s/return gc->pick_rounds >= bound/return gc->pick_rounds > bound/
		child-not-refused nested-bound module/gate/hook.c s/if (slc_pick_refuses_child())/if (0)/
		host-not-rerun bursts module/gate/rerun.c s/while (unlikely(fired) \&\& /while (0 \&\& /
		pick-not-closed above-running module/gate/rerun.c s/slc_pick_finish();/(void)0;/
		no-kick runaway module/gate/hit.c s/slc_hit_kick(round->rq, !round->kernel_ends_it);/(void)0;/
		middle-round-ignores-limit bursts module/gate/pick.c s/u32 next = min(READ_ONCE(slc_gate_limit), timed);/u32 next = timed;/
		first-round-ignores-limit-1 bursts module/gate/pick.c s/if (!middle || /if (/
		first-round-not-in-histogram global-dsq module/gate/pick.c s/WRITE_ONCE(lc->histogram\[0\], lc->histogram\[0\] + 1);/(void)0;/
		middle-round-ignores-switch global-dsq module/gate/pick.h s/if (!gc->middle_left || slc_pick_is_other(gc, rq))/if (!gc->middle_left)/
		long-pick-not-timed nested-kick module/gate/pick.c s/return gc->pick_rounds > SLC_GATE_LEVELS;/return false;/
		time-always-zero nested-kick module/gate/pick.c s/took = slc_pick_since(lc->pick_begin, now);/took = 0;/
		child-not-rerun nested-above module/gate/hook.c s/} while (unlikely(fired) \&\& !slc_arch_bool(ret));/} while (0);/
		pick-ended-never-cleared nested-global-dsq module/gate/pick.c /^notrace void slc_pick_settle/,/^}/ s/gc->flags \&= ~SLC_PICK_ENDED;/(void)0;/
		wrong-scheduler-entry by-ops module/gate/hit.c s/slc_sched_same_name(&s->last.sched, &hit->sched))/1)/
		kick-wrong-cpu kick module/gate/hit.c s/slc_kick_queue(slc_layout_u32(rq, slc_layout.rq_cpu), resched)/slc_kick_queue(0, resched)/
		sibling-not-kicked core-sched module/gate/hit.c s/slc_kick_queue(slc_layout_u32(rq, slc_layout.rq_cpu), resched)/slc_kick_queue(smp_processor_id(), resched)/
		no-kick-nohz-full nohz-full module/gate/hit.c s/slc_hit_kick(round->rq, !round->kernel_ends_it);/(void)0;/
		hit-confirmed-too-early global-dsq module/gate/pick.c s/slc_pick_settle(slc_hit_was_hit());/slc_pick_settle(true);/
		settled-by-local-dsq-only false-hit module/gate/hit.c s/(curr == hc->prev || slc_layout_ptr(curr, slc_layout.task_class) ==/(1 || curr ==/
		bypass-counts-for-the-loop nested-bypass module/gate/pick.c s/!again || slc_pick_global_is_empty(sch),/!again,/
		host-rerun-with-callback kick-wait module/gate/rerun.c s/!slc_layout_ptr(rq, slc_layout.rq_balance_callback)/1/
		sibling-switch-ends-pick core-busy module/gate/pick.h /^static __always_inline bool slc_pick_refuses_child/,/^}/ s/slc_pick_switches()/slc_layout_u64(gc->rq, slc_layout.rq_nr_switches)/; /^static __always_inline u64 slc_pick_switches/,/^}/c #define slc_pick_switches() slc_layout_u64(rq, slc_layout.rq_nr_switches)
		restart-begins-pick core-restart module/gate/rerun.c s/^\tif (slc_rerun_restarts(rq) \&\&/\tif (0 \&\&/
		host-not-refused core-restart module/gate/rerun.c s/if (slc_pick_refuses_host(rq))/if (0)/
		global-dsq-not-looked-at global-dsq module/gate/pick.c s/!again || slc_pick_global_is_empty(sch),/true,/
	EOF
}

# mutant_build NAME FILE SCRIPT RELEASE SUITE: build $WORK/mutants/NAME.ko.
mutant_build() {
	build_variant "$1" "$4" "$5" "$WORK/mutants" "$WORK/$4/make" "$2" "$3" &&
		strip --strip-debug "$WORK/mutants/$1.ko"
}

# mutant_case CASE NAME: print the file of a copy of the case that loads the mutant.
mutant_case() {
	local file=$WORK/mutants/$1-$2.sh

	sed "s,^\. /case/guest\.sh\$,&\nCAP_KO=/case/$2.ko," "$TOP/tests/cases/$1.sh" >"$file"
	grep -qx "CAP_KO=/case/$2.ko" "$file" && echo "$file"
}

# mutant_lives NAME CASE RELEASE SUITE KERNEL-DIR: does the case pass with the mutant?
mutant_lives() {
	local file

	file=$(mutant_case "$2" "$1") || return 2
	case_run "$file" "$3" "$4" "$5"
}

# mutant_dies NAME CASE RELEASE SUITE KERNEL-DIR: does the case fail with the mutant, by one of its
# checks?
mutant_dies() {
	local out

	! out=$(mutant_lives "$@") || {
		echo "$out"
		echo "the case $2 passes with the mutant $1"
		return 1
	}
	echo "RESULT: noticed by $2: $(grep -m 1 -E '^(FAIL|the kernel complained|the guest did not finish)' <<<"$out")"
	# A mutant that cannot be loaded does not test the case.
	if grep -q '^FAIL: insmod' <<<"$out" ||
	   ! grep -qE '^(FAIL:|the kernel complained|the guest did not finish in time)' <<<"$out"; then
		echo "$out"
		return 1
	fi
}

# mutants_of RELEASE KERNEL-DIR: print the mutants whose case can be run on this kernel.
mutants_of() {
	local name test rest

	while read -r name test rest; do
		! case_applies "$TOP/tests/cases/$test.sh" "$2" "$1" || echo "$name $test $rest"
	done < <(mutants)
}

# mutants_on RELEASE SUITE KERNEL-DIR: read lines of mutants() from stdin, and run these.
mutants_on() {
	local release=$1 suite=$2 dir=$3 name test file script list tests=()

	rm -rf "$WORK/mutants"
	mkdir -p "$WORK/mutants" "$WORK/$release"
	CASE='' run_case build-make "$release" \
		build_module "$release" "$suite" "$WORK/$release/make"
	cp "$WORK/$release/make/scx_loop_cap.ko" "$WORK/mutants/none.ko"
	list=$(cat)
	while read -r name test file script; do
		# shellcheck disable=SC2153
		wanted "$name" "$CASE" || continue
		CASE='' start_case mutant-build "$name" \
			mutant_build "$name" "$file" "$script" "$release" "$suite"
		tests+=("$test")
	done <<<"$list"
	reap_cases
	[ ${#tests[@]} -gt 0 ] || return 0
	mapfile -t tests < <(printf '%s\n' "${tests[@]}" | sort -u)
	# These guests have more files than those of the other tests.
	# shellcheck disable=SC2034
	GUEST=-mutants
	CASE='' run_case prepare "$release" mutants_prepare "$release" "$suite" "$dir" "${tests[@]}"
	for test in "${tests[@]}"; do
		CASE='' start_case "$test" "$release, unbroken" \
			mutant_lives none "$test" "$release" "$suite" "$dir"
	done
	while read -r name test _; do
		[ ! -e "$WORK/mutants/$name.ko" ] ||
			start_case "$name" "$release, broken" \
				mutant_dies "$name" "$test" "$release" "$suite" "$dir"
	done <<<"$list"
	reap_cases
	# shellcheck disable=SC2034
	GUEST=
}

# Run the mutants on the newest kernel, and those whose case cannot be run there on one of the
# kernels that are built for the tests.
mutants_tests() {
	local release suite dir name tried left
	# shellcheck disable=SC2034
	local KERNEL_BACKENDS=livepatch

	read -r release suite <<<"$(kernel_newest_suite)"
	[ -n "$release" ] || die "no kernel with headers matches KERNEL=$KERNEL"
	say "== mutants, on $release"
	dir=$(kernel_dir "$release" "$suite")
	model_finds_tests
	reap_cases
	qemu_choose_accel "$dir/vmlinuz"
	tried=$(mutants_of "$release" "$dir")
	mutants_on "$release" "$suite" "$dir" <<<"$tried"
	for name in capped O3; do
		read -r release suite _ <<<"$(grep -- "-$name " <<<"$KERNELS")"
		[ -n "$release" ] || continue
		say "== mutants, on $release"
		CASE='' run_case kernel-builds "$release" built_make "$release"
		dir=$(kernel_dir "$release" "$suite")
		left=$(mutants_of "$release" "$dir" | grep -vxF "$tried") || continue
		mutants_on "$release" "$suite" "$dir" <<<"$left"
		tried+=$'\n'$left
	done
}

# mutants_prepare RELEASE SUITE KERNEL-DIR CASE...
mutants_prepare() {
	local ko test files=()

	for ko in "$WORK"/mutants/*.ko; do
		GUEST_MORE+=("$ko=case/${ko##*/}")
	done
	for test in "${@:4}"; do
		files+=("$TOP/tests/cases/$test.sh")
	done
	case_prepare "${@:1:3}" "${files[@]}"
}
