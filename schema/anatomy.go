package schema

import "strings"

// anatomy is a line of a block mapping or list by its parts.
type anatomy struct {
	indent int
	key    string // as written; empty when there is none
	before string // all before the value
	value  string // without white space around it; empty when there is none
}

func anatomyOf(line []byte) anatomy {
	s := string(line)
	rest := strings.TrimLeft(s, " \t")
	a := anatomy{indent: len(s) - len(rest)}
	dashed := false
	for strings.HasPrefix(rest, "- ") {
		dashed = true
		rest = strings.TrimLeft(rest[2:], " ")
	}
	end := keyEnd(rest)
	if end >= 0 {
		a.key = rest[:end]
		rest = strings.TrimLeft(rest[end+1:], " \t")
	} else if !dashed {
		a.before = s
		return a
	}
	a.before = s[:len(s)-len(rest)]
	a.value = strings.TrimRight(rest, " \t\r")
	return a
}

// column returns how far in the key of the line stands, or the line itself
// where it has none.
func (a anatomy) column() int { return max(a.indent, strings.LastIndex(a.before, a.key)) }

// keyEnd returns where the colon after the key of a line stands, or -1.
func keyEnd(s string) int {
	if s == "" || strings.IndexByte("#[{|>", s[0]) >= 0 {
		return -1
	}
	from := 0
	if s[0] == '"' || s[0] == '\'' {
		if from = quotedLength([]byte(s), s[0]); from == 0 {
			return -1
		}
	}
	for i := from; i < len(s); i++ {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t') {
			return i
		}
	}
	return -1
}

// openQuote returns the nearest line at or above one whose value begins with a
// quote that is not closed before that one, or -1.
func openQuote(t *text, line int) int {
	const reach = 50
	for i := line; i >= max(0, line-reach); i-- {
		l := anatomyOf(t.line(i))
		if l.value == "" || l.value[0] != '"' && l.value[0] != '\'' || quotedLength([]byte(l.value), l.value[0]) > 0 {
			continue
		}
		end := i + 1
		for end < line && !closes(t.line(end), l.value[0]) {
			end++
		}
		if end >= line {
			return i
		}
	}
	return -1
}

// closes reports whether a line that begins within quotes ends them.
func closes(line []byte, quote byte) bool {
	return quotedLength(append([]byte{quote}, line...), quote) > 0
}

func firstByte(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}
