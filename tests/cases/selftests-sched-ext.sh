# SPDX-License-Identifier: GPL-2.0
# The kernel's sched_ext selftests, one at a time. WITH is "nothing" or a backend of this
# module. make test-selftests runs this case with each, and compares the lines that begin with
# TEST.
# leg: selftests
# backends: direct
# limit: 3600
# cpus: 4
. /case/guest.sh

RUNNER=/case/selftests/runner
# Time limit of one test, in seconds.
LIMIT=300

sched_gone() {
	[ "$(cat /sys/kernel/sched_ext/state)" = disabled ]
}

# result NAME CODE: print the runner's result of that test. The runner also runs all other tests
# whose names contain NAME.
result() {
	line=$(sed -n "s/^\(ok\|not ok\) [0-9]* $1 #\(.*\)$/\1\2/p" /tmp/out)
	case $line in
	"ok SKIP "*) echo skip ;;
	"ok "*) echo ok ;;
	"not ok "*) echo "not ok" ;;
	*) [ "$2" -eq 137 ] && echo "took longer than $LIMIT s" || echo "exited with $2" ;;
	esac
}

BACKEND=$WITH
[ "$WITH" = nothing ] || load_cap
for name in $($RUNNER -l); do
	rc=0
	chrt -o 0 timeout -s KILL $LIMIT $RUNNER -t "$name" >/tmp/out 2>&1 </dev/null || rc=$?
	result=$(result "$name" $rc)
	await 120 "the scheduler of $name to be unloaded" sched_gone
	printf 'TEST\t%s\t%s\n' "$name" "$result"
	[ "$result" = ok ] || sed 's/^/    /' /tmp/out
done
[ "$WITH" != nothing ] || exit 0
note "RESULT: $WITH: $(stat rounds) rounds, max_rounds $(stat max_rounds), hits $(stat hits), pick_hits $(stat pick_hits)"
stat by_ops
is $CAP/state active
check "$(stat rounds) > 0" "rounds"
check "$(stat max_rounds) <= 32" "max_rounds"
unload_cap
