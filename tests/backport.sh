# SPDX-License-Identifier: GPL-2.0
# Checks of the semantic patches for the kernel's source: cap.cocci, which adds the
# cap on dispatch rounds, and its inverse, uncap.cocci.
#
# All kernels that are packaged with their source have the cap. So the checks remove
# the cap with uncap.cocci, add it with cap.cocci, and compare the result with the
# original. The source of kernels without the cap is not available; vendor.cocci in
# tests/kernels/ imitates it.
#
# A tree to check is a directory with
#	orig/			kernel/sched with the cap
#	*.cocci			the patches to check
# The checks add
#	kept/			orig after cap
#	uncapped/		orig after uncap
#	capped/			uncapped after cap
#	twice/			capped after cap
# shellcheck shell=bash

BACKPORT_SUITE=trixie
BACKPORT_SHAPES=(balance_scx balance_one by_sched)
BACKPORT_CHECKS=(untouched uncap cap twice)

# --- trees --------------------------------------------------------------------

backport_packages() {
	source_list "$BACKPORT_SUITE"
}

# backport_spatch DIR PATCH TREE [OPTION...]: apply PATCH as its head comment says.
backport_spatch() {
	local dir=$1 patch=$2 tree=$3

	shift 3
	# shellcheck disable=SC2016
	root_run "$BACKPORT_SUITE" sh -euc '
		cd "$1"
		sp_file=../$2.cocci
		shift 2
		spatch --very-quiet --no-includes --in-place "$@" \
			--sp-file "$sp_file" \
			$(find kernel/sched -path "*/ext*" -name "*.[ch]")
	' sh "$(root_sees "$dir/$tree")" "$patch" "$@"
}

# backport_sources TREE: print the files that the patches are applied to.
backport_sources() {
	find "$1/kernel/sched" -path '*/ext*' -name '*.[ch]' | sort
}

# backport_make DIR FROM PATCH TO [OPTION...]: make the tree TO by applying PATCH to FROM, or
# take it from the cache. Returns 2 if spatch fails.
backport_make() {
	local dir=$1 from=$2 patch=$3 to=$4 key

	shift 4
	[ ! -d "$dir/$to" ] || return 0
	# shellcheck disable=SC2046
	key=$(key "$dir/$patch.cocci" $(backport_sources "$dir/$from") -- "$*" \
		"$(declare -f backport_spatch)" \
		"$(cached_output spatch root_run "$BACKPORT_SUITE" spatch --version)") || return 2
	cached_build "$dir/$to" "spatch-$key" backport_make_anew "$dir" "$from" "$patch" "$to" "$@" ||
		return 2
}

backport_make_anew() {
	local dir=$1 from=$2 patch=$3 to=$4

	shift 4
	rm -rf "$dir/tmp"
	cp -r "$dir/$from" "$dir/tmp" || return
	backport_spatch "$dir" "$patch" tmp "$@" >"$dir/log" 2>&1 ||
		{ echo "spatch failed on $patch.cocci:"; cat "$dir/log"; return 1; }
	mv "$dir/tmp" "$dir/$to"
}

# backport_tree NAME: make the tree $WORK/backport/NAME. NAME is a source package, or one of
# BACKPORT_SHAPES for the oldest package with vendor.cocci applied.
backport_tree() {
	local name=$1 dir=$WORK/backport/$1 pkg source orig=orig

	[ ! -d "$dir/orig" ] || return 0
	case $name in
	linux-source-*) pkg=$name ;;
	*) pkg=$(backport_packages | head -n 1) orig=packaged ;;
	esac
	source=$(source_dir "$BACKPORT_SUITE" "$pkg") || return
	mkdir -p "$dir/$orig" && (cd "$source" && backport_sources .) |
		tar -C "$source" -cf - -T - | tar -C "$dir/$orig" -xf - &&
		cp "$TOP"/coccinelle/*.cocci "$TOP"/tests/kernels/*.cocci "$dir/" ||
		return
	[ $orig = orig ] || backport_make "$dir" packaged vendor orig -D "$name"
}

# --- comparing trees ----------------------------------------------------------

# backport_tokens DIR TREE: print each function of the tree in one line, as tokens that are
# separated by blanks, without comments. spatch's output has another layout and other comments.
backport_tokens() (
	cd "$1/$2" || return
	mapfile -t files < <(find kernel/sched -path '*/ext*' -name '*.[ch]' | sort)
	# shellcheck disable=SC2016
	perl -0777 -e '
		my $string = qr/"(?:\\.|[^"\\])*"|\x27(?:\\.|[^\x27\\])*\x27/s;
		my $sign = qr/<<=|>>=|->|\+\+|--|&&|\|\||<<|>>|##|[-+*\/%&|^=!<>]=|\.\.\./;
		while (<>) {
			s/($string)|\/\*.*?\*\/|\/\/[^\n]*/defined $1 ? $1 : " "/gse;
			for (split /(?<=^\})/m) {
				my @tokens = /$string|\w+|$sign|\S/g;
				print "$ARGV: @tokens \n";
			}
		}' "${files[@]}"
)

