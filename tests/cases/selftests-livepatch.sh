# SPDX-License-Identifier: GPL-2.0
# The kernel's livepatch selftests. WITH is "nothing", a backend of this module, or "another"
# for another livepatch of the same function. make test-selftests runs this case with each, and
# compares the lines that begin with TEST.
# leg: selftests
# backends: direct
# limit: 3600
# cpus: 4
. /case/guest.sh

# Time limit of one script, in seconds.
LIMIT=600

# Before and after each script, as some of them replace all livepatches.
before() {
	case $WITH in
	nothing) ;;
	another) other_load "$(flush_function)" wrap=1 ;;
	*) load_cap ;;
	esac
}

after() {
	case $WITH in
	nothing) ;;
	another)
		[ ! -e $OTHER ] || echo 0 >$OTHER/enabled
		await 60 "the other patch to go" other_gone
		await 10 "rmmod" rmmod other_patch
		;;
	*)
		note "$1: state $(cat $CAP/state)"
		if state_is replaced; then
			await 10 "rmmod" rmmod scx_loop_cap
			check_unloaded
		else
			is $CAP/state active
			unload_cap
		fi
		;;
	esac
}

# clear_up SCRIPT: unload the livepatches and modules that a failed script left, as the next
# script would fail because of them.
clear_up() {
	await 120 "the patches of $1 to go" patches_gone
	grep -o '^test_klp[^ ]*' /proc/modules | while read -r module; do
		await 10 "rmmod $module" rmmod "$module"
	done || exit 1
}

# patches_gone: disable the livepatches that are left, one after the other, as the kernel allows one
# transition at a time. Succeeds if none is left.
patches_gone() {
	for patch in /sys/kernel/livepatch/test_klp_*; do
		[ -e "$patch" ] || return 0
		if [ "$(cat "$patch/transition")" = 0 ]; then
			echo 0 2>/dev/null >"$patch/enabled"
		fi
	done
	return 1
}

flush_function() {
	sed -n 's/.* [tT] \(\(scx_\)\?flush_dispatch_buf\)$/\1/p' /proc/kallsyms
}

# results SCRIPT CODE: print a TEST line for each test of the script, and one for the script.
results() {
	awk -v script="$1" '/^TEST: .* \.\.\. / {
		name = $0
		sub(/^TEST: /, "", name)
		sub(/ \.\.\. .*/, "", name)
		printf "TEST\t%s: %s\t%s\n", script, name, / \.\.\. ok$/ ? "ok" : "not ok"
	}' /tmp/out
	case $2 in
	0) result=ok ;;
	4) result=skip ;;
	137) result="took longer than $LIMIT s" ;;
	*) result="not ok" ;;
	esac
	printf 'TEST\t%s\t%s\n' "$1" "$result"
}

BACKEND=$WITH
cd /case/selftests/livepatch || fail "no tests"
for script in test-*.sh; do
	before
	rc=0
	KDIR=/ chrt -o 0 timeout -s KILL $LIMIT bash "./$script" >/tmp/out 2>&1 </dev/null || rc=$?
	results "$script" $rc
	[ $rc -eq 0 ] || sed 's/^/    /' /tmp/out
	clear_up "$script"
	after "$script"
done
