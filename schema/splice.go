package schema

import (
	"bytes"
	"slices"
	"strings"
)

// span is where a test stands among the lines of its file.
type span struct {
	node *Node
	end  int // the line that follows the test, as far as it is known
}

// ReplaceHTTP returns the file with other exchanges in the test, or with
// exchanges where it has none. Every byte outside them stays as it is. src
// must be the file that the test was read from, or differ from it below the
// test alone. The test must be Replaceable.
func (t *Test) ReplaceHTTP(src []byte, exchanges []any) []byte {
	entries := t.span.node.Entries
	lines := bytes.SplitAfter(src, newline)
	column := t.Place.Column
	at := slices.IndexFunc(entries, func(e Entry) bool { return e.Key == "http" })
	from, to, lead := 0, 0, strings.Repeat(" ", column-1)+"http:"
	if at >= 0 {
		from = entries[at].KeyPlace.Line
		to = t.ends(lines, at)
		lead = keyLine(lines[from-1], column)
	} else {
		// Behind what the call is given, before what is expected of it.
		from = t.ends(lines, len(entries)-1)
		if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Key == "expect" }); i > 0 {
			from = entries[i].KeyPlace.Line
		}
		to = from
	}
	text := string(AppendYAML([]byte(lead), exchanges, column-1))
	if from > len(lines) && !bytes.HasSuffix(src, newline) {
		text = "\n" + text
	}
	return Splice(src, []Edit{{From: Position{from, 1}, To: Position{to, 1}, Text: text}})
}

// Replaceable reports whether the test can be given other exchanges: each of
// its keys stands on a line of its own, and not in braces.
func (t *Test) Replaceable() bool {
	entries := t.span.node.Entries
	if len(entries) == 0 {
		return false
	}
	first := entries[0].KeyPlace
	return first.Line == t.Place.Line && first.Column == t.Place.Column
}

// keyLine returns the line of the key http, which begins at a column, up to
// the key's value; a comment stays when the value begins below.
func keyLine(line []byte, column int) string {
	text := strings.TrimRight(string(line), " \t\r\n")
	runes := []rune(text)
	if after := strings.TrimLeft(strings.TrimPrefix(string(runes[column-1:]), "http:"), " "); strings.HasPrefix(after, "#") {
		return text
	}
	return string(runes[:column-1]) + "http:"
}

// ends returns the line after an entry of the test. Blank lines, and comments
// that are no further in than the entry, belong to what follows.
func (t *Test) ends(lines [][]byte, entry int) int {
	end := min(t.span.end, len(lines)+1)
	if entries := t.span.node.Entries; entry+1 < len(entries) {
		end = entries[entry+1].KeyPlace.Line
	}
	for end-1 > t.span.node.Entries[entry].KeyPlace.Line {
		l := bytes.TrimRight(lines[end-2], " \t\r\n")
		text := bytes.TrimLeft(l, " ")
		if len(l) > 0 && (text[0] != '#' || len(l)-len(text) >= t.Place.Column) {
			break
		}
		end--
	}
	return end
}

// spansOf notes where the tests of a tool stand. root is the whole document.
func spansOf(tests []Test, list, root *Node) {
	end := root.inside.text.first + root.inside.text.lines()
	for i, e := range root.Entries {
		if e.Key == "tests" && i+1 < len(root.Entries) {
			end = root.Entries[i+1].KeyPlace.Line
		}
	}
	for i := range tests {
		tests[i].span = span{node: list.Items[i], end: end}
		if i > 0 {
			tests[i-1].span.end = tests[i].Place.Line
		}
	}
}
