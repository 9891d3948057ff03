# SPDX-License-Identifier: GPL-2.0
# Reads what "gcov -b -t" prints for some objects, and prints for each source file of gate/ and
# for kick.c
#
#	FILE lines RUN ALL branches TAKEN ALL
#
# with tabs around "lines", and FILE, LINE and TEXT with tabs in between for each line that was
# not run in any object, or not all ways. An inline function of a header is in several of them.

/^ *-: *0:Source:/ {
	file = $0
	sub(/^.*:Source:/, "", file)
	mine = file ~ /module\/(gate\/|kick\.c)/
	sub(/^.*\//, "", file)
	next
}
!mine { next }
/^ *[^ :]+\*?: *[0-9]+:/ {
	split($0, part, ":")
	line = part[2] + 0
	branch = 0
	if (part[1] ~ /-$/)
		next
	key = file SUBSEP line
	text[key] = $0
	sub(/^[^:]*:[^:]*:[ \t]*/, "", text[key])
	if (!(key in is_line)) {
		is_line[key] = 1
		order[++nr] = key
	}
	if (part[1] !~ /[#=%]/)
		run[key] = 1
	next
}
/^branch / {
	key = file SUBSEP line
	branch++
	if (branch > branches[key])
		branches[key] = branch
	if ($0 !~ /never executed|taken 0( |%|$)/)
		taken[key, branch] = 1
}
END {
	for (i = 1; i <= nr; i++) {
		key = order[i]
		split(key, part, SUBSEP)
		file = part[1]
		all_lines[file]++
		run_lines[file] += key in run
		missing = !(key in run)
		for (b = 1; b <= branches[key]; b++) {
			all_branches[file]++
			if ((key, b) in taken)
				taken_branches[file]++
			else
				missing = 1
		}
		if (missing)
			print file "\t" part[2] "\t" text[key]
	}
	for (file in all_lines)
		print file "\tlines\t" run_lines[file], all_lines[file], "branches",
			taken_branches[file] + 0, all_branches[file] + 0
}
