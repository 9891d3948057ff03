# SPDX-License-Identifier: GPL-2.0
# The three output formats of status, checked with jq and promtool.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
needs jq jq

# json FILTER VALUE: the filter of jq gives this value.
json() {
	local got

	got=$(jq -cr "$1" "$TMP/out") || fail "jq cannot read the output"
	[ "$got" = "$2" ] || fail "$1 is $got, not $2"
}

# metric NAME VALUE: the metric is there once, with this value.
metric() {
	[ "$(grep -cF "$1 $2" "$TMP/out")" -eq 1 ] ||
		fail "$1 is not $2: $(grep -F "$1" "$TMP/out")"
}

# lint_metrics: promtool accepts the metrics without a warning.
lint_metrics() {
	[ -n "$promtool" ] || return 0
	promtool check metrics <"$TMP/out" >"$TMP/promtool" 2>&1 ||
		{ cat "$TMP/promtool"; fail "promtool check metrics failed"; }
	[ ! -s "$TMP/promtool" ] || { cat "$TMP/promtool"; fail "promtool check metrics printed a warning"; }
}

promtool=yes
has promtool prometheus || promtool=

echo "== a table"
loaded
cap 0 status
says out '^state  *active$' '^limit  *32$' '^rounds  *18446744073709551615$' \
	'^max_loop_ns  *5.2 ms$' '^last_hit  *boottime_ns=5797472223 .* later=0x1$' \
	'^by_ops  *nest2: 90 hits, 1 pick hits$' '^  *12: 11 hits' \
	'^hits_by_cpu  *cpu0: 1$' '^loop_histogram  *1-1 rounds: 0$' \
	'^  *32-63 rounds: 5$'
! grep -q '64-127' "$TMP/out" || fail "empty buckets are printed"
! grep -q "$(printf '\033')" "$TMP/out" || fail "escape sequences in a file"
for state in transition disabled replaced degraded; do
	put $state sys/kernel/scx_loop_cap/state
	cap 0 status
	says out "^state  *$state  ("
done

echo "== JSON"
loaded
cap 0 status --json
silent err
json .loaded true
json .state active
json .backend livepatch
json .version 0.1.0
json '[.limit, .kernel_limit, .pick_limit]' '[32,32,1024]'
json '[.stats.hits, .stats.pick_hits, .stats.kicks, .stats.loops]' '[101,102,103,104]'
json .stats.max_loop_ns 5209889
json .stats.last_hit '{"boottime_ns":5797472223,"cpu":1,"rounds":32,"ops":"nest2","level":2,"cgroup":66,"kind":"loop","limit":32,"later":"0x1"}'
# A scheduler whose name looks like a number is printed as a string.
json .stats.by_ops '[{"ops":"nest2","hits":90,"pick_hits":1},{"ops":"12","hits":11,"pick_hits":0}]'
json .stats.hits_by_cpu '[{"cpu":0,"hits":1},{"cpu":17,"hits":100}]'
json '.stats.loop_histogram | length' 16
json '.stats.loop_histogram[5]' '{"low":32,"high":63,"count":5}'
grep -q '"rounds": 18446744073709551615,' "$TMP/out" || fail "the counter was rounded"

echo "== metrics"
cap 0 status --prometheus
silent err
lint_metrics
# docs/abi.md names each metric.
while read -r name; do
	grep -q "\<$name\>" "${0%/*}/../../docs/abi.md" || fail "docs/abi.md has no $name"
