package schema

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFaults is how many faults of YAML are listed for one document.
const maxFaults = 20

// clean returns the document's text without what no YAML reader may see:
// bytes that are not UTF-8, control characters, directives and ends of
// documents, and text beside ---, each reported. They are replaced so that all offsets and columns
// stay; a text that needs nothing is returned as it is.
func (p *parser) clean() []byte {
	b := p.cleanCharacters(p.document.Text)
	if more, ok := separator(firstLine(b)); ok && more {
		b = p.separatorText(b)
	}
	for at, line := 0, 0; at < len(b); line++ {
		if b[at] == '%' || isDocumentEnd(b[at:]) {
			b = bytes.Clone(b)
			p.markerLine(line, b[at:])
			b[at] = '#'
		}
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return b
}

// separatorText reports what stands on the line that divides documents, and
// turns the line into a comment.
func (p *parser) separatorText(b []byte) []byte {
	t := newText(p.document.File, p.document.Line, b)
	line := t.line(0)
	rest := bytes.TrimLeft(line[len("---"):], " \t")
	p.report(codeSeparatorText, t.stretch(0, len(line)-len(rest), len(line)), "text after ---", "put it on the next line")
	p.fix(t.edits(change{0, len("---"), len(line) - len(rest), "\n"}))
	b = bytes.Clone(b)
	b[0] = '#'
	return b
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, newline)
	return line
}

func isDocumentEnd(b []byte) bool {
	rest, ok := bytes.CutPrefix(b, []byte("..."))
	return ok && (len(rest) == 0 || isSpace(rest[0]))
}

// markerLine reports the line that begins rest, the end of a document or a
// directive. It is taken away where nothing that is read follows the end, and
// where YAML knows the directive.
func (p *parser) markerLine(line int, rest []byte) {
	at := Place{File: p.document.File, Line: p.document.Line + line, Column: 1, Length: 3}
	away := []Edit{{From: Position{at.Line, 1}, To: Position{at.Line + 1, 1}}}
	if rest[0] == '.' {
		p.report(codeDocumentEnd, at, "a line ... ends a document of YAML", "divide documents by a line ---")
		if onlyComments(rest[at.Length:]) {
			p.fix(away)
		}
		return
	}
	at.Length = 1
	p.report(codeDirective, at, "a line that begins with % is a directive of YAML", "leave it out: files are YAML 1.2")
	if bytes.HasPrefix(rest, []byte("%YAML ")) || bytes.HasPrefix(rest, []byte("%TAG ")) {
		p.fix(away)
	}
}

// onlyComments reports whether a text holds nothing but comments and blank
// lines.
func onlyComments(b []byte) bool {
	for line := range bytes.Lines(b) {
		if !blankOrComment(bytes.TrimRight(line, "\r\n")) {
			return false
		}
	}
	return true
}

func (p *parser) cleanCharacters(src []byte) []byte {
	if allPlain(src) {
		return src
	}
	if why, hint, code, ok := foreign(src); ok {
		p.report(code, Place{File: p.document.File, Line: p.document.Line, Column: 1}, why, hint)
		return nil
	}
	b := p.cleanIndents(src)
	line, column, reported := 0, 1, 0
	for at := 0; at < len(b); {
		r, size := utf8.DecodeRune(b[at:])
		if why, code, ok := judge(r, size, b[at:]); !ok {
			if reported++; reported <= maxFaults {
				place := Place{File: p.document.File, Line: p.document.Line + line, Column: column, Length: 1}
				p.report(code, place, why, characterHint(code, r))
				if r == '\uFEFF' && column == 1 { // the beginning of a file that was appended to another
					p.fix([]Edit{replacing(place, "")})
				}
			}
			copy(b[at:], standIn(size))
		}
		at, column = at+size, column+1
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return b
}

// foreign recognises a text that is written as a whole in a way that nothing
// reads here, which would give a fault a character.
func foreign(src []byte) (why, hint string, c Code, ok bool) {
	switch {
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return "the file is UTF-16", "save the file as UTF-8", codeBadUTF8, true
	case bytes.Count(src, carriageReturn) > 1 && bytes.IndexByte(src, '\n') < 0:
		return "the lines end in carriage returns alone", "save the file with line ends of Unix (LF) or Windows (CRLF)", codeControl, true
	}
	return "", "", Code{}, false
}

// cleanIndents returns a copy of a text without the white space at the
// beginning of lines that YAML does not count as such, as web pages have it.
// Each line keeps its length.
func (p *parser) cleanIndents(src []byte) []byte {
	b := bytes.Clone(src)
	line := 0
	for l := range bytes.Lines(b) {
		rest := bytes.TrimLeftFunc(l, unicode.IsSpace)
		indent := l[:len(l)-len(rest)]
		if len(rest) > 0 && len(indent) > 0 && indent[0] >= utf8.RuneSelf {
			r, _ := utf8.DecodeRune(indent)
			width := utf8.RuneCount(indent)
			place := Place{File: p.document.File, Line: p.document.Line + line, Column: 1, Length: width}
			p.report(codeControl, place, fmt.Sprintf("the character U+%04X indents the line", r), "indent with spaces")
			if bytes.IndexFunc(indent, func(r rune) bool { return !isNarrow(r) }) < 0 {
				p.fix([]Edit{replacing(place, strings.Repeat(" ", width))})
			}
			text := bytes.TrimRight(rest, "\r\n")
			copy(l[width:], text)
			fill := l[width+len(text) : len(indent)+len(text)]
			copy(l, bytes.Repeat([]byte{' '}, width))
			copy(fill, bytes.Repeat([]byte{' '}, len(fill)))
		}
		line++
	}
	return b
}

// isNarrow reports whether a character is a blank of one column.
func isNarrow(r rune) bool { return unicode.Is(unicode.Zs, r) && r != '\u3000' }

// allPlain reports whether a text is printable ASCII.
func allPlain(b []byte) bool {
	for i, c := range b {
		if c >= 0x20 && c < 0x7f || c == '\n' || c == '\t' || c == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			continue
		}
		return false
	}
	return true
}

// judge says what is wrong with a character: YAML 1.2 §5.1 allows printable
// ones; here the line breaks that only YAML 1.1 knew are refused too.
func judge(r rune, size int, b []byte) (why string, c Code, ok bool) {
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("the byte 0x%02x is not UTF-8", b[0]), codeBadUTF8, false
	case r == '\r' && (len(b) == 1 || b[1] == '\n'):
		return "", Code{}, true
	case r == '\r':
		return "a carriage return stands within the line", codeControl, false
	case r == '\n' || r == '\t':
		return "", Code{}, true
	case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff:
		return fmt.Sprintf("the character U+%04X cannot be seen", r), codeControl, false
	}
	return "", Code{}, true
}

func characterHint(c Code, r rune) string {
	if c == codeBadUTF8 {
		return "save the file as UTF-8"
	}
	return fmt.Sprintf("take it out, or write \"\\u%04x\" in double quotes", r)
}

// standIn returns a harmless character of so many bytes.
func standIn(size int) string {
	switch size {
	case 1:
		return "_"
	case 2:
		return "¿"
	}
	return "\uFFFD"
}
