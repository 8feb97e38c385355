package schema

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

func (r *reader) scalar(n *Node, y *yaml.Node) {
	n.Text = y.Value
	n.Kind = String
	switch {
	case y.Style&yaml.LiteralStyle != 0:
		n.Style, n.Place.Length = Literal, 1
	case y.Style&yaml.FoldedStyle != 0:
		n.Style, n.Place.Length = Folded, 1
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = DoubleQuoted
		n.measure(quotedLength(r.text.bytes[n.inside.offset:], '"'))
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = SingleQuoted
		n.measure(quotedLength(r.text.bytes[n.inside.offset:], '\''))
	default:
		n.Kind, n.inside.odd = resolve(n.Text)
		if bytes.HasPrefix(r.text.bytes[n.inside.offset:], []byte(n.Text)) {
			n.measure(len(n.Text))
		}
		r.commentCut(n)
	}
}

// measure sets the extent of a scalar of one line, in bytes with its quotes.
func (n *Node) measure(length int) {
	t, in := n.inside.text, &n.inside
	in.length = length
	n.Place.Length = utf8.RuneCount(t.bytes[in.offset : in.offset+length])
	if line := n.Place.Line - t.first; t.mended[line] {
		n.Place = t.original.point(line, n.Place.Column, n.Place.Length)
	}
}

// commentCut reports a plain scalar that ends at a comment although it, or
// the comment, looks as if it should go on.
func (r *reader) commentCut(n *Node) {
	if n.Text == "" || n.inside.bad {
		return
	}
	end := plainEnd(r.text.bytes, n.inside.offset, n.Text)
	comment := bytes.TrimLeft(r.text.rest(end, longestComment), " \t")
	if len(comment) == 0 || comment[0] != '#' || !leftOpen(n.Text) && !bytes.Contains(comment, []byte("${")) {
		return
	}
	n.inside.bad = true
	r.report(codeCommentCut, n.Place, "the value ends at \" #\", where a comment begins", quoteHint(n.Text+" "+string(comment)))
	from := n.inside.offset
	line := r.text.lineAt(from)
	whole := strings.TrimRight(string(r.text.rest(from, longestComment)), " \t")
	if n.inside.length > 0 && len(whole) < longestComment && cutShort(whole) {
		at := from - r.text.starts[line]
		r.fix(r.text.edits(change{line, at, at + len(whole), singleQuoted(whole)}))
	}
}

// plainEnd returns where a plain scalar ends that begins at an offset: its
// words are those of its value, with any white space between them.
func plainEnd(src []byte, at int, value string) int {
	for i := 0; i < len(value) && at < len(src); {
		switch {
		case isSpace(value[i]):
			i++
		case isSpace(src[at]):
			at++
		default:
			i, at = i+1, at+1
		}
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func flowLength(y *yaml.Node) int {
	if y.Style&yaml.FlowStyle != 0 {
		return 1
	}
	return 0
}

func kindOf(y *yaml.Node) string {
	if y.Kind == yaml.MappingNode {
		return Map.noun()
	}
	return List.noun()
}
