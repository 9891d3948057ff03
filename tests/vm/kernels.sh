# SPDX-License-Identifier: GPL-2.0
# Debian's kernels: lists them, and unpacks the files that the tests need of each.
#
# Versions on the mirror change from week to week, so none is fixed here: the tests use the
# newest kernel of each series in each suite.
# shellcheck shell=bash

# The part of a release's name before the architecture: empty, or "rt-".
KERNEL_FLAVOUR=

# kernel_list SUITE: print a line "RELEASE SUITE HEADERS" for each series, oldest first;
# HEADERS is yes or no. RELEASE is the newest one of the series that has a headers package,
# or the newest one if none has.
kernel_list() {
	cached_output "kernels-$KERNEL_FLAVOUR$1" kernel_list_ask "$1"
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

# Names that a package with an image may begin with.
KERNEL_PACKAGES=(linux-binary linux-binary-unsigned linux-image)

# kernel_dir RELEASE SUITE: download and unpack a kernel image. Prints the directory, which
# then has
#	vmlinuz vmlinux		the image as packaged, and the ELF file in it
#	btf			its type information
#	kallsyms		/proc/kallsyms of this kernel, booted without KASLR
kernel_dir() {
	local release=$1 suite=$2 dir pkg version tmp

	! cached_output "built-$release" built_dir "$release" || return 0
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

# Boot the kernel to read its /proc/kallsyms: System.map in the packages is a stub.
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
		die "the symbols of $dir/vmlinuz were not read completely"
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

# kernel_has_balance DIR: does it dispatch before the classes are asked for a task? Later kernels
# dispatch when sched_ext is asked, so after the real-time class.
kernel_has_balance() {
	grep -q ' balance_scx$' "$1/kallsyms"
}

# kernel_has_core_sched DIR: does it have core scheduling?
kernel_has_core_sched() {
	grep -q ' sched_core_share_pid$' "$1/kallsyms"
}

# kernel_has_nohz_full DIR: can a CPU stop its tick while it runs a task?
kernel_has_nohz_full() {
	grep -q ' tick_nohz_full_mask$' "$1/kallsyms"
}

# kernel_newest: the newest kernel of this run that has a headers package.
kernel_newest() {
	awk '$3 == "yes" { print $1 }' <<<"$KERNELS" | sort -V | tail -n 1
}

# kernel_newest_suite: the same, followed by its suite.
kernel_newest_suite() {
	awk -v release="$(kernel_newest)" '$1 == release { print $1, $2 }' <<<"$KERNELS"
}

# kernel_cap RELEASE: the kernel's own cap in rounds, 0 if it has none.
kernel_cap() {
	case $1 in
	*-uncapped | *-balance_*) echo 0 ;;
	*) echo 32 ;;
	esac
}

# kernels_capped: read releases from stdin, print those that have a cap of their own.
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
