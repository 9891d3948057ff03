# SPDX-License-Identifier: GPL-2.0
# "make install" installs exactly these files; systemd and modprobe accept them.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
needs modprobe kmod

echo "== files"
find "$DEST" -type f -printf '%m %P\n' | sort -k 2 >"$TMP/out"
diff - "$TMP/out" <<-'END' || fail "\"make install\" installed other files"
	644 etc/modprobe.d/scx-loop-cap.conf
	644 usr/lib/systemd/system/scx-loop-cap-textfile.service
	644 usr/lib/systemd/system/scx-loop-cap-textfile.timer
	644 usr/lib/systemd/system/scx-loop-cap.service
	755 usr/sbin/scx-loop-cap
	644 usr/share/bash-completion/completions/scx-loop-cap
	644 usr/share/man/man4/scx_loop_cap.4
	644 usr/share/man/man8/scx-loop-cap.8
END

echo "== units"
# Writing metrics is off by default: without [Install], enabling does nothing.
! grep -q '^\[Install\]' "$DEST/usr/lib/systemd/system/scx-loop-cap-textfile.service" ||
	fail "the service could be enabled"

echo "== configuration"
modprobe -C "$DEST/etc/modprobe.d" -c >"$TMP/out" 2>"$TMP/err"
silent err
! grep 'scx_loop_cap' "$TMP/out" || fail "the default configuration sets an option"
sed -i 's/^#options/options/' "$DEST/etc/modprobe.d/scx-loop-cap.conf"
modprobe -C "$DEST/etc/modprobe.d" -c >"$TMP/out" 2>"$TMP/err"
silent err
says out '^options scx_loop_cap .*limit=32' '^options scx_loop_cap .*pick_limit=1024' \
	'^options scx_loop_cap .*backend=auto'

echo "== units, as systemd reads them"
has systemd-analyze systemd || exit 0
# systemd-analyze creates this directory.
if [ ! -d /run/systemd ] && [ ! -w /run ]; then
	echo "RESULT: in part, as there is no /run/systemd"
	exit
fi
# systemd-analyze checks that the programs of a unit exist, so let the units run a stub.
mkdir -p "$TMP/units" "$TMP/sbin"
ln -s /bin/true "$TMP/sbin/scx-loop-cap"
for unit in "$DEST"/usr/lib/systemd/system/*; do
	sed "s,/usr/sbin/scx-loop-cap,$TMP/sbin/scx-loop-cap," "$unit" \
		>"$TMP/units/${unit##*/}"
done
SYSTEMD_UNIT_PATH=$TMP/units: systemd-analyze verify --man=no --recursive-errors=no \
	"$TMP"/units/* >"$TMP/out" 2>&1 || fail "systemd-analyze verify"
silent out
# A planted mistake is noticed.
sed -i 's/^ExecStop=/ExecStopp=/' "$TMP/units/scx-loop-cap.service"
SYSTEMD_UNIT_PATH=$TMP/units: systemd-analyze verify --man=no --recursive-errors=no \
	"$TMP/units/scx-loop-cap.service" >"$TMP/out" 2>&1 || true
says out "Unknown key.*ExecStopp"
