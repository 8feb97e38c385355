package schema

import "bytes"

// change is an edit within one line before its place is known: a stretch of
// the line, counted from zero, in bytes.
type change struct {
	line, from, to int
	text           string
}

// edits returns changes as edits; nil when there are none, or when a line of
// theirs is not editable.
func (t *text) edits(changes ...change) []Edit {
	var edits []Edit
	for _, c := range changes {
		if !t.editable(c.line) {
			return nil
		}
		edits = append(edits, replacing(t.stretch(c.line, c.from, c.to), c.text))
	}
	return edits
}

// longestEdited is how many bytes a line may have that is edited, so that a
// line of many faults does not cost the square of its length.
const longestEdited = 4 << 10

// editable reports whether a line is the author's, neither mended nor cleaned,
// and not too long.
func (t *text) editable(line int) bool {
	if t.end(line)-t.starts[line] > longestEdited {
		return false
	}
	return t.original == nil || bytes.Equal(t.line(line), t.original.line(line))
}

// Edit returns the edit that replaces a stretch of the scalar's Text, given in
// bytes; the new text must hold no quote, backslash or line break. It is false
// where the stretch does not stand in the source as it stands in Text.
func (n *Node) Edit(offset, length int, text string) (Edit, bool) {
	t := n.inside.text
	if t == nil || n.Style != Literal && n.inside.length == 0 || offset < 0 || offset+length > len(n.Text) {
		return Edit{}, false
	}
	p := n.At(offset, length)
	line := p.Line - t.first
	if line >= t.lines() || !t.editable(line) {
		return Edit{}, false
	}
	from := t.offset(Position{line + 1, p.Column})
	if !bytes.HasPrefix(t.bytes[from:t.end(line)], []byte(n.Text[offset:offset+length])) || n.Style == Literal && p == n.Place {
		return Edit{}, false
	}
	return replacing(p, text), true
}

// replaced returns the edit that puts other source text in the place of a
// scalar of one line; nil where the scalar is not one.
func (n *Node) replaced(text string) []Edit {
	in := n.inside
	if in.length == 0 || !in.text.editable(n.Place.Line-in.text.first) {
		return nil
	}
	return []Edit{replacing(n.Place, text)}
}
