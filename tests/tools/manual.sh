# SPDX-License-Identifier: GPL-2.0
# The man pages and the completion are well-formed, and describe every command, option,
# exit status, parameter and file.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
needs man man-db
needs mandoc mandoc

MAN8=$DEST/usr/share/man/man8/scx-loop-cap.8
MAN4=$DEST/usr/share/man/man4/scx_loop_cap.4
COMPLETION=$DEST/usr/share/bash-completion/completions/scx-loop-cap
# Format the pages as man does on a wide terminal.
export MANWIDTH=10000 MAN_KEEP_FORMATTING=

echo "== pages"
for page in "$MAN8" "$MAN4"; do
	man --warnings -l "$page" >"$TMP/${page##*/}" 2>"$TMP/err"
	silent err
	mandoc -T lint -W warning "$page" >"$TMP/out" || true
	silent out
	grep -q '@' "$page" && fail "a placeholder is left in $page"
	[ "$(wc -l <"$TMP/${page##*/}")" -gt 50 ] || fail "$page has less than 50 lines"
done

echo "== the pages are complete"
cap 0 --help
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' "$TMP/out")
[ "$(wc -w <<<"$commands")" -eq 6 ] || fail "commands: $commands"
for command in $commands; do
	cap 0 "$command" --help
	grep -qE "^ +$command$" "$TMP/scx-loop-cap.8" || fail "scx-loop-cap(8) has no $command"
	options=$(grep -o -e '--[a-z]*' "$TMP/out")
	for option in $options; do
		sed -n "/^ *$command$/,/^   [a-z]/p" "$TMP/scx-loop-cap.8" >"$TMP/section"
		grep -qe "^ *$option" "$TMP/section" ||
			fail "scx-loop-cap(8) has no $command $option"
		grep -q "$command).*$option\|words=.*$option" "$COMPLETION" ||
			fail "no completion of $command $option"
	done
done
for code in 0 1 2 3 4 5 6 7 8; do
	sed -n '/^EXIT STATUS/,/^FILES/p' "$TMP/scx-loop-cap.8" | grep -q "^ *$code " ||
		fail "scx-loop-cap(8) has no exit status $code"
done
names=$(sed -n 's/^module_param[a-z_]*(\([a-z_]*\),.*/\1/p' "$SRC/module/main.c")
for name in $names; do
	grep -q "^ *$name=" "$TMP/scx_loop_cap.4" || fail "scx_loop_cap(4) has no $name"
	grep -q "^#options scx_loop_cap $name=" "$SRC/tools/scx-loop-cap.conf" ||
		fail "the configuration has no $name"
done
# The files in sysfs, from the macros and variables that define them.
names=$(find "$SRC/module" -name '*.c' -exec cat {} + |
	sed -n 's/.*__ATTR[_A-Z]*(\([a-z_]*\)[,)].*/\1/p
		s/^SLC_STATS_\(ATTR\|FILE\)(\([a-z_]*\));.*/\2/p
		s/.* bin_attribute slc_\([a-z_]*\)_attr = .*/\1/p' | grep -vx name)
[ "$(wc -w <<<"$names")" -ge 18 ] || fail "not all files in sysfs were found: $names"
for name in $names; do
	grep -q "$name" "$TMP/scx_loop_cap.4" || fail "scx_loop_cap(4) has no $name"
done

echo "== completion"
# complete_words WORD...: print the completions of the last word.
complete_words() {
	# bash has this builtin only during a completion.
	# shellcheck disable=SC2317
	compopt() { :; }
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_scx_loop_cap
	echo "${COMPREPLY[*]}"
}

# shellcheck disable=SC1090
. "$COMPLETION"
complete -p scx-loop-cap | grep -q _scx_loop_cap || fail "the completion is not registered"
[ "$(complete_words scx-loop-cap "")" = "$(xargs <<<"$commands --help --version")" ] || fail "commands"
[ "$(complete_words scx-loop-cap un)" = unload ] || fail "un"
[ "$(complete_words scx-loop-cap status --p)" = --prometheus ] || fail "--p"
[ "$(complete_words scx-loop-cap check --backend l)" = livepatch ] || fail "--backend"
[ "$(complete_words scx-loop-cap check --backend "=" d)" = direct ] || fail "--backend="
[ "$(complete_words scx-loop-cap load backend "=")" = "auto livepatch direct" ] || fail "backend="
[ "$(complete_words scx-loop-cap load pi)" = "pick_limit=" ] || fail "pi"
[ "$(complete_words scx-loop-cap watch --interval "")" = "" ] || fail "--interval"
touch "$TMP/metrics.prom"
[ "$(complete_words scx-loop-cap status --output "$TMP/me")" = "$TMP/metrics.prom" ] ||
	fail "--output"
