package schema

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// explainColon explains a key whose colon no space follows, on a line or on
// the one above, which then reads on into it.
func explainColon(t *text, line int) (explanation, bool) {
	column := contentColumn(t.line(line))
	for i := line; i >= max(0, line-1); i-- {
		l := t.line(i)
		m := tightColon.FindSubmatchIndex(l)
		if m == nil || anatomyOf(l).key != "" || contentColumn(l) != column {
			continue
		}
		at := m[3]
		mended := dropEntry(t, i)
		mended[i] = string(l[:at]) + ": ''"
		return explanation{
			line: i,
			spots: []spot{{
				line: i, from: at, to: at + 1, code: codeSyntax,
				message: "a space is missing after the colon",
				hint:    "write " + strings.TrimLeft(string(l[:at])+": "+string(l[at+1:]), " "),
				fix:     []change{{i, at + 1, at + 1, " "}},
			}},
			mended: mended,
		}, true
	}
	return explanation{}, false
}

// explainColonless explains a key without a colon on the line above a faulty
// one, whose first key or text begins at a column: it has its members below
// it, or a value beside it.
func explainColonless(t *text, line, column int) (explanation, bool) {
	l := t.line(line)
	m := colonless.FindSubmatchIndex(l)
	if m == nil {
		return explanation{}, false
	}
	before, word, value := string(l[:m[3]]), string(l[m[2]:m[3]]), string(l[m[4]:m[5]])
	s := spot{line: line, from: m[2], to: m[3], code: codeSyntax, message: "a colon is missing after " + word, hint: "write " + word + ":" + value}
	switch {
	case value == "" && m[2] < column:
		return explanation{line: line, spots: []spot{s}, mended: map[int]string{line: before + ":"}}, true
	case value != "" && m[2] == column && (isField(word) || slices.Contains(schemaWords, word)):
		return explanation{line: line, spots: []spot{s}, mended: emptied(t, line, before+": ")}, true
	}
	return explanation{}, false
}

// colonless is a word that stands alone on its line, or before others.
var colonless = regexp.MustCompile(`^ *(?:- )*([A-Za-z_$][A-Za-z0-9_-]*)((?: [^:]*)?)$`)

// explainKey explains a key before a bracket on its line whose colon, or the
// space after it, is missing, so that YAML reads on for the next colon.
func explainKey(t *text, line int) (explanation, bool) {
	l := t.line(line)
	m := joinedKey.FindSubmatchIndex(l)
	if m == nil || !isField(string(l[m[2]:m[3]])) {
		return explanation{}, false
	}
	key, rest := string(l[:m[3]]), bytes.TrimLeft(l[m[3]:], ": ")
	s := spot{
		line: line, from: m[2], to: m[3], code: codeSyntax,
		message: fmt.Sprintf("a colon is missing after %s", l[m[2]:m[3]]),
		hint:    "write " + strings.TrimLeft(key, " ") + ": " + string(rest),
	}
	if l[m[3]] == ':' {
		s.from, s.to, s.message = m[3], m[3]+1, "a space is missing after the colon"
	}
	return explanation{line: line, spots: []spot{s}, mended: emptied(t, line, key+": ")}, true
}

// joinedKey is a key that is joined to the bracket, quote or sign of a block
// behind it.
var joinedKey = regexp.MustCompile(`^ *(?:- )*([A-Za-z]+)(?::[{\["'|>]| *[{\[])`)

// tightColon is a key whose colon no space follows.
var tightColon = regexp.MustCompile(`^ *(?:- )?([A-Za-z_][A-Za-z0-9_-]*):[^ /:]`)

// contentColumn returns how many bytes of a line are white space and the
// dashes of lists before its first key or text.
func contentColumn(line []byte) int {
	rest := bytes.TrimLeft(line, " \t")
	for bytes.HasPrefix(rest, []byte("- ")) {
		rest = bytes.TrimLeft(rest[2:], " ")
	}
	return len(line) - len(rest)
}
