# SPDX-License-Identifier: GPL-2.0
# watch, with a terminal and without.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"

echo "== lines"
loaded
put 100 sys/kernel/scx_loop_cap/stats/rounds
(
	sleep 1.5
	put 1101 sys/kernel/scx_loop_cap/stats/hits
) &
cap 0 watch --interval 1 --count 4
wait
[ "$(wc -l <"$TMP/out")" -eq 5 ] || fail "not 5 lines"
awk 'NR == 2 && $4 == "-"' "$TMP/out" | grep -q . || fail "the first line has a rate"
# 1000 hits in about 1 s, then none.
awk 'NR > 2 { sum += $4 } END { exit !(sum > 300 && sum < 1100) }' "$TMP/out" ||
	fail "rates"
! grep -q "$(printf '\033')" "$TMP/out" || fail "escape sequences in a file"

echo "== the module is unloaded, and loaded again with new counters"
mv "$CAP" "$TMP/away"
cap 3 watch --count 1
mv "$TMP/away" "$CAP"
(
	sleep 0.7
	mv "$CAP" "$TMP/away"
	sleep 1
	echo 5 >"$TMP/away/stats/hits"
	mv "$TMP/away" "$CAP"
) &
cap 0 watch --interval 0.5 --count 7
wait
silent err
says out 'not loaded$'
# No rate is negative, or computed from counters of the load before.
awk '$3 == 5 { print $4 }' "$TMP/out" | grep -qvx '[-0]' && fail "a rate across two loads of the module"
awk '$3 == 5' "$TMP/out" | grep -q . || fail "no line after the module was loaded again"

echo "== ended by a signal"
"$CMD" watch --interval 100 >"$TMP/out" 2>"$TMP/err" </dev/null &
pid=$!
for _ in $(seq 100); do
	[ "$(wc -l <"$TMP/out")" -ge 2 ] && break
	sleep 0.1
done
[ "$(wc -l <"$TMP/out")" -eq 2 ] || fail "the first line was not printed at once"
kill -TERM $pid
wait $pid || fail "SIGTERM does not end watch with exit code 0"

echo "== usage"
for bad in 0 -1 x "" 1s nan; do
	cap 2 watch --interval "$bad"
done
cap 2 watch --count 0
cap 2 watch now

has python3 python3 || exit 0

echo "== a terminal"
cat >"$TMP/terminal.py" <<'END'
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

cmd, rows, columns, how = sys.argv[1], 24, 60, sys.argv[2]
pid, fd = pty.fork()
if pid == 0:
    # Like a shell, keep the terminal open after the command has exited.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.execv(cmd, [cmd, "watch", "--interval", "0.2"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, status = os.waitpid(child, 0)
    os.write(1, b"[exited %d]" % (os.waitstatus_to_exitcode(status) & 255))
    signal.pause()
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
before = termios.tcgetattr(fd)
out, sent, end, during, restored = b"", False, time.time() + 60, None, None
while time.time() < end:
    ready, _, _ = select.select([fd], [], [], 1)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    code = re.search(rb"\[exited (\d+)\]", out)
    if code:
        restored = termios.tcgetattr(fd)
        break
    if out.count(b"\x1b[H") >= 4 and not sent:
        during = termios.tcgetattr(fd)
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 40, 0, 0))
        if how == "q":
            os.write(fd, b"xq")
        elif how == "ctrl-c":
            os.write(fd, b"\x03")
        sent = True
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
text = out.decode()
assert code and code[1] == b"0", text
assert during[3] & termios.ECHO == 0, "echoes keys"
assert restored == before, "the terminal was not restored"
assert text.count("\x1b[?1049h") == 1 and text.count("\x1b[?1049l") == 1
assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is still hidden"
# The screen is cleared once, at the beginning; later frames overwrite it.
assert text.count("\x1b[2J") == 1, "the screen was cleared again"
frames = text.split("\x1b[H")[1:]
for frame in frames[:3]:
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", frame).split("\r\n")
    assert len(plain) <= rows, (len(plain), plain)
    assert max(map(len, plain)) <= columns, plain
    # Each line is cleared from the end of its text.
    assert frame.count("\x1b[K") >= len(plain) - 1, frame
assert "hits" in frames[0] and "nest2" in frames[0], frames[0]
colour = "\x1b[32m" in text
assert colour == ("NO_COLOR" not in os.environ), "colour"
END
for how in q ctrl-c; do
	TERM=xterm python3 "$TMP/terminal.py" "$CMD" $how || fail "$how"
done
TERM=xterm NO_COLOR=1 python3 "$TMP/terminal.py" "$CMD" q || fail "NO_COLOR"
# With TERM=dumb, watch prints lines.
out=$(TERM=dumb python3 -c 'import pty, sys
pty.spawn(sys.argv[1:])' "$CMD" watch --count 1)
[[ $out != *$'\033'* && $out = *active* ]] || fail "a dumb terminal: $out"
