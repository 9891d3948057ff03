# SPDX-License-Identifier: GPL-2.0
# An invalid write to a knob fails with the documented error and the old value stays.
# kernels: newest
. /case/guest.sh

# write KNOB VALUE EXPECTED-ERROR: an empty error stands for success
write() {
	_error=$(printf '%b' "$2" | dd of=$CAP/"$1" status=none 2>&1)
	case $_error in
	*"$3"*) [ -n "$3" ] || [ -z "$_error" ] || fail "writing \"$2\" to $1: $_error" ;;
	*) fail "writing \"$2\" to $1 failed with \"$_error\", not \"$3\"" ;;
	esac
	note "ok: writing \"$2\" to $1: ${3:-accepted}"
}

# refused KNOB VALUE...: invalid values, and the given ones, which are out of range, are refused
refused() {
	knob=$1 old=$(cat $CAP/"$1")
	shift
	for bad in '' x 7x 0x10 1.5 '7 8' ' ' '\n' '-'; do
		[ -z "$bad" ] || write "$knob" "$bad" "Invalid argument"
		is "$CAP/$knob" "$old"
	done
	for bad in -1 4294967297 99999999999999999999 "$@"; do
		write "$knob" "$bad" "Numerical result out of range"
		is "$CAP/$knob" "$old"
	done
}

# accepted KNOB VALUE...: each value is accepted and can be read back
accepted() {
	knob=$1
	shift
	for good in "$@"; do
		write "$knob" "$good" ""
		is "$CAP/$knob" "$(printf '%b' "$good")"
	done
}

load_cap limit=7 pick_limit=77
is $CAP/limit 7
is $CAP/pick_limit 77
refused limit 0 65536
refused pick_limit 1048577
accepted limit 1 32 33 65535 100 '31\n' 8
# A pick_limit below limit is accepted, but limit is used instead.
accepted pick_limit 1048576 0 1 '256\n'
is $CAP/limit 8
echo 1 2>/dev/null >$CAP/kernel_limit && fail "kernel_limit can be written"
is $CAP/kernel_limit 32
unload_cap
