package expression

import (
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/schema"
)

const (
	maxBytes = 64 << 10 // of one expression
	maxDepth = 200      // of brackets in an expression
	maxNodes = 10_000   // of an expression's syntax tree

	maxDataDepth = 1_000 // of lists and objects that an expression goes through
)

// A source is the text of one expression and where it stands.
type source struct {
	node *schema.Node
	base int // offset of text in node.Text
	text string
}

// whole is the source of an expression field.
func whole(n *schema.Node) source {
	return source{node: n, text: n.Text}
}

// place returns where a stretch of the expression stands. The parser counts
// in runes, nodes count in bytes.
func (s source) place(l file.Location) schema.Place {
	from, to := s.offset(l.From), s.offset(l.To)
	return s.at(from, max(to-from, 0))
}

// all is the place of the whole expression without the blanks around it.
func (s source) all() schema.Place {
	trimmed := strings.TrimSpace(s.text)
	return s.at(strings.Index(s.text, trimmed), len(trimmed))
}

// at returns the place of length bytes at an offset of the expression.
func (s source) at(offset, length int) schema.Place {
	return s.node.At(s.base+offset, length)
}

// offset returns the byte offset of the nth rune.
func (s source) offset(runes int) int {
	at := 0
	for ; runes > 0 && at < len(s.text); runes-- {
		_, size := utf8.DecodeRuneInString(s.text[at:])
		at += size
	}
	return at
}

// word returns the text of a stretch.
func (s source) word(l file.Location) string {
	from, to := s.offset(l.From), s.offset(l.To)
	return s.text[from:max(from, to)]
}

// bracketed is a stretch that goes on to the matching bracket where it is `[`,
// as the place of x[0] is.
func (s source) bracketed(l file.Location) file.Location {
	if s.word(l) != "[" {
		return l
	}
	from, depth := s.offset(l.From), 0
	for i := from; i < len(s.text); i++ {
		switch s.text[i] {
		case '[':
			depth++
		case ']':
			depth--
		default:
			i = skip(s.text, i)
		}
		if depth == 0 {
			l.To = l.From + utf8.RuneCountInString(s.text[from:i+1])
			return l
		}
	}
	return l
}

// deep reports whether brackets are nested deeper than is allowed, so that
// the parser never recurses without bound.
func (s source) deep() bool {
	depth := 0
	for i := 0; i < len(s.text); i++ {
		switch s.text[i] {
		case '(', '[', '{':
			if depth++; depth > maxDepth {
				return true
			}
		case ')', ']', '}':
			depth--
		default:
			i = skip(s.text, i)
		}
	}
	return false
}
