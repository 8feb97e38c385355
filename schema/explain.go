package schema

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// explanation is a fault of YAML in words for its author, and how the text is
// changed to read on.
type explanation struct {
	line   int
	spots  []spot
	mended map[int]string
	// last says that whatever is found after it would be an echo.
	last bool
}

// spot is a diagnostic before its place is known: a stretch of a line, in
// bytes.
type spot struct {
	line, from, to int
	code           Code
	message, hint  string
	fix            []change
}

// at returns the diagnostics of an explanation, placed in the text as its
// author wrote it, of which t is what was read.
func (e explanation) at(original, t *text) []Diagnostic {
	var ds []Diagnostic
	for _, s := range e.spots {
		d := s.code.At(original.stretch(s.line, s.from, s.to), s.message, s.hint)
		d.Fix = t.edits(s.fix...)
		ds = append(ds, d)
	}
	return ds
}

// explain says what is most likely wrong with the line of a fault.
func explain(t *text, f *fault) explanation {
	line := f.line
	if e, ok := explainDivider(t, line); ok {
		return e
	}
	if e, ok := explainKey(t, line); ok {
		return e
	}
	if open := openQuote(t, line); open >= 0 && !strings.Contains(f.problem, "escape") {
		line = open
	}
	if strings.HasPrefix(f.problem, "did not find expected ','") {
		line = flowStart(t, line)
		if e, ok := explainSlots(t, line); ok {
			return e
		}
	}
	if f.inFlow() {
		if e, ok := explainFlow(t, f.line); ok {
			return e
		}
	}
	if e, ok := explainAlias(t, f); ok {
		return e
	}
	if e, ok := explainColon(t, line); ok {
		return e
	}
	if e, ok := explainOutdent(t, line); ok {
		return e
	}
	if e, ok := explainLevel(t, f); ok {
		return e
	}
	if strings.HasPrefix(f.problem, "found a tab character") {
		line = tabLine(t, line)
	}
	l := anatomyOf(t.line(line))
	s := spot{line: line, from: l.indent, to: len(t.line(line))}
	if l.value != "" {
		s.from = len(l.before)
		s.to = s.from + len(l.value)
	}
	s.code, s.message, s.hint = diagnose(t.line(line), l, f, line < f.line)
	if !t.goesOn(line) {
		s.fix = quoting(s.code, l.key, line, len(l.before), l.value)
	}
	switch s.code {
	case codePlainColon:
		if i := colonIn(l.value); i >= 0 {
			s.from, s.to = s.from+i, s.from+i+1
		}
	case codeAfterQuote:
		s.from += quotedLength([]byte(l.value), l.value[0])
		for s.from < s.to && isSpace(t.line(line)[s.from]) {
			s.from++
		}
	case codeBadEscape:
		if i := badEscape(t.line(line)); i >= 0 {
			s.from, s.to = i, i+2
			s.fix = unescaped(t.line(line), line, i)
			if bytes.HasPrefix(t.line(line)[i:], []byte(`\/`)) {
				s.hint, s.fix = "write / without the backslash", nil
			}
		}
	case codeUnclosedFlow:
		if n := len(surplus(l.value)); n > 0 {
			s.from, s.fix = s.to-n, nil
		}
	case codeIndent:
		s.from = l.indent
	case codeTab:
		s.from = bytes.IndexByte(t.line(line), '\t')
		s.to = s.from + 1
		s.fix = withoutTabs(t)
	}
	return explanation{line: line, spots: []spot{s}}
}

