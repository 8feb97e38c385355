package schema

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"
)

// A Position is a point in a file: before the character at Column of Line,
// both counted from one, columns in characters as in a Place. Beyond the end
// of a line or of the file it is that end.
type Position struct {
	Line, Column int
}

// An Edit replaces what stands between two positions of a file.
type Edit struct {
	From, To Position
	// Text takes its place. A line break in it, "\n", is written as the file
	// writes its own.
	Text string
}

// replacing is the edit that puts a text in the place of what stands there.
func replacing(p Place, text string) Edit {
	from := Position{p.Line, p.Column}
	return Edit{From: from, To: Position{p.Line, p.Column + p.Length}, Text: text}
}

// moved returns the edit as many lines further down.
func (e Edit) moved(lines int) Edit {
	e.From.Line += lines
	e.To.Line += lines
	return e
}

// MovedFix returns the fix of a diagnostic whose document stands as many lines
// further down than when it was read.
func (d Diagnostic) MovedFix(lines int) []Edit {
	if lines == 0 || d.Fix == nil {
		return d.Fix
	}
	moved := make([]Edit, len(d.Fix))
	for i, e := range d.Fix {
		moved[i] = e.moved(lines)
	}
	return moved
}

func comparePositions(a, b Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func compareEdits(a, b Edit) int {
	return cmp.Or(comparePositions(a.From, b.From), comparePositions(a.To, b.To), cmp.Compare(a.Text, b.Text))
}

// clash reports whether it would matter which of two edits came first.
func clash(a, b Edit) bool {
	if compareEdits(a, b) > 0 {
		a, b = b, a
	}
	return comparePositions(a.To, b.From) > 0 || a.From == b.From && (a.From == a.To) == (b.From == b.To)
}

// Splice returns a file with edits made, which must not overlap. Every byte
// outside them stays as it is; src is not written to.
func Splice(src []byte, edits []Edit) []byte {
	edits = slices.SortedFunc(slices.Values(edits), compareEdits)
	body := bytes.TrimPrefix(src, byteOrderMark)
	t := newText("", 1, body)
	out := slices.Clone(src[:len(src)-len(body)])
	at := 0
	for _, e := range edits {
		from, to := t.offset(e.From), t.offset(e.To)
		out = append(out, body[at:max(at, from)]...)
		out = append(out, t.broken(e)...)
		at = max(at, to)
	}
	return append(out, body[at:]...)
}

// broken returns the text of an edit with line breaks like those around it.
func (t *text) broken(e Edit) []byte {
	line := max(0, min(e.From.Line, t.lines())-1)
	if line > 0 && line+1 == t.lines() && !bytes.HasSuffix(t.bytes, newline) {
		line-- // the last line has none
	}
	if !bytes.HasSuffix(t.bytes[:t.end(line)], []byte("\r\n")) {
		return []byte(e.Text)
	}
	return bytes.ReplaceAll([]byte(e.Text), newline, []byte("\r\n"))
}

// end returns the offset after a line, counted from zero, and its line break.
func (t *text) end(line int) int {
	if line+1 < t.lines() {
		return t.starts[line+1]
	}
	return len(t.bytes)
}

// offset returns the byte that a position stands before.
func (t *text) offset(p Position) int {
	if p.Line > t.lines() {
		return len(t.bytes)
	}
	at := t.starts[p.Line-1]
	end := at + len(t.line(p.Line-1))
	for column := 1; column < p.Column && at < end; column++ {
		_, size := utf8.DecodeRune(t.bytes[at:end])
		at += size
	}
	return at
}

// Mend applies the fixes of a file's diagnostics and returns the file with
// those that were applied. Of fixes that overlap the first one counts; edits
// that are equal are made once.
func Mend(src []byte, ds []Diagnostic) (mended []byte, applied []Diagnostic) {
	var edits []Edit // sorted
	for _, d := range ds {
		if d.Fix == nil {
			continue
		}
		if more, ok := joined(edits, d.Fix); ok {
			edits, applied = more, append(applied, d)
		}
	}
	if applied == nil {
		return src, nil
	}
	return Splice(src, edits), applied
}

// joined returns sorted edits with those of a fix among them; ok is false when
// one clashes with another.
func joined(edits, fix []Edit) (all []Edit, ok bool) {
	all = slices.Clone(edits)
	for _, e := range fix {
		i, found := slices.BinarySearchFunc(all, e, compareEdits)
		switch {
		case found:
		case i > 0 && clash(all[i-1], e), i < len(all) && clash(e, all[i]):
			return nil, false
		default:
			all = slices.Insert(all, i, e)
		}
	}
	return all, true
}
