# SPDX-License-Identifier: GPL-2.0
# set: valid limits, and the changes to modprobe.d.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
needs modprobe kmod

# conf TEXT: set the contents of the configuration file.
conf() {
	printf '%s' "$1" >"$CONF"
}

# modprobe_says NAME VALUE: modprobe reads this value of the option.
modprobe_says() {
	local got

	got=$(modprobe -C "$ROOT/etc/modprobe.d" -c | sed -n 's/^options scx_loop_cap //p' |
		tr ' ' '\n' | sed -n "s/^$1=//p" | tail -n 1)
	[ "$got" = "$2" ] || fail "modprobe takes $1=$got, not $2: $(cat "$CONF")"
}

echo "== takes effect at once"
loaded
cap 0 set 8
says out '^limit is now 8$'
is "$CAP/limit" 8
is "$CAP/pick_limit" 1024
[ ! -e "$CONF" ] || fail "the file was written without --persist"
cap 0 set --pick 0
is "$CAP/pick_limit" 0
is "$CAP/limit" 8
cap 0 set 65535
cap 0 set --pick 1048576

echo "== values that are not valid"
for bad in 0 65536 -1 +1 1.5 "" " 8" "8 " 0x8 99999999999999999999 eight; do
	cap 2 set -- "$bad"
	says err "1 to 65535, not \"$bad\""
	cap 2 set --persist -- "$bad"
done
cap 2 set --pick 1048577
says err '0 to 1048576'
cap 2 set
says err 'takes one number, 1 to 65535'
cap 2 set 8 9
is "$CAP/limit" 65535
[ ! -e "$CONF" ] || fail "the file was written for a value that is not valid"

echo "== not loaded"
system
cap 3 set 8
cap 0 set --persist 8
says out 'will be 8 when the module is loaded'
is "$CONF" 'options scx_loop_cap limit=8'

echo "== written to modprobe.d"
loaded
cap 0 set --persist 9
is "$CAP/limit" 9
is "$CONF" 'options scx_loop_cap limit=9'
modprobe_says limit 9
[ "$(stat -c %a "$CONF")" = 644 ] || fail "mode"
conf '
# empty above
options scx_loop_cap limit=7
'
cap 0 set --persist 9
modprobe_says limit 9
# The new option must not become part of a comment that ends in a backslash.
for end in '' $'\n' $'\n\n'; do
	conf "# goes on \\$end"
	cap 0 set --persist 9
	modprobe_says limit 9
done
conf 'options scx_loop_cap limit=9
'

echo "== other text in the file is kept"
conf '# limit=3, said Bob
options scx_loop_cap backend=direct limit=3  pick_limit=7 # x
options other limit=3

alias foo bar'
chmod 600 "$CONF"
cap 0 set --persist 12
is "$CONF" '# limit=3, said Bob
options scx_loop_cap backend=direct limit=12  pick_limit=7 # x
options other limit=3

alias foo bar'
[ "$(stat -c %a "$CONF")" = 600 ] || fail "mode"
cap 0 set --persist --pick 512
modprobe_says pick_limit 512
modprobe_says limit 12
modprobe_says backend direct
conf 'options scx_loop_cap backend=direct'
cap 0 set --persist 13
is "$CONF" 'options scx_loop_cap backend=direct limit=13'
conf 'options	scx-loop-cap \
	limit=1 \
	pick_limit=2
# end \
options scx_loop_cap limit=4'
cap 0 set --persist 14
is "$CONF" 'options	scx-loop-cap \
	limit=14 \
	pick_limit=2
# end \
options scx_loop_cap limit=4'
conf 'options scx_loop_cap limit=1
options scx_loop_cap limit=2
'
cap 0 set --persist 15
modprobe_says limit 15
cp "$SRC/tools/scx-loop-cap.conf" "$CONF"
cap 0 set --persist 16
cap 0 set --persist --pick 17
modprobe_says limit 16
modprobe_says pick_limit 17
diff <(grep -v '^options' "$CONF") "$SRC/tools/scx-loop-cap.conf" || fail "other lines were changed"

echo "== writing the same value does not replace the file"
inode=$(stat -c %i "$CONF")
cap 0 set --persist 16
[ "$(stat -c %i "$CONF")" = "$inode" ] || fail "the file was replaced"

echo "== a symbolic link is kept"
mkdir "$TMP/managed"
mv "$CONF" "$TMP/managed/conf"
ln -s "$TMP/managed/conf" "$CONF"
cap 0 set --persist 18
[ -L "$CONF" ] || fail "the link was replaced"
modprobe_says limit 18
[ "$(ls -A "$TMP/managed")" = conf ] || fail "a temporary file is left"
rm "$CONF"

echo "== another file overrides the option"
put 'options scx_loop_cap limit=99' etc/modprobe.d/zz.conf
cap 0 set --persist 19
says err 'another file in modprobe.d overrides this with limit=99'
modprobe_says limit 99
rm "$ROOT/etc/modprobe.d/zz.conf"
put 'options scx_loop_cap limit=99' usr/lib/modprobe.d/aa.conf
cap 0 set --persist 19
silent err

echo "== a file that cannot be written"
rm -r "$ROOT/etc/modprobe.d"
cap 1 set --persist 20
says err 'was not changed: No such file'
mkdir -p "$CONF"
cap 1 set --persist 20
rmdir "$CONF"
printf 'a\0b' >"$CONF"
cap 1 set --persist 20
[ "$(stat -c %s "$CONF")" -eq 3 ] || fail "a binary file was changed"

echo "== a file in sysfs that cannot be written"
rm "$CAP/limit"
mkdir "$CAP/limit"
rm "$CONF"
cap 1 set --persist 21
says err 'limit was not changed: Is a directory'
[ ! -e "$CONF" ] || fail "a limit that could not be set was written to modprobe.d"
