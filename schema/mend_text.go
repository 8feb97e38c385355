package schema

import (
	"bytes"
	"regexp"
	"strings"
)

// cutShort reports whether a text that a comment of YAML cuts can only have
// been meant whole: all of it is balanced, what the comments leave is not.
func cutShort(whole string) bool {
	if leftOpen(whole) {
		return false
	}
	for i := 1; i < len(whole); i++ {
		if whole[i] == '#' && isSpace(whole[i-1]) && !leftOpen(whole[:i]) {
			return false
		}
	}
	return true
}

// goesOn reports whether a line below one belongs to its value: it is indented
// further than the key.
func (t *text) goesOn(line int) bool {
	l := anatomyOf(t.line(line))
	for i := line + 1; i < t.lines(); i++ {
		if next := t.line(i); !blankOrComment(next) {
			return anatomyOf(next).indent > l.column()
		}
	}
	return false
}

// keyBefore returns the key of the value that begins at an offset, when both
// stand on one line; else nothing.
func (t *text) keyBefore(offset int) string {
	line := t.bytes[t.starts[t.lineAt(offset)]:offset]
	before, ok := bytes.CutSuffix(bytes.TrimRight(line, " \t"), []byte{':'})
	if !ok {
		return ""
	}
	return string(before[bytes.LastIndexAny(before, " \t{[,")+1:])
}

// tightPair is a key and its value with a colon between them that no space
// follows.
var tightPair = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*:[^/:]`)

// tightKey returns the offset of the value in a key that was meant as key and
// value, or 0.
func tightKey(key *Node) int {
	if key.Style != Plain || !tightPair.MatchString(key.Text) {
		return 0
	}
	return strings.IndexByte(key.Text, ':') + 1
}

// unescaped is the change that puts the double-quoted text of a line into
// single quotes, in which a backslash, as the one at an offset, is itself.
// There is none where a backslash in that text begins an escape of YAML: it
// may have been meant as one.
func unescaped(line []byte, number, backslash int) []change {
	for from := 0; from < backslash; from++ {
		c := line[from]
		if c != '"' && c != '\'' || from > 0 && isWord(line[from-1]) {
			continue
		}
		n := quotedLength(line[from:], c)
		if n == 0 {
			return nil
		}
		if from+n <= backslash {
			from += n - 1
			continue
		}
		inner := line[from+1 : from+n-1]
		if c != '"' || bytes.Count(inner, []byte{'\\'}) != unknownEscapes(inner) {
			return nil
		}
		return []change{{number, from, from + n, "'" + strings.ReplaceAll(string(inner), "'", "''") + "'"}}
	}
	return nil
}

// unknownEscapes counts the backslashes that begin no escape of YAML.
func unknownEscapes(inner []byte) int {
	count := 0
	for i := bytes.IndexByte(inner, '\\'); i >= 0 && i+1 < len(inner); i++ {
		if inner[i] == '\\' && !isEscape(inner[i+1]) {
			count++
		}
	}
	return count
}

// withoutTabs is the change of a text that is indented with tabs alone, one
// for each level, to two spaces for each. Beside spaces a tab may stand for
// any number of them. Each fault has all the lines, so that there is none
// where they are very many.
func withoutTabs(t *text) []change {
	var changes []change
	for i := range t.lines() {
		l := t.line(i)
		text := bytes.TrimLeft(l, " \t")
		indent := len(l) - len(text)
		if len(text) == 0 || indent == 0 {
			continue
		}
		if bytes.IndexByte(l[:indent], ' ') >= 0 || len(changes) == maxDiagnostics {
			return nil
		}
		changes = append(changes, change{i, 0, indent, strings.Repeat("  ", indent)})
	}
	return changes
}
