# SPDX-License-Identifier: GPL-2.0
# Reads C line by line, for tests/rooms and tests/names. Call code_begin() for each file.

function code_begin() {
	code_comment = 0
	code_quoted = ""
}

# The line without comments and without the contents of strings. It is left in code_quoted with
# the contents of strings.
function code(line,	text, token) {
	text = code_quoted = ""
	while (line != "") {
		if (code_comment) {
			if (!match(line, /\*\//))
				break
			line = substr(line, RSTART + 2)
			code_comment = 0
			continue
		}
		if (!match(line, /["']|\/\*|\/\//)) {
			text = text line
			code_quoted = code_quoted line
			break
		}
		text = text substr(line, 1, RSTART - 1)
		code_quoted = code_quoted substr(line, 1, RSTART - 1)
		token = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (token == "//")
			break
		if (token == "/*") {
			code_comment = 1
			text = text " "
			code_quoted = code_quoted " "
			continue
		}
		# A string or character, up to its end or that of the line.
		if (token == "\"" ? match(line, /^([^"\\]|\\.)*"/) : match(line, /^([^'\\]|\\.)*'/)) {
			text = text token token
			code_quoted = code_quoted token substr(line, 1, RLENGTH)
			line = substr(line, RLENGTH + 1)
		} else {
			text = text token token
			code_quoted = code_quoted token line
			break
		}
	}
	return text
}
