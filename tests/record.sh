# SPDX-License-Identifier: GPL-2.0
# RECORD=1: writes the results of a run into docs/results.md, one row for each leg. The rows
# of other legs stay as they are.
# shellcheck shell=bash
# Those are of results.sh:
# shellcheck disable=SC2154

RECORD_FILE=docs/results.md
RECORD_BEGIN='<!-- made by "make test RECORD=1" -->'
RECORD_END='<!-- end of the generated part -->'
RECORD_HEAD='| leg | date | kernels | passed | failed | skipped | minutes |
|---|---|---|---:|---:|---:|---:|'
# The order of the rows.
RECORD_LEGS="tests packages mutants storms schedulers selftests rt debug o3 fuzz coverage"

# What is running, and the counts at its beginning.
record_leg='' record_passed=0 record_failed=0 record_skipped=0 record_start=0

# record_begin LEG
record_begin() {
	record_leg=$1
	record_passed=$passed record_failed=$failed record_skipped=${#skipped[@]}
	record_start=$(date +%s)
	seen_kernels=()
}

# record_end: the leg has ended; write its row if that was asked for.
record_end() {
	record_row
	record_leg=
}

# record_cut: called when the script ends. A leg that has not come to its end has failed,
# and its row says so.
record_cut() {
	[ -z "$record_leg" ] || record_row ", did not finish"
}

# record_row [REMARK]: put the row of this leg in the place of the one before.
record_row() {
	local kernels rows=$WORK/record table=$WORK/record.table leg

	[ -n "${RECORD:-}" ] || return 0
	kernels=$(printf '%s\n' "${!seen_kernels[@]}" | sort -V | paste -sd , | sed 's/,/, /g')
	{
		sed -n "/^$RECORD_BEGIN\$/,/^$RECORD_END\$/p" "$TOP/$RECORD_FILE" |
			grep -v "^| $record_leg |" || true
		printf '| %s | %s | %s | %d | %d%s | %d | %d |\n' "$record_leg" \
			"$(date -u +%F)" "${kernels:--}" $((passed - record_passed)) \
			$((failed - record_failed)) "${1:-}" \
			$((${#skipped[@]} - record_skipped)) \
			$((($(date +%s) - record_start + 59) / 60))
	} >"$rows"
	{
		echo "$RECORD_HEAD"
		for leg in $RECORD_LEGS; do
			grep "^| $leg |" "$rows" || true
		done
	} >"$table"
	put_between "$TOP/$RECORD_FILE" "$RECORD_BEGIN" "$RECORD_END" "$table"
}