done < <(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$TMP/out")
metric scx_loop_cap_up 1
metric 'scx_loop_cap_state{state="active"}' 1
metric 'scx_loop_cap_state{state="degraded"}' 0
metric scx_loop_cap_hits_total 101
metric scx_loop_cap_max_loop_seconds 0.005209889
metric 'scx_loop_cap_scheduler_hits_total{ops="nest2"}' 90
metric 'scx_loop_cap_cpu_hits_total{cpu="17"}' 100
metric 'scx_loop_cap_loop_rounds_bucket{le="63"}' 15
metric 'scx_loop_cap_loop_rounds_bucket{le="+Inf"}' 15
metric scx_loop_cap_loop_rounds_count 15
# The time of the hit in seconds since the epoch; it may differ by 5 s.
want=$(awk -v now="$(date +%s)" '{ print int(now - $1 + 5.797) }' /proc/uptime)
got=$(sed -n 's/^scx_loop_cap_last_hit_timestamp_seconds \([0-9]*\)\..*/\1/p' "$TMP/out")
[ "${got:-0}" -ge $((want - 5)) ] || fail "hit at $got, not $want"
[ "$got" -le $((want + 5)) ] || fail "hit at $got, not $want"

echo "== no hits yet"
put none sys/kernel/scx_loop_cap/stats/last_hit
: >"$CAP/stats/by_ops"
: >"$CAP/stats/hits_by_cpu"
put 0 sys/kernel/scx_loop_cap/stats/loops
cap 0 status
says out '^last_hit  *none$'
cap 0 status --json
json '[.stats.last_hit, .stats.by_ops, .stats.hits_by_cpu]' '[null,[],[]]'
cap 0 status --prometheus
lint_metrics

echo "== unusual names"
loaded
put 'a"b\c 1 2
'$'\001\303\244'' 3 4' sys/kernel/scx_loop_cap/stats/by_ops
put 'boottime_ns=1 ops=0"} kind=x=y' sys/kernel/scx_loop_cap/stats/last_hit
cap 0 status --json
json '[.stats.by_ops[].ops]' '["a\"b\\c","\u0001??"]'
json '.stats.last_hit' '{"boottime_ns":1,"ops":"0\"}","kind":"x=y"}'
cap 0 status --prometheus
lint_metrics

echo "== not loaded"
system
cap 3 status
silent out
says err 'not loaded; load it with'
cap 3 status --json
json . '{"loaded":false}'
cap 0 status --prometheus
silent err
lint_metrics
metric scx_loop_cap_up 0

echo "== --output replaces the file atomically"
loaded
echo old >"$TMP/metrics"
chmod 640 "$TMP/metrics"
ln "$TMP/metrics" "$TMP/before"
cap 0 status --prometheus --output "$TMP/metrics"
silent out
grep -q '^scx_loop_cap_up 1' "$TMP/metrics" || fail "the file was not written"
# The old file is replaced, not overwritten.
is "$TMP/before" old
[ "$(stat -c %a "$TMP/metrics")" = 640 ] || fail "mode $(stat -c %a "$TMP/metrics")"
cap 1 status --json --output "$TMP/none/metrics"
says err "cannot write $TMP/none/metrics: No such file"
cap 1 status --output "$TMP"
[ "$(find "$TMP" -name '.metrics*')" = "" ] || fail "a temporary file is left"

echo "== files that are broken or missing"
loaded
put many sys/kernel/scx_loop_cap/stats/kicks
cap 1 status
says err 'stats/kicks is not a number'
rm "$CAP/stats/kicks"
cap 1 status --json
silent out
says err 'stats/kicks: No such file'

echo "== stdout cannot be written"
loaded
rc=0
"$CMD" status >/dev/full 2>"$TMP/err" || rc=$?
[ $rc -eq 1 ] || fail "exit code $rc for a full disk"
says err 'cannot write to stdout'

echo "== usage"
cap 2 status --json --prometheus
says err 'exclude each other'
cap 2 status --xml
says err 'no option "--xml"; see scx-loop-cap status --help'
cap 2 status --output
says err '--output needs a value'
cap 2 status hits
cap 2
cap 2 stat
says err 'unknown command "stat"'
cap 0 --help
says out '^  status '
cap 0 status --help
says out '--prometheus'
cap 0 --version
says out "^scx-loop-cap $(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' "$SRC/module/main.c")$"

echo "== the alert rules of the documentation"
sed -n '/Rules for Prometheus:$/,/^For a Grafana/ s/^    //p' \
	"$(dirname "$0")/../../docs/operations.md" >"$TMP/rules"
if [ -n "$promtool" ]; then
	promtool check rules "$TMP/rules" >"$TMP/out" 2>&1 || { cat "$TMP/out"; fail "promtool"; }
	grep 'SUCCESS: 4 rules found' "$TMP/out" || { cat "$TMP/out"; fail "not all rules"; }
fi

# Samples as the timer writes them, every 15 s. central: 5 hits a sample are what bounce.sh
# sees of scx_central at most, 16 in 8 wake-ups every 6 s. drill: 608 hits a second go on.
# ejected: the same for 5 s, then the scheduler is gone. nested: 1000 pick hits a second.
# bare: node_exporter runs, but there never were metrics of the module.
cat >"$TMP/rules.test" <<'END'
rule_files: [rules]
evaluation_interval: 15s
tests:
- interval: 15s
  input_series:
  - series: scx_loop_cap_hits_total{instance="central"}
    values: 0+5x120
  - series: scx_loop_cap_hits_total{instance="drill"}
    values: 0x39 9120+9120x80
  - series: scx_loop_cap_hits_total{instance="ejected"}
    values: 0x39 3040x80
  - series: scx_loop_cap_pick_hits_total{instance="nested"}
    values: 0x39 15000+15000x80
  - series: scx_loop_cap_pick_hits_total{instance="central"}
    values: 0x120
  - series: scx_loop_cap_up{instance="central"}
    values: 1x120
  - series: up{job="node",instance="central"}
    values: 1x120
  - series: up{job="node",instance="bare"}
    values: 1x120
  promql_expr_test:
  - expr: sum by (instance) (ALERTS{alertname="SchedulerLoops",alertstate="firing"})
    eval_time: 9m45s
    exp_samples: []
  - expr: sum by (instance) (ALERTS{alertname="SchedulerLoops",alertstate="firing"})
    eval_time: 12m
    exp_samples: [{labels: '{instance="drill"}', value: 1}, {labels: '{instance="ejected"}', value: 1},
      {labels: '{instance="nested"}', value: 1}]
  - expr: sum by (instance) (ALERTS{alertname="SchedulerLoopsNoMetrics",alertstate="firing"})
    eval_time: 12m
    exp_samples: [{labels: '{instance="bare"}', value: 1}]
  - expr: sum by (instance) (ALERTS{alertname="SchedulerLoops",alertstate="firing"})
    eval_time: 20m
    exp_samples: [{labels: '{instance="drill"}', value: 1}, {labels: '{instance="nested"}', value: 1}]
END
[ -z "$promtool" ] || promtool test rules "$TMP/rules.test" >"$TMP/out" 2>&1 ||
	{ cat "$TMP/out"; fail "an alert"; }

echo "== unknown options"
loaded
cap 2 status -xy --json
says err 'status has no option "-x"'
cap 2 status --lots
says err 'status has no option "--lots"'
"$CMD" --help >/dev/full 2>"$TMP/err" && fail "--help succeeded although stdout cannot be written"
says err 'cannot write to stdout'
