# SPDX-License-Identifier: GPL-2.0
# Debian's kernels: which there are, and what the tests need of each.
#
# Versions on the mirror change from week to week, so everything is discovered:
# of each series the newest one that the suite has.
# shellcheck shell=bash

# What comes before the architecture in the name of a release: nothing, or "rt-".
KERNEL_FLAVOUR=

# kernel_list SUITE: a line "RELEASE SUITE HEADERS" for each series, oldest
# first; HEADERS is yes or no. Of a series it is the newest that has headers, or
# the newest where none has.
kernel_list() {
	asked "kernels-$KERNEL_FLAVOUR$1" kernel_list_ask "$1"
}

kernel_list_ask() {
	local suite=$1 root

	root=$(root_path "$suite")
	chroot "$root" apt-cache pkgnames linux- | awk -v suite="$suite" \
		-v release_of="[0-9]+[.][0-9]+[.][0-9]+[+]deb[0-9]+-${KERNEL_FLAVOUR}amd64$" '
		match($0, release_of) {
			release = substr($0, RSTART)
			what = substr($0, 1, RSTART - 1)
			if (what == "linux-headers-")
				headers[release] = 1
			else if (what ~ /^linux-(image|binary|binary-unsigned)-$/)
				image[release] = 1
		}
		END {
			for (r in image)
				print r, suite, (r in headers) ? "yes" : "no"
		}' | sort -V |
	awk '{
		split($1, v, ".")
		series = v[1] "." v[2]
		if (!(series in line))
			order[++n] = series
		if ($3 == "yes" || line[series] !~ / yes$/)
			line[series] = $0
	} END {
		for (i = 1; i <= n; i++)
			print line[order[i]]
	}'
}

# What an image may be packaged as.
KERNEL_PACKAGES=(linux-binary linux-binary-unsigned linux-image)

# kernel_dir RELEASE SUITE: fetch and take apart a kernel image. Prints the
# directory that then holds
#	vmlinuz vmlinux		the image as packaged, and the ELF file inside
#	btf			its type information
#	kallsyms		its symbols, as it shows them without KASLR
kernel_dir() {
	local release=$1 suite=$2 dir pkg version tmp

	! asked "built-$release" built_dir "$release" || return 0
	for pkg in "${KERNEL_PACKAGES[@]}"; do
		version=$(root_version "$suite" "$pkg-$release")
		[ -z "$version" ] || break
	done
	[ -n "$version" ] || die "no package with the image of $release"
	dir=$CACHE/kernels/$release-$version
	if [ ! -e "$dir/.complete" ]; then
		say "  fetching $pkg-$release $version"
		rm -rf "$dir"
		mkdir -p "$dir"
		tmp=$(mktemp -d "$WORK/deb.XXXXXX")
		root_download "$suite" "$pkg-$release" "$tmp"
		dpkg-deb --fsys-tarfile "$tmp"/*.deb |
			tar -x -C "$tmp" --wildcards './boot/vmlinuz*' \
				'./usr/lib/modules/*/vmlinuz*' 2>/dev/null || true
		find "$tmp" -name 'vmlinuz*' -type f -exec mv {} "$dir/vmlinuz" \;
		rm -rf "$tmp"
		[ -s "$dir/vmlinuz" ] || die "no vmlinuz in $pkg-$release"
		"$TOP/tests/unit/unpack-vmlinux" "$dir/vmlinuz" "$dir/vmlinux"
		objcopy --dump-section .BTF="$dir/btf" "$dir/vmlinux" /dev/null
		kernel_kallsyms "$dir"
	fi
	touch "$dir/.complete"
	echo "$dir"
}

# The packages' System.map is a stub, so the kernel is asked itself.
kernel_kallsyms() {
	local dir=$1 tmp

	tmp=$(mktemp -d "$WORK/kallsyms.XXXXXX")
	cat >"$tmp/init" <<-'EOF'
		#!/bin/busybox sh
		/bin/busybox mount -t proc proc /proc
		/bin/busybox mount -t devtmpfs dev /dev
		/bin/busybox stty -F /dev/ttyS1 raw
		/bin/busybox gzip -1 </proc/kallsyms >/dev/ttyS1
		/bin/busybox poweroff -f
	EOF
	chmod +x "$tmp/init"
	initramfs_pack "$tmp/cpio" "$(guest_busybox)" "$tmp/init=init"
	qemu_run "$dir/vmlinuz" "$tmp/cpio" "$tmp" 1 300 "nokaslr quiet" ||
		die "cannot boot $dir/vmlinuz to read its symbols"
	gzip -dc "$tmp/channel" >"$dir/kallsyms" ||
		die "the symbols of $dir/vmlinuz did not arrive whole"
	rm -rf "$tmp"
}

# kernel_has_sched_ext DIR
kernel_has_sched_ext() {
	grep -q ' ext_sched_class$' "$1/kallsyms"
}

# kernel_has_sub_scheds DIR: can a scheduler have child schedulers?
kernel_has_sub_scheds() {
	grep -q ' scx_bpf_sub_dispatch$' "$1/kallsyms"
}

# kernel_has_core_sched DIR: can CPUs of a core be made to run only tasks that trust each other?
kernel_has_core_sched() {
	grep -q ' sched_core_share_pid$' "$1/kallsyms"
}

# kernel_has_nohz_full DIR: can CPUs be without a tick while they run a task?
kernel_has_nohz_full() {
	grep -q ' tick_nohz_full_mask$' "$1/kallsyms"
}

# kernel_newest: of those of this run that have headers.
kernel_newest() {
	awk '$3 == "yes" { print $1 }' <<<"$KERNELS" | sort -V | tail -n 1
}

# kernel_newest_suite: that, and the suite it is from.
kernel_newest_suite() {
	awk -v release="$(kernel_newest)" '$1 == release { print $1, $2 }' <<<"$KERNELS"
}

# kernel_cap RELEASE: after how many rounds the kernel ends a loop itself.
kernel_cap() {
	case $1 in
	*-uncapped | *-balance_*) echo 0 ;;
	*) echo 32 ;;
	esac
}

# kernels_capped: of these releases those with a cap of their own.
kernels_capped() {
	local release

	while read -r release; do
		[ "$(kernel_cap "$release")" -eq 0 ] || echo "$release"
	done
}

# kernel_has_backend DIR BACKEND
kernel_has_backend() {
	case $2 in
	livepatch) grep -q ' klp_enable_patch$' "$1/kallsyms" ;;
	direct) grep -q ' register_ftrace_direct$' "$1/kallsyms" ;;
	esac
}
