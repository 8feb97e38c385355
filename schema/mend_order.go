package schema

import (
	"bytes"
	"strings"
)

// moveUp is the edit that makes the entry of a block mapping its first, with
// the comments directly above it. Comments at the very top stay there. There
// is none where the entry takes more than one line.
func moveUp(root *Node, entry int) []Edit {
	t, e, top := root.inside.text, root.Entries[entry], root.Entries[0]
	last := e.KeyPlace.Line - t.first
	if root.Place.Length > 0 || e.Value.inside.length == 0 || e.Value.Place.Line != e.KeyPlace.Line {
		return nil
	}
	from := t.commentsAbove(last, e.KeyPlace.Column-1)
	target := top.KeyPlace.Line - t.first
	if above := t.commentsAbove(target, top.KeyPlace.Column-1); above > 0 {
		target = above
	}
	var moved strings.Builder
	for i := from; i <= last; i++ {
		if !t.editable(i) {
			return nil
		}
		moved.Write(t.line(i))
		moved.WriteByte('\n')
	}
	away := Edit{From: Position{t.first + from, 1}, To: Position{t.first + last + 1, 1}}
	if last+1 == t.lines() && !bytes.HasSuffix(t.bytes, newline) {
		end := func(line int) Position { return Position{t.first + line, t.point(line, 1+len(t.line(line)), 0).Column} }
		away = Edit{From: end(from - 1), To: end(last)}
	}
	to := Position{t.first + target, 1}
	return []Edit{{From: to, To: to, Text: moved.String()}, away}
}

// commentsAbove returns the first of the comment lines right above a line that
// are indented as far; the line itself where there is none.
func (t *text) commentsAbove(line, indent int) int {
	for line > 0 {
		l := t.line(line - 1)
		text := bytes.TrimLeft(l, " ")
		if len(text) == 0 || text[0] != '#' || len(l)-len(text) != indent {
			break
		}
		line--
	}
	return line
}
