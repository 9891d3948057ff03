# SPDX-License-Identifier: GPL-2.0
# Tests of the packages: build, check with lintian and rpmlint, install, upgrade, break and
# remove them, with the tools of the distribution in temporary roots. The tests that need a
# booted machine are in packages/story.sh.
#
# packages_tests is part of "make test", packages_long_tests of "make test-packages".
# shellcheck shell=bash

# trixie is the stable release; sid has the current lintian and rpmlint.
PACKAGES_SUITES=(trixie sid)
# The version that the upgrade tests upgrade to.
PACKAGES_NEXT=99.0.0

# packages_versions [TREE]: print each file that names the version, with the version in it.
# Fails if one of them differs from the module's.
packages_versions() {
	local file found version failed=0 TOP=${1:-$TOP}

	version=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$TOP/module/main.c")
	echo "module/main.c $version"
	while read -r file found; do
		echo "$file $found"
		[ "$found" = "$version" ] || failed=1
	done <<-EOT
		dkms.conf $(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$TOP/dkms.conf")
		debian/changelog $(sed -n '1s/^scx-loop-cap (\(.*\)) .*/\1/p' "$TOP/debian/changelog")
		CHANGELOG.md $(sed -n 's/^## \([0-9][^ ]*\).*/\1/p' "$TOP/CHANGELOG.md" | head -n 1)
		rpm/scx-loop-cap.spec $(sed -n 's/^Version:\s*//p' "$TOP/rpm/scx-loop-cap.spec")
		rpm/scx-loop-cap.spec:changelog $(sed -n '/^%changelog/,$ s/^\*.* - \(.*\)-[0-9]*$/\1/p' "$TOP/rpm/scx-loop-cap.spec" | head -n 1)
	EOT
	[ -n "$version" ] && [ $failed -eq 0 ]
}

# packages_copy VERSION: make a copy of the tree with this version in $WORK/VERSION.
packages_copy() {
	local version=$1 dir=$WORK/$1 old

	[ ! -d "$dir" ] || return 0
	old=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$TOP/module/main.c")
	mkdir "$dir" && cp -r "$TOP"/* "$dir/" || return
	sed -i "s/^MODULE_VERSION(.*/MODULE_VERSION(\"$version\");/" "$dir/module/main.c" &&
		sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$version\"/" "$dir/dkms.conf" &&
		sed -i "1s/($old)/($version)/" "$dir/debian/changelog" &&
		sed -i "s/^\(Version:\s*\).*/\1$version/; s/ - $old-/ - $version-/" \
			"$dir/rpm/scx-loop-cap.spec"
}

# packages_make WHAT SUITE [VERSION]: run "make deb" or "make rpm" in a root, where the tree is
# read-only. The packages are put into $WORK/packages/SUITE or $WORK/packages/SUITE-VERSION.
packages_make() {
	local what=$1 suite=$2 version=${3:-} src=/src dir=$WORK/packages/$2${3:+-$3}
	local options=()

	# Debian has other names for the packages in BuildRequires.
	[ "$what" = deb ] || options=(RPMBUILD=--nodeps)
	if [ -n "$version" ]; then
		packages_copy "$version" || return
		src=/build/$version
	fi
	mkdir -p "$dir"
	root_try "packages-$suite" make -C "$src" "$what" DIST="$(root_sees "$dir")" \
		"${options[@]}" >"$dir/$what.log" 2>&1 ||
		{ cat "$dir/$what.log"; return 1; }
	ls -1 "$dir"
	for what in scx-loop-cap{,-dkms}; do
		# Ignore the source package.
		compgen -G "$dir/${what}[_-][0-9]*[!c].$1" >/dev/null ||
			{ echo "make $1 has not built $what"; return 1; }
	done
}

# packages_ensure WHAT SUITE [VERSION]: run packages_make unless an earlier test did.
packages_ensure() (
	flock 8
	compgen -G "$WORK/packages/$2${3:+-$3}/scx-loop-cap-dkms*.$1" >/dev/null ||
		quietly packages_make "$@"
) 8>"$WORK/packages.lock"

# packages_lintian SUITE: check the packages with lintian. Any output is a failure, also about
# an unused override.
packages_lintian() {
	packages_ensure deb "$1" || return
	packages_lintian_run "/build/packages/$1/*.changes"
}

# packages_lintian_run FILES: run lintian; fails if it prints anything.
packages_lintian_run() {
	local out

	# shellcheck disable=SC2016
	out=$(root_try packages-sid sh -euc 'lintian --allow-root --pedantic --display-info \
		--fail-on=none $1' sh "$1" 2>&1) || { echo "$out"; return 2; }
	[ -z "$out" ] || { echo "$out"; return 1; }
}

# packages_lintian_planted: lintian must report a planted violation.
packages_lintian_planted() {
	local deb dir=$WORK/packages/planted out

	packages_ensure deb sid || return
	deb=$(echo "$WORK"/packages/sid/scx-loop-cap-dkms_*.deb)
	mkdir -p "$dir"
	dpkg-deb -R "$deb" "$dir/x" && chmod 666 "$dir"/x/usr/src/*/Kbuild &&
		dpkg-deb -b "$dir/x" "$dir" >/dev/null || return
	! out=$(packages_lintian_run "/build/packages/planted/*.deb") || {
		echo "the planted violation was not reported"
		return 1
	}
	grep 'non-standard-file-perm' <<<"$out" || { echo "$out"; return 1; }
}

# packages_rpmlint [SPEC]: check the spec and the packages with rpmlint, except the debuginfo
# packages that rpmbuild adds.
packages_rpmlint() {
	local out

	packages_ensure rpm sid || return
	# shellcheck disable=SC2016
	out=$(root_try packages-sid bash -euc 'shopt -s extglob
		rpmlint -r /src/rpm/rpmlintrc /build/packages/sid/!(*debuginfo*).rpm "$1"' \
		bash "${1:-/src/rpm/scx-loop-cap.spec}" 2>&1) || { echo "$out"; return 1; }
	tail -n 1 <<<"$out"
	grep -q ' 0 errors, 0 warnings,' <<<"$out" || { echo "$out"; return 1; }
}

# packages_rpmlint_planted: rpmlint must report a planted violation.
packages_rpmlint_planted() {
	local out

	mkdir -p "$WORK/packages/planted"
	sed '/^%check/,/^$/d' "$TOP/rpm/scx-loop-cap.spec" \
		>"$WORK/packages/planted/scx-loop-cap.spec"
	! out=$(packages_rpmlint /build/packages/planted/scx-loop-cap.spec) || {
		echo "the planted violation was not reported"
		return 1
	}
	grep -m 1 'no-%check-section' <<<"$out" || { echo "$out"; return 1; }
}

# packages_header FILE NAME: print the value of "# NAME: value" at the top of a case.
packages_header() {
	sed -n "/^#/!q; s/^# $2: //p" "$1"
}

# packages_case FILE SUITE: run a case in its own root.
packages_case() {
	local file=$1 suite=$2 what

	for what in $(packages_header "$file" packages); do
		case $what in
		next-*) packages_ensure "${what#next-}" "$suite" "$PACKAGES_NEXT" ;;
		*) packages_ensure "$what" "$suite" ;;
		esac || return
	done
	root_try "packages-$suite" env PACKAGES="/build/packages/$suite" \
		NEXT="/build/packages/$suite-$PACKAGES_NEXT" \
		timeout -k 10 1800 sh -eu "/src/tests/packages/cases/$(basename "$file")"
}

# packages_cases LEG: run the cases of a leg.
packages_cases() {
	local leg=$1 file suite

	for file in "$TOP"/tests/packages/cases/*.sh; do
		[ "$(packages_header "$file" leg)" = "$leg" ] || continue
		for suite in $(packages_header "$file" suites); do
			timely start_case "$(basename "$file" .sh)" "Debian $suite" \
				packages_case "$file" "$suite"
		done
	done
}

# packages_setup CASE-NAME...: make the roots if one of these cases is to be run; otherwise
# fail.
packages_setup() {
	local name suite

	for name; do
		wanted "$name" "$CASE" || continue
		for suite in "${PACKAGES_SUITES[@]}"; do
			package_root_make "$suite"
		done
		return 0
	done
	return 1
}

# packages_names LEG: print the names of the cases of a leg.
packages_names() {
	local file

	for file in "$TOP"/tests/packages/cases/*.sh; do
		[ "$(packages_header "$file" leg)" != "$1" ] || basename "$file" .sh
	done
}

packages_tests() {
	local suite

	run_case packages-versions source packages_versions
	# shellcheck disable=SC2046
	packages_setup packages-{deb,rpm,lintian,lintian-planted,rpmlint,rpmlint-planted} \
		$(packages_names quick) || return 0
	for suite in "${PACKAGES_SUITES[@]}"; do
		start_case packages-deb "Debian $suite" packages_make deb "$suite"
	done
	# All other tests need these packages, and deb and rpm share a directory.
	reap_cases
	run_case packages-rpm "Debian sid" packages_make rpm sid
	packages_cases quick
	for suite in "${PACKAGES_SUITES[@]}"; do
		start_case packages-lintian "Debian $suite" packages_lintian "$suite"
	done
	start_case packages-lintian-planted "Debian sid" packages_lintian_planted
	start_case packages-rpmlint "Debian sid" packages_rpmlint
	start_case packages-rpmlint-planted "Debian sid" packages_rpmlint_planted
}

packages_long_tests() {
	local what

	# shellcheck disable=SC2046
	packages_setup $(packages_names long) || return 0
	# Build the packages once, before the cases that run in parallel.
	for what in deb rpm; do
		CASE='' run_case packages-next "$what of $PACKAGES_NEXT" \
			packages_make $what trixie "$PACKAGES_NEXT"
		packages_ensure $what trixie || true
	done
	packages_ensure deb sid || true
	packages_cases long
	reap_cases
}