// diagnose names a fault by the look of its line.
func diagnose(line []byte, l anatomy, f *fault, above bool) (c Code, message, hint string) {
	first := firstByte(l.value)
	switch {
	case strings.Contains(f.problem, "max depth"):
		return codeTooDeep, "lists and mappings are nested too deeply", ""
	case bytes.IndexByte(line[:l.indent], '\t') >= 0:
		return codeTab, "the line is indented with a tab", "indent with spaces"
	case strings.Contains(f.problem, "escape") || strings.Contains(f.problem, "hexdecimal"):
		return codeBadEscape, "YAML does not know this backslash in double quotes", "use single quotes, or double each backslash"
	case (first == `"` || first == "'") && quotedLength([]byte(l.value), first[0]) == 0:
		return codeUnclosedQuote, "the quote is not closed", "close it on the same line, or use a block: | and the text on the line below"
	case above:
		return codeSyntax, "the line is not YAML", ""
	case (first == `"` || first == "'") && quotedLength([]byte(l.value), first[0]) < len(l.value):
		return codeAfterQuote, "the value goes on after its closing quote", lineHint(l)
	case first == "!":
		return codeTag, "! begins a tag of YAML", lineHint(l)
	case first == "&":
		return codeAnchor, "& begins an anchor of YAML", lineHint(l)
	case first == "*":
		return codeAlias, "* begins an alias of YAML", lineHint(l)
	case first != "" && strings.Contains("@`%", first) && strings.Contains(f.problem, "cannot start"),
		first != "" && strings.Contains("|>", first) && strings.HasPrefix(f.problem, "did not find expected comment"),
		first == "?" && strings.HasPrefix(f.problem, "mapping keys are not allowed"):
		return codeReservedStart, "a value without quotes cannot begin with " + first, lineHint(l)
	case strings.HasPrefix(f.problem, "did not find expected ','"):
		return codeUnclosedFlow, "the brackets are not closed, or a comma is missing", "close them, and quote texts that hold a bracket, a comma or a colon"
	case strings.HasPrefix(f.problem, "did not find expected <") && opensFlow(strings.TrimLeft(string(line), " ")):
		return codeUnclosedFlow, "the document goes on after its closing bracket", "keep one mapping a document"
	case opensFlow(l.value) && surplus(l.value) != "":
		return codeUnclosedFlow, "a bracket is closed that was not opened", "take it away"
	case opensFlow(l.value) && flowEnd(l.value) < len(l.value):
		return codeUnclosedFlow, "the value goes on after its closing bracket", lineHint(l)
	case !opensFlow(l.value) && colonIn(l.value) >= 0:
		return codePlainColon, "a value without quotes cannot hold a colon and a space", lineHint(l)
	case strings.HasPrefix(f.problem, "block sequence"):
		return codeSyntax, "a list does not begin on the line of its key", "put each - on a line of its own"
	case strings.HasPrefix(f.problem, "mapping values") || strings.HasPrefix(f.problem, "did not find expected <") || f.distant():
		return codeIndent, "the line does not fit the lines above it", "indent it like its neighbours; a text of several lines needs a block: |"
	case l.key == "" && l.value == "":
		return codeSyntax, "the line has no key and no colon", "write key: value; the lines of a text stand below key: |, indented"
	}
	return codeSyntax, "the line is not YAML: " + f.problem, ""
}

// surplus returns the closing brackets that a value in brackets goes on with,
// when there is nothing else.
func surplus(value string) string {
	if !opensFlow(value) {
		return ""
	}
	rest := strings.TrimSpace(value[flowEnd(value):])
	if strings.Trim(rest, "]}") != "" {
		return ""
	}
	return rest
}

// explainAlias explains an alias between brackets, where it is not the whole
// value of its line.
func explainAlias(t *text, f *fault) (explanation, bool) {
	name, ok := strings.CutPrefix(f.problem, "unknown anchor '")
	if !ok || !opensFlow(anatomyOf(t.line(f.line)).value) {
		return explanation{}, false
	}
	word := "*" + strings.TrimSuffix(name, "' referenced")
	from := bytes.Index(t.line(f.line), []byte(word))
	if from < 0 {
		return explanation{}, false
	}
	return explanation{line: f.line, spots: []spot{{
		line: f.line, from: from, to: from + len(word), code: codeAlias,
		message: "* begins an alias of YAML", hint: "quote it: " + singleQuoted(word),
	}}}, true
}

// tabLine returns the first line from one on that is indented with a tab.
func tabLine(t *text, line int) int {
	for i := line; i < t.lines(); i++ {
		if l := t.line(i); bytes.IndexByte(l[:anatomyOf(l).indent], '\t') >= 0 {
			return i
		}
	}
	return line
}

// badEscape returns where on a line a backslash stands in double quotes that
// begins no escape of YAML 1.2 (§5.7), or -1. The slash that may be escaped
// there is one that the library does not know.
func badEscape(line []byte) int {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '\'':
			if n := quotedLength(line[i:], c); n > 0 && (i == 0 || !isWord(line[i-1])) {
				i += n - 1
			}
		case '\\':
			if i+1 < len(line) && (!isEscape(line[i+1]) || line[i+1] == '/') {
				return i
			}
			i++
		}
	}
	return -1
}

// isEscape reports whether a backslash and a character are an escape of YAML
// 1.2 (§5.7).
func isEscape(c byte) bool { return strings.IndexByte("0abt\tnvfre \"/\\N_LPxuU", c) >= 0 }

// colonIn returns where in a plain value a colon stands that YAML takes for
// that of a key, or -1.
func colonIn(value string) int {
	if i := strings.Index(value, ": "); i >= 0 {
		return i
	}
	if strings.HasSuffix(value, ":") {
		return len(value) - 1
	}
	return -1
}

// lineHint shows the line with its value in quotes.
func lineHint(l anatomy) string {
	const longest = 120
	if utf8.RuneCountInString(l.value) > longest {
		return "quote the value, or use a block: | and the text on the line below"
	}
	return "quote it: " + strings.TrimLeft(l.before, " \t") + singleQuoted(withoutQuotes(l.value)) + ", or use a block: | and the text on the line below"
}

// withoutQuotes takes off quotes that were meant to be around a whole text
// with apostrophes.
func withoutQuotes(value string) string {
	if len(value) < 3 || value[0] != '\'' || value[len(value)-1] != '\'' {
		return value
	}
	inner := value[1 : len(value)-1]
	for i := range len(inner) {
		if inner[i] == '\'' && (i == 0 || i+1 == len(inner) || !isWord(inner[i-1]) || !isWord(inner[i+1])) {
			return value
		}
	}
	return inner
}
