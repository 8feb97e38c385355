package schema

import (
	"strconv"
	"strings"
)

// singleQuoted returns a text as a YAML scalar in the quotes that need the
// least escaping.
func singleQuoted(s string) string {
	if strings.Contains(s, "'") && !strings.ContainsAny(s, "\"\\") {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// quoteHint says how to write a value that YAML does not take as it stands.
func quoteHint(value string) string {
	const longest = 120
	value = strings.TrimRight(value, " \t\r")
	if len(value) > longest {
		return "quote the value, or use a block: | and the text on the line below"
	}
	return "quote it: " + singleQuoted(value) + ", or use a block: | and the text on the line below"
}

// quotedLength returns the length of the quoted scalar that a text begins
// with, quotes included, or 0 when it does not end on the same line.
func quotedLength(line []byte, quote byte) int {
	for i := 1; i < len(line) && line[i] != '\n'; i++ {
		switch {
		case quote == '"' && line[i] == '\\' && i+1 < len(line) && line[i+1] != '\n':
			i++
		case line[i] != quote:
		case quote == '\'' && i+1 < len(line) && line[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return 0
}

// leftOpen reports whether a text leaves a bracket, a quote or a slot open.
// An apostrophe within a word is no quote.
func leftOpen(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"', '\'', '`':
			if c == '\'' && i > 0 && isWord(s[i-1]) {
				continue
			}
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return true
			}
			i += end + 1
		}
	}
	return depth > 0
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// escapeLength returns how many bytes of a double-quoted scalar the escape at
// the start of s takes, and how many bytes it stands for.
func escapeLength(s []byte) (written, stands int) {
	if len(s) < 2 {
		return len(s), len(s)
	}
	digits := 0
	switch s[1] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case 'N', '_':
		return 2, 2 // U+0085, U+00A0
	case 'L', 'P':
		return 2, 3 // U+2028, U+2029
	default:
		return 2, 1
	}
	written = min(2+digits, len(s))
	r, err := strconv.ParseUint(string(s[2:written]), 16, 32)
	if err != nil {
		return written, 1
	}
	return written, len(string(rune(r)))
}
