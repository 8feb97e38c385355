package schema

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// inside is what a node keeps of how it was read.
type inside struct {
	text   *text
	offset int // in text, of the first byte
	length int // in bytes, with quotes; 0 unless the scalar stands on one line

	odd    bool // a number in a form that programs read differently
	bad    bool // not to be used: a fault lies in the node itself
	flawed bool // a fault lies somewhere in the node
}

// faulty reports whether something is wrong with the node or within it.
func (n *Node) faulty() bool { return n.inside.bad || n.inside.flawed }

// blank reports whether nothing was written for the node.
func (n *Node) blank() bool { return n.Kind == Null && n.Text == "" && !n.inside.bad }

// At returns the place of a stretch of the scalar's Text: offset and length
// count bytes of Text. It is exact for plain and quoted scalars of one line
// and for literal blocks; elsewhere it is the start of the scalar. A stretch
// that goes on after its first line is cut there.
func (n *Node) At(offset, length int) Place {
	in := n.inside
	if in.text == nil || in.text.mended[n.Place.Line-in.text.first] {
		return n.Place
	}
	offset = max(0, min(offset, len(n.Text)))
	end := max(offset, min(offset+length, len(n.Text)))
	if n.Style == Literal {
		return n.atLiteral(offset, end)
	}
	if in.length == 0 {
		return n.Place
	}
	src := in.text.bytes[in.offset : in.offset+in.length]
	from, to := offset, end
	if n.Style != Plain {
		from = n.quotedOffset(src, offset)
		to = from + n.quotedLength(src[from:], end-offset)
	}
	p := n.Place
	p.Column += utf8.RuneCount(src[:from])
	p.Length = utf8.RuneCount(src[from:to])
	return p
}

// quotedOffset returns where in a quoted scalar the byte of its Text stands.
func (n *Node) quotedOffset(src []byte, offset int) int { return 1 + n.quotedLength(src[1:], offset) }

// quotedLength returns how much of the inside of a quoted scalar stands for so
// many bytes of Text.
func (n *Node) quotedLength(src []byte, count int) int {
	i := 0
	for count > 0 && i < len(src) {
		written, stands := 1, 1
		switch {
		case n.Style == DoubleQuoted && src[i] == '\\':
			written, stands = escapeLength(src[i:])
		case n.Style == SingleQuoted && src[i] == '\'':
			written = 2
		}
		i += written
		count -= stands
	}
	return min(i, len(src))
}

// atLiteral returns the place of a stretch of a literal block. Each line of
// Text is a line of the source after the block's indentation, which the first
// line that holds anything shows.
func (n *Node) atLiteral(offset, end int) Place {
	t := n.inside.text
	header := n.Place.Line - t.first
	index := strings.Count(n.Text[:offset], "\n")
	start := strings.LastIndexByte(n.Text[:offset], '\n') + 1
	if i := strings.IndexByte(n.Text[offset:end], '\n'); i >= 0 {
		end = offset + i
	}
	line := header + 1 + index
	if line >= t.lines() {
		return n.Place
	}
	indent, ok := n.indentation(header + 1)
	if !ok {
		return n.Place
	}
	return t.stretch(line, indent+offset-start, indent+end-start)
}

// indentation returns how far a literal block is indented whose text begins
// on a line.
func (n *Node) indentation(line int) (int, bool) {
	t := n.inside.text
	for l := range strings.SplitSeq(n.Text, "\n") {
		if line >= t.lines() {
			break
		}
		if l != "" {
			src := t.line(line)
			return len(src) - len(l), bytes.HasSuffix(src, []byte(l))
		}
		line++
	}
	return 0, false
}