# Regular expressions for the parts of the cap in these lines.
BACKPORT_CONSTANT='SCX_DSP_MAX_LOOPS = 32 , '
BACKPORT_COUNTER='int nr_loops = SCX_DSP_MAX_LOOPS ; '
BACKPORT_KICK='scx_(bpf_)?kick_cpu \( '
BACKPORT_BREAK="if \( unlikely \( ! -- nr_loops \) \) \{ ${BACKPORT_KICK}[^;]*; break ; \} "
# The complete loop: the counter is set before the loop, and checked at the end of a round.
BACKPORT_LOOP="struct scx_dsp_ctx \* dspc = .*; $BACKPORT_COUNTER.*"
BACKPORT_LOOP+="do \{ dspc -> nr_tasks = 0 ; .*$BACKPORT_BREAK"
BACKPORT_LOOP+="\} while \( dspc -> nr_tasks \) ;"

# backport_except [REGEX...]: remove the matches from stdin, and the declarations of the kick, which
# may be anywhere before the loop or missing. Print one statement a line, for a readable diff.
backport_except() {
	local regex script="s/(__bpf_kfunc )?(static )?void ${BACKPORT_KICK}[^;{]*\) ; //g"

	for regex; do
		script+="; s/$regex//"
	done
	sed -E "$script; s/([;{}]) /\\1\n/g"
}

# backport_capped DIR TREE: fail unless the tree has exactly one loop, with one complete cap.
backport_capped() {
	local dir=$1 tree=$2 what n

	backport_tokens "$dir" "$tree" >"$dir/tokens" || return 2
	for what in 'while \( dspc -> nr_tasks \)' "$BACKPORT_CONSTANT" \
		"$BACKPORT_COUNTER" "$BACKPORT_BREAK" "$BACKPORT_LOOP"; do
		n=$(grep -oE -- "$what" "$dir/tokens" | wc -l)
		[ "$n" -eq 1 ] || { echo "$n times in $tree: $what"; return 1; }
	done
}

# backport_declared DIR TREE: fail unless each file that calls the kick declares it before the call,
# or a header does.
backport_declared() {
	local dir=$1 tree=$2 kick file first n

	backport_tokens "$dir" "$tree" >"$dir/tokens" || return 2
	for kick in scx_bpf_kick_cpu scx_kick_cpu; do
		n=$(grep -cE "^[^ ]*\.h: .*void $kick \(" "$dir/tokens")
		[ "$n" -eq 0 ] || continue
		while read -r file; do
			first=$(grep "^$file:" "$dir/tokens" |
				grep -oE "[^ ]+ $kick \(" | sed -n 1p)
			[ "$first" = "void $kick (" ] && continue
			echo "in $tree, $kick() is not declared above its use in $file"
			return 1
		done < <(grep -F " $kick (" "$dir/tokens" | cut -d: -f1 | sort -u)
	done
}

# --- checks -------------------------------------------------------------------
# Each takes a DIR, returns 1 if the check fails, and 2 if it could not be made.

# cap.cocci does not change a tree that has the cap.
backport_untouched() {
	backport_capped "$1" orig || return
	backport_make "$1" orig cap kept || return
	diff -ru "$1/orig" "$1/kept"
}

# uncap.cocci removes the whole cap and nothing else.
backport_uncap() {
	backport_capped "$1" orig || return
	backport_make "$1" orig uncap uncapped || return
	! grep -rnE 'SCX_DSP_MAX_LOOPS|nr_loops' "$1/uncapped" || return 1
	backport_declared "$1" uncapped || return
	diff -u --label expected --label uncapped \
		<(backport_tokens "$1" orig | backport_except \
			"$BACKPORT_CONSTANT" "$BACKPORT_COUNTER" "$BACKPORT_BREAK") \
		<(backport_tokens "$1" uncapped | backport_except)
}

# cap.cocci adds the cap again. The result is the original, except for the position of the counter's
# declaration among the variables, which makes no difference as its value is a constant.
backport_cap() {
	backport_make "$1" orig uncap uncapped || return
	backport_make "$1" uncapped cap capped || return
	backport_capped "$1" capped && backport_declared "$1" capped || return
	diff -u --label orig --label capped \
		<(backport_tokens "$1" orig | backport_except "$BACKPORT_COUNTER") \
		<(backport_tokens "$1" capped | backport_except "$BACKPORT_COUNTER")
}

