package schema

import (
	"bytes"
	"regexp"
	"strings"
)

// explainOutdent explains a line of a block scalar that is indented less than
// the first one, where the block ends (YAML 1.2 §8.1.1.1), but more than its
// key, so that it was meant to belong to it.
func explainOutdent(t *text, line int) (explanation, bool) {
	indent := anatomyOf(t.line(line)).indent
	content := indent
	for i := line - 1; i >= max(0, line-flowReach); i-- {
		if blankOrComment(t.line(i)) {
			continue
		}
		l := anatomyOf(t.line(i))
		if l.indent > indent {
			content = l.indent
			continue
		}
		if l.indent == indent || content == indent || !blockHeader.MatchString(l.value) {
			break
		}
		return explanation{line: line, mended: dropEntry(t, line), spots: []spot{{
			line: line, from: indent, to: len(t.line(line)), code: codeIndent,
			message: "the line does not fit the lines above it", hint: "indent it like the first line of the block",
		}}}, true
	}
	return explanation{}, false
}

// blockHeader is what begins a block scalar on the line of its key.
var blockHeader = regexp.MustCompile(`^[|>][-+1-9]*(?: +#.*)?$`)

// explainLevel explains a line that does not fit the lines above it because of
// the last one of these: it is a key without its colon, or it stands at the
// level of the key that it belongs to, or lower than the lines before and
// after it although no field is called so.
func explainLevel(t *text, f *fault) (explanation, bool) {
	if !f.distant() && !strings.HasPrefix(f.problem, "mapping values") {
		return explanation{}, false
	}
	indent := anatomyOf(t.line(f.line)).indent
	at := contentAbove(t, f.line)
	if at < 0 {
		return explanation{}, false
	}
	if e, ok := explainColonless(t, at, contentColumn(t.line(f.line))); ok {
		return e, true
	}
	for at >= 0 && anatomyOf(t.line(at)).indent > indent {
		at = contentAbove(t, at)
	}
	above := contentAbove(t, at)
	if above < 0 {
		return explanation{}, false
	}
	l, line, before := anatomyOf(t.line(at)), t.line(at), anatomyOf(t.line(above))
	if l.indent == indent || l.key == "" || line[l.indent] == '-' {
		return explanation{}, false
	}
	first := l.value != "" && before.key != "" && before.value == "" && before.indent == l.indent
	between := before.indent >= indent && !isField(l.key)
	if !first && !between {
		return explanation{}, false
	}
	return explanation{line: at, spots: []spot{{
		line: at, from: l.indent, to: len(line), code: codeIndent,
		message: "the line does not fit the lines around it", hint: "indent it like its neighbours",
	}}, mended: map[int]string{at: strings.Repeat(" ", indent) + string(line[l.indent:])}}, true
}

// explainDivider explains a line of dashes that is indented, so that it does
// not divide the documents around it.
func explainDivider(t *text, line int) (explanation, bool) {
	l := t.line(line)
	if more, ok := separator(bytes.TrimLeft(l, " \t")); !ok || more {
		return explanation{}, false
	}
	return explanation{line: line, last: true, spots: []spot{{
		line: line, to: len(l), code: codeIndent,
		message: "a line --- that divides documents is not indented", hint: "take away what stands before the dashes",
	}}}, true
}

// contentAbove returns the nearest line above one that is neither blank nor a
// comment, or -1.
func contentAbove(t *text, line int) int {
	for i := line - 1; i >= 0; i-- {
		if !blankOrComment(t.line(i)) {
			return i
		}
	}
	return -1
}
