package schema

import (
	"bytes"
	"maps"
	"strings"

	"gopkg.in/yaml.v3"
)

// reading is a document as far as it could be read.
type reading struct {
	root *Node // nil when nothing could be
	text *text
	// partial says that there were faults of YAML, so that what was read may
	// not be all that was written.
	partial bool
}

// read reads the document's YAML. After a fault it mends the faulty line and
// goes on, so that all faults are found, each at its line.
func (p *parser) read() reading {
	original := newText(p.document.File, p.document.Line, p.document.Text)
	t := original
	if b := p.clean(); len(p.diagnostics) > 0 {
		t = newText(p.document.File, p.document.Line, b)
		t.original = original
	}
	partial := len(p.diagnostics) > 0
	d := newDecoder(len(t.bytes))
	root, f := d.find(t)
	var e explanation
	for range maxFaults {
		if f == nil {
			break
		}
		partial = true
		before := e
		if e = explain(t, f); !e.echoes(t, before) {
			p.diagnostics = append(p.diagnostics, e.at(original, t)...)
		}
		if e.last {
			break
		}
		next, node, later := d.mend(t, f, e)
		if next == nil {
			break
		}
		next.original = original
		t, root, f = next, node, later
	}
	if f != nil {
		return reading{text: t, partial: true}
	}
	r := reader{text: t}
	if root == nil {
		return reading{root: &Node{Kind: Map, inside: inside{flawed: true}}, text: t, partial: partial}
	}
	n := r.node(root, 1)
	p.diagnostics = append(p.diagnostics, r.diagnostics...)
	for line := range t.lost {
		n.lose(t.first + line)
	}
	return reading{root: n, text: t, partial: partial}
}

// lose notes that a line of the file is lost, in each node around it. A block
// scalar ends where the line was that should have been its next.
func (n *Node) lose(line int) {
	n.inside.flawed = true
	var last *Node
	switch n.Kind {
	case Map:
		for _, e := range n.Entries {
			if e.KeyPlace.Line < line {
				last = e.Value
			}
		}
	case List:
		for _, item := range n.Items {
			if item.Place.Line < line {
				last = item
			}
		}
	default:
		n.inside.bad = n.inside.bad || n.Style == Literal || n.Style == Folded
	}
	if last != nil {
		last.lose(line)
	}
}

// echoes reports whether a fault is that of the lines before it, which are
// blank by now: the next line of a block that is indented wrongly as a whole,
// or of a text without a key.
func (e explanation) echoes(t *text, before explanation) bool {
	if len(before.spots) == 0 || e.line <= before.line {
		return false
	}
	a, b := before.spots[0], e.spots[0]
	if a.code != b.code || a.message != b.message || a.from != b.from || b.code != codeIndent && b.code != codeSyntax {
		return false
	}
	for i := a.line; i < b.line; i++ {
		if !blankOrComment(t.line(i)) {
			return false
		}
	}
	return true
}

// mend returns the text with the faulty line changed so that it can be read
// further, and the next fault; the text is nil when nothing helped.
func (d *decoder) mend(t *text, f *fault, e explanation) (*text, *yaml.Node, *fault) {
	changes := []map[int]string{e.mended, quoteLine(t, e.line), dropEntry(t, f.line)}
	if e.spots[0].code == codeUnclosedFlow {
		changes[1] = emptyEntry(t, e.line)
	}
	for _, change := range changes {
		if len(change) == 0 || d.budget < 0 {
			continue
		}
		next := t.with(change)
		root, later := d.find(next)
		if later == nil || later.line > f.line {
			return next, root, later
		}
	}
	return nil, nil, nil
}

// with returns the text with some lines replaced.
func (t *text) with(lines map[int]string) *text {
	var b bytes.Buffer
	for i := range t.lines() {
		if s, ok := lines[i]; ok {
			b.WriteString(s)
		} else {
			b.Write(t.line(i))
		}
		if i+1 < t.lines() {
			b.WriteByte('\n')
		}
	}
	next := newText(t.file, t.first, b.Bytes())
	next.mended = make(map[int]bool, len(t.mended)+len(lines))
	for i := range t.mended {
		next.mended[i] = true
	}
	next.lost = maps.Clone(t.lost)
	for i, s := range lines {
		next.mended[i] = true
		if s == "" && !blankOrComment(t.line(i)) {
			if next.lost == nil {
				next.lost = make(map[int]bool)
			}
			next.lost[i] = true
		}
	}
	return next
}

// quoteLine quotes the value of a line.
func quoteLine(t *text, line int) map[int]string {
	l := anatomyOf(t.line(line))
	if l.value == "" {
		return nil
	}
	return map[int]string{line: l.before + "'" + strings.ReplaceAll(l.value, "'", "''") + "'"}
}

// dropEntry blanks a line and those below that are indented more.
func dropEntry(t *text, line int) map[int]string {
	change := map[int]string{line: ""}
	indent := anatomyOf(t.line(line)).indent
	for i := line + 1; i < t.lines(); i++ {
		l := t.line(i)
		if !blankOrComment(l) && anatomyOf(l).indent <= indent {
			break
		}
		change[i] = ""
	}
	return change
}

// emptyEntry leaves an entry its key alone, whose value is known to be bad.
func emptyEntry(t *text, line int) map[int]string {
	l := anatomyOf(t.line(line))
	if l.value == "" {
		return dropEntry(t, line)
	}
	return emptied(t, line, l.before)
}

// emptied leaves of an entry what stands before its value, and an empty one.
func emptied(t *text, line int, before string) map[int]string {
	change := dropEntry(t, line)
	for i := line + len(change); i < t.lines() && closesFlow(t.line(i)); i++ {
		change[i] = ""
	}
	change[line] = before + "''"
	return change
}

// closesFlow reports whether a line begins with a closing bracket.
func closesFlow(line []byte) bool {
	return bytes.IndexAny(bytes.TrimLeft(line, " \t"), "]}") == 0
}