# cap.cocci does not change a tree to which it has added the cap.
backport_twice() {
	backport_make "$1" orig uncap uncapped || return
	backport_make "$1" uncapped cap capped || return
	backport_make "$1" capped cap twice || return
	diff -ru "$1/capped" "$1/twice"
}

# --- running the checks -------------------------------------------------------

# backport_alone NAME COMMAND...: run the command with a lock on the tree.
backport_alone() {
	local name=$1

	shift
	mkdir -p "$WORK/backport"
	(
		flock 8
		"$@"
	) 8>"$WORK/backport/$name.lock"
}

# backport_check CHECK NAME
backport_check() {
	backport_tree "$2" || return 2
	"backport_$1" "$WORK/backport/$2"
}

# Planted bugs, one a line: the check that must report it, the tree, the patch, and the bug as a sed
# script. In this order:
#	- an existing cap is not recognised, so a second one is added
#	- the same for the constant
#	- uncap leaves the constant, the counter or the break
#	- uncap removes another statement, or a declaration that is needed
#	- cap does not add the constant, the counter, the break or the kick
#	- cap has another limit, counts differently or kicks differently
#	- the kick is called as in another kernel, or is not declared
backport_bugs() {
	cat <<-'EOF'
		untouched oldest cap s/ != capped\.p//
		twice oldest cap s/ != capped\.p//
		untouched newest cap s/@depends on loop && !constant@/@@/
		uncap newest uncap s/^-\(\tSCX_DSP_MAX_LOOPS = \.\.\.,\)/\1/
		uncap oldest uncap s/^-\(\tint n = SCX_DSP_MAX_LOOPS;\)/\1/
		uncap oldest uncap s/^-\(\t\(if@p\|\tkick\|\tbreak\|}\)\)/\1/
		uncap oldest uncap s/^-\tint n = SCX_DSP_MAX_LOOPS;/&\n-\tlockdep_assert_rq_held(...);/
		uncap oldest uncap s/@depends on !needed@/@@/
		cap newest cap /^+\tSCX_DSP_MAX_LOOPS/d
		cap oldest cap /^+\tint nr_loops/d
		cap oldest cap /^+\t\t\tbreak;/d
		cap oldest cap /^+\t\t\tscx_bpf_kick_cpu/d
		cap oldest cap s/^\(+\tSCX_DSP_MAX_LOOPS = \)32/\133/
		cap oldest cap s/!--nr_loops/!nr_loops--/
		cap oldest cap s/cpu_of(rq), 0/cpu_of(rq), 1/
		cap newest cap s/@by_parameter depends on by_sched/@by_parameter depends on !by_sched/
		cap by_sched cap s/@depends on by_sched \&\& !by_parameter/@depends on by_parameter/
		cap balance_scx cap s/^+\(static \)\?T k(ps);//
	EOF
}

# Each bug must make its check return 1, and not 2, which means that spatch failed.
backport_planted() {
	local check tree patch bug dir from rc n=0 failed=0

	while read -r check tree patch bug; do
		n=$((n + 1))
		case $tree in
		oldest) tree=$(backport_packages | head -n 1) ;;
		newest) tree=$(backport_packages | tail -n 1) ;;
		esac
		backport_alone "$tree" backport_tree "$tree" || return
		from=$WORK/backport/$tree
		dir=$WORK/backport/planted-$n
		mkdir "$dir" && cp -r "$from/orig" "$from"/*.cocci "$dir/" &&
			sed -i "$bug" "$dir/$patch.cocci" || return
		rc=0
		"backport_$check" "$dir" >"$dir/out" 2>&1 || rc=$?
		echo "$check on $tree returns $rc with $patch.cocci after $bug"
		! cmp -s "$from/$patch.cocci" "$dir/$patch.cocci" && [ $rc -eq 1 ] &&
			continue
		cat "$dir/out"
		failed=1
	done < <(backport_bugs)
	return $failed
}

backport_tests() {
	local packages tree check any=

	for check in "${BACKPORT_CHECKS[@]}" planted; do
		! wanted "backport-$check" "$CASE" || any=yes
	done
	# Skip the downloads if CASE selects none of the checks.
	[ -n "$any" ] || return 0
	root_install "$BACKPORT_SUITE" coccinelle
	mapfile -t packages < <(backport_packages)
	# It takes longest, so it is started first. The others alternate between trees, as
	# checks of the same tree wait for its lock.
	start_case backport-planted source backport_planted
	for check in "${BACKPORT_CHECKS[@]}"; do
		for tree in "${packages[@]}" "${BACKPORT_SHAPES[@]}"; do
			case $tree in
			linux-source-*) wanted "$tree" "$KERNEL" || continue ;;
			esac
			start_case "backport-$check" "$tree" \
				backport_alone "$tree" backport_check "$check" "$tree"
		done
	done
}
