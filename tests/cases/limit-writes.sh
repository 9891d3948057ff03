# SPDX-License-Identifier: GPL-2.0
# Bad writes to the knob get the documented error and the old value stays.
. /case/guest.sh

# write VALUE EXPECTED-ERROR, or nothing for success
write() {
	_said=$(printf '%b' "$1" | dd of=$CAP/limit status=none 2>&1)
	case $_said in
	*"$2"*) [ -n "$2" ] || [ -z "$_said" ] || fail "writing \"$1\": $_said" ;;
	*) fail "writing \"$1\" said \"$_said\", not \"$2\"" ;;
	esac
	note "ok: writing \"$1\": ${2:-accepted}"
}

load_cap limit=7
is $CAP/limit 7
for bad in '' x 7x 0x10 1.5 '7 8' ' ' '\n' '-'; do
	[ -z "$bad" ] || write "$bad" "Invalid argument"
	is $CAP/limit 7
done
for bad in 0 -1 33 65535 65536 4294967297 99999999999999999999; do
	write "$bad" "Numerical result out of range"
	is $CAP/limit 7
done
for good in 1 32 '31\n' 8; do
	write "$good" ""
	is $CAP/limit "$(printf '%b' "$good")"
done
echo 1 2>/dev/null >$CAP/kernel_limit && fail "kernel_limit can be written"
is $CAP/kernel_limit 32
unload_cap
