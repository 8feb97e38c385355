package expression

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/schema"
)

const (
	quotedMessage = "a value touches a literal quote and could end the quotation"
	quotedHint    = "leave the quotes out and write odata(x) or json(x), which bring their own; in an attribute of XML write xml(x)"
)

// quotes reports values that are joined to a literal quote within an
// expression, as in "name eq '" + input.name + "'", and calls of xml that are
// joined to text where XML takes no value.
func (r *reader) quotes(n ast.Node) {
	if b, ok := n.(*ast.BinaryNode); ok && b.Operator == "+" {
		leaves := sum(b)
		var around markup
		for i, leaf := range leaves {
			text, literal := leaf.(*ast.StringNode)
			if literal {
				around.read(text.Value)
				continue
			}
			touched := i > 0 && quoteAt(leaves[i-1], strings.HasSuffix) || i+1 < len(leaves) && quoteAt(leaves[i+1], strings.HasPrefix)
			why, wrong := misplaced[around.at]
			if around.at == behindEquals {
				why, wrong = misplaced[inBareValue], true
			}
			switch isXML := quoting(leaf) == xmlName; {
			case isXML && wrong:
				r.found = append(r.found, BadSlot.At(r.source.place(r.extent(leaf)), why.message, why.hint))
			case touched && !(isXML && around.at == inQuotedValue):
				r.found = append(r.found, ValueInQuotes.At(r.source.place(r.extent(leaf)), quotedMessage, quotedHint))
			}
			around.put(" ", false)
		}
		for _, leaf := range leaves {
			r.quotes(leaf)
		}
		return
	}
	for _, child := range children(n) {
		r.quotes(*child)
	}
}

// sum returns the operands of a chain of +.
func sum(n ast.Node) []ast.Node {
	if b, ok := n.(*ast.BinaryNode); ok && b.Operator == "+" {
		return append(sum(b.Left), sum(b.Right)...)
	}
	return []ast.Node{n}
}

func quoteAt(n ast.Node, end func(s, quote string) bool) bool {
	s, ok := n.(*ast.StringNode)
	return ok && (end(s.Value, "'") || end(s.Value, `"`))
}

// extent is the stretch of a path from its first name to its last.
func (r *reader) extent(n ast.Node) file.Location {
	at := n.Location()
	if chain, ok := n.(*ast.ChainNode); ok {
		n = chain.Node
	}
	if _, ok := n.(*ast.MemberNode); ok {
		at = r.source.bracketed(at)
	}
	for {
		children := children(n)
		if len(children) == 0 {
			return at
		}
		switch n.(type) {
		case *ast.MemberNode, *ast.ChainNode:
		default:
			return at
		}
		n = *children[0]
		at.From = min(at.From, n.Location().From)
	}
}

// touchesQuote reports whether the piece at i is a slot next to a quote.
func touchesQuote(ps []piece, i int) bool {
	before := i > 0 && !ps[i-1].slot && endsInQuote(ps[i-1].text)
	after := i+1 < len(ps) && !ps[i+1].slot && beginsWithQuote(ps[i+1].text)
	return before || after
}

func endsInQuote(s string) bool {
	return strings.HasSuffix(s, "'") || strings.HasSuffix(s, `"`)
}

func beginsWithQuote(s string) bool {
	s = strings.TrimPrefix(s, `\`)
	return strings.HasPrefix(s, "'") || strings.HasPrefix(s, `"`)
}

// quotedSlot makes the diagnostic of a slot that touches a quote.
func quotedSlot(n *schema.Node, p piece) schema.Diagnostic {
	return ValueInQuotes.At(n.At(p.start, p.end-p.start), quotedMessage, quotedHint)
}
