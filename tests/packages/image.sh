# SPDX-License-Identifier: GPL-2.0
# Makes the disk image on which the packages are installed: Debian with systemd, kernels, and a
# local repository, because the guest has no network.
#
# QEMU boots the kernel and the initramfs that Debian's tools put into the image's /boot. The
# image has no boot loader: its choice of a kernel is not tested.
# shellcheck shell=bash

IMAGE_SUITE=trixie

# Packages in the image: the base system and the dependencies of dkms, as unpacking a compiler
# takes minutes on an emulated CPU. dkms itself is installed by the tests.
IMAGE_PACKAGES=(
	dpkg-dev fakeroot gcc initramfs-tools kmod make openssl patch sudo systemd-sysv udev
)
# Units that no test needs, masked because the guest is slow.
IMAGE_MASKED=(
	apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer
	e2scrub_reap.service fstrim.timer getty.target modprobe@{configfs,drm,fuse}.service
	systemd-firstboot.service systemd-hwdb-update.service systemd-tmpfiles-clean.timer
)

# image_kernels: print "OLD NEW NONE": the kernels of the two newest series of the suite that
# have sched_ext and headers, and the newest kernel without sched_ext.
image_kernels() {
	local release suite headers dir with=() none=

	while read -r release suite headers; do
		[ "$headers" = yes ] || continue
		dir=$(kernel_dir "$release" "$suite") || return
		if kernel_has_sched_ext "$dir"; then
			with+=("$release")
		else
			none=$release
		fi
	done <<<"$(kernel_list $IMAGE_SUITE)"
	if [ ${#with[@]} -lt 2 ] || [ -z "$none" ]; then
		say "$IMAGE_SUITE needs headers for two kernels with sched_ext and one without"
		say "it has them for: ${with[*]:-none} (with), ${none:-none} (without)"
		return 1
	fi
	echo "${with[-2]} ${with[-1]} $none"
}

# image_make OLD NEW NONE: make the image, unless there is one of this week with the same
# kernels. Print its directory, which holds
#	disk				the image, with OLD, the headers of OLD, and NONE
#	vmlinuz-RELEASE initrd-RELEASE	of OLD and of NONE
# The repository in the image has NEW, the headers of NEW and OLD, and dkms.
image_make() {
	local old=$1 new=$2 none=$3 dir pkg versions=()

	for pkg in linux-{image,headers}-{"$old","$new"} "linux-image-$none" dkms; do
		versions+=("$(root_version $IMAGE_SUITE "$pkg")")
	done
	dir=$CACHE/images/$(key "$TOP"/tests/packages/image.sh \
		"$TOP"/tests/packages/guest/{story-step,story.service} -- \
		"$*" "${versions[*]}" "$(root_sources $IMAGE_SUITE)" "$(date +%G-%V)")
	if [ ! -e "$dir/.complete" ]; then
		say "  making a disk image of Debian $IMAGE_SUITE with Linux $old"
		# Keep only one image: each takes more than 1 GB.
		rm -rf "$CACHE/images"
		mkdir -p "$dir"
		quietly image_build "$dir" "$@" || die "cannot make the disk image"
	fi
	touch "$dir/.complete"
	echo "$dir"
}

# image_run COMMAND...: run a command in the tree that becomes the image.
image_run() {
	# shellcheck disable=SC2016
	unshare --mount --propagation private sh -euc '
		mount -t proc proc "$1/proc"
		exec env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			DEBIAN_FRONTEND=noninteractive chroot "$@"
	' sh "$WORK/image" "$@" </dev/null
}

# image_build DIR OLD NEW NONE: make the files of image_make in DIR.
image_build() {
	local dir=$1 old=$2 new=$3 none=$4 root=$WORK/image tree=$WORK/image-tree
	local guest=$TOP/tests/packages/guest release

	rm -rf "$root" "$tree"
	root_sources $IMAGE_SUITE >"$WORK/image.list"
	host_apt_conf >"$WORK/image.conf"
	mkdir -p "$tree"/etc/{apt/preferences.d,initramfs-tools/conf.d} \
		"$tree/usr/share/initramfs-tools/modules.d"
	# A kernel from backports may need the linux-base from backports.
	cat >"$tree/etc/apt/preferences.d/kernel" <<-EOF
		Package: src:linux-base
		Pin: release n=$IMAGE_SUITE-backports
		Pin-Priority: 500
	EOF
	# A fixed list of modules, those for QEMU's disks, so that the initramfs is the same
	# whether it is made in a chroot or in a guest.
	echo "MODULES=list" >"$tree/etc/initramfs-tools/conf.d/modules"
	printf '%s\n' virtio_pci virtio_blk ext4 \
		>"$tree/usr/share/initramfs-tools/modules.d/disk"
	# shellcheck disable=SC2016
	mmdebstrap --mode=root --variant=apt --dpkgopt=force-unsafe-io --skip=cleanup/apt/lists \
		--aptopt="$WORK/image.conf" --setup-hook="cp -r '$tree/.' \"\$1\"" \
		--include="$(IFS=,; echo "${IMAGE_PACKAGES[*]}")" \
		--include="linux-image-$old,linux-headers-$old,linux-image-$none" \
		$IMAGE_SUITE "$root" "$WORK/image.list" || return

	# The repository: packages that the tests install later.
	cp -L /etc/resolv.conf "$root/etc/"
	mkdir -p "$root/srv/repository"
	image_run apt-get install -y --download-only --no-install-recommends dkms \
		linux-{image,headers}-"$new" || return
	image_run apt-get install -y --download-only --reinstall \
		"linux-headers-$old" || return
	mv "$root"/var/cache/apt/archives/*.deb "$root/srv/repository"
	# shellcheck disable=SC2016
	image_run sh -c 'cd /srv/repository &&
		dpkg-scanpackages . >Packages' || return
	rm -rf "$root"/var/lib/apt/lists/* "$root/etc/apt/apt.conf.d/99mmdebstrap" \
		"$root/etc/resolv.conf" "$root"/etc/apt/sources.list*
	echo "deb [trusted=yes] file:/srv/repository ./" >"$root/etc/apt/sources.list"
	image_run apt-get update || return

	echo "/dev/vda / ext4 defaults 0 0" >"$root/etc/fstab"
	echo trixie >"$root/etc/hostname"
	image_run systemd-machine-id-setup || return
	image_run systemctl mask "${IMAGE_MASKED[@]}" || return
	install -m 755 "$guest/story-step" "$root/usr/local/sbin/"
	install -m 644 "$guest/story.service" "$root/etc/systemd/system/"
	image_run systemctl enable story.service || return
	# No timeouts in the guest: the host may be busy, and has its own limit for a boot.
	mkdir -p "$root"/etc/systemd/{system.conf.d,system/service.d}
	printf '%s\n' '[Manager]' DefaultTimeoutStartSec=infinity DefaultDeviceTimeoutSec=infinity \
		>"$root/etc/systemd/system.conf.d/timeouts.conf"
	printf '%s\n' '[Service]' TimeoutStartSec=infinity \
		>"$root/etc/systemd/system/service.d/timeouts.conf"
	# Skip the units with ConditionNeedsUpdate.
	touch "$root/etc/.updated" "$root/var/.updated"

	for release in "$old" "$none"; do
		cp "$root/boot/vmlinuz-$release" "$dir" || return
		cp "$root/boot/initrd.img-$release" "$dir/initrd-$release" || return
	done
	rm -f "$dir/disk"
	# A sparse file, as most of it stays empty.
	mke2fs -q -t ext4 -d "$root" "$dir/disk" 8G || return
	rm -rf "$root" "$tree"
}
