# SPDX-License-Identifier: GPL-2.0
# The kernel's own selftests of sched_ext, each by itself, with what WITH says: nothing, or
# this module with one of its backends. make test-selftests runs it with each, and compares
# the lines that begin with TEST.
# leg: selftests
# backends: direct
# limit: 3600
# cpus: 4
. /case/guest.sh

RUNNER=/case/selftests/runner
# For one test, in seconds.
LIMIT=300

sched_gone() {
	[ "$(cat /sys/kernel/sched_ext/state)" = disabled ]
}

# result NAME CODE: of that test, as the runner said it. It runs all tests whose name has
# this one in it.
result() {
	line=$(sed -n "s/^\(ok\|not ok\) [0-9]* $1 #\(.*\)$/\1\2/p" /tmp/out)
	case $line in
	"ok SKIP "*) echo skip ;;
	"ok "*) echo ok ;;
	"not ok "*) echo "not ok" ;;
	*) [ "$2" -eq 137 ] && echo "took longer than $LIMIT s" || echo "died, $2" ;;
	esac
}

BACKEND=$WITH
[ "$WITH" = nothing ] || load_cap
for name in $($RUNNER -l); do
	rc=0
	chrt -o 0 timeout -s KILL $LIMIT $RUNNER -t "$name" >/tmp/out 2>&1 </dev/null || rc=$?
	result=$(result "$name" $rc)
	await 120 "the scheduler of $name to go" sched_gone
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
