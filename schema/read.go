package schema

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxDepth is how deeply lists and mappings may be nested.
const maxDepth = 1000

// longestComment is how many bytes of a comment are looked at.
const longestComment = 1 << 10

// reader turns the YAML library's nodes into ours, strictly: what YAML allows
// and people mean otherwise is a diagnostic. A node that cannot be taken at
// its word is bad, a node with a fault somewhere in it flawed.
type reader struct {
	text        *text
	diagnostics []Diagnostic
	tooDeep     bool
	flow        int // how many brackets are around the node
	unused      []Node
}

func (r *reader) report(c Code, p Place, message, hint string) {
	r.diagnostics = append(r.diagnostics, c.At(p, message, hint))
}

// fix gives the last diagnostic its fix, if there is one.
func (r *reader) fix(edits []Edit) { r.diagnostics[len(r.diagnostics)-1].Fix = edits }

func (r *reader) node(y *yaml.Node, depth int) *Node {
	n := r.begin(y)
	n.inside.bad = r.text.mended[y.Line-1] && y.Kind == yaml.ScalarNode
	if depth > maxDepth {
		n.inside.bad = true
		if !r.tooDeep {
			r.tooDeep = true
			r.report(codeTooDeep, n.Place, fmt.Sprintf("nested more than %d deep", maxDepth), "")
		}
		return n
	}
	if r.indicator(n, y) {
		n.inside.bad = true
		return n
	}
	r.flow += flowLength(y)
	defer func() { r.flow -= flowLength(y) }()
	switch y.Kind {
	case yaml.SequenceNode:
		r.list(n, y, depth)
	case yaml.MappingNode:
		r.mapping(n, y, depth)
	default:
		r.scalar(n, y)
	}
	return n
}

// begin returns a node that knows where it begins.
func (r *reader) begin(y *yaml.Node) *Node {
	const chunk = 32 // nodes are made by so many, which is cheaper
	if len(r.unused) == 0 {
		r.unused = make([]Node, chunk)
	}
	n := &r.unused[0]
	r.unused = r.unused[1:]
	r.place(n, y)
	return n
}

func (r *reader) place(n *Node, y *yaml.Node) {
	n.inside.text = r.text
	n.inside.offset, n.Place = r.text.at(y.Line-1, y.Column)
}

// indicator reports the tag, anchor or alias that a node begins with.
func (r *reader) indicator(n *Node, y *yaml.Node) bool {
	const most = 256
	rest := r.text.rest(n.inside.offset, most)
	if len(rest) == 0 || n.inside.bad {
		return false
	}
	var code Code
	var what string
	switch rest[0] {
	case '!':
		code, what = codeTag, "a tag"
	case '&':
		code, what = codeAnchor, "an anchor"
	case '*':
		code, what = codeAlias, "an alias"
	default:
		return false
	}
	if r.flow > 0 {
		rest = rest[:plainFlowEnd(string(rest), 0)]
	}
	word, _, _ := bytes.Cut(rest, []byte{' '})
	n.Place.Length = utf8.RuneCount(word)
	hint := indicatorHint(string(word), string(rest))
	r.report(code, n.Place, fmt.Sprintf("%s is %s of YAML, not part of the value", word, what), hint)
	if line := n.Place.Line - r.text.first; hint == quoteHint(string(rest)) && r.text.editable(line) && !r.text.goesOn(line) {
		at := n.inside.offset - r.text.starts[line]
		r.fix(r.text.edits(quoting(code, r.text.keyBefore(n.inside.offset), line, at, strings.TrimRight(string(rest), " \t"))...))
	}
	return true
}

// indicatorHint says what to do about a word with which a value begins and
// that is no part of it: one before a value that is marked as such was meant
// as what it is, any other may be the beginning of a text.
func indicatorHint(word, rest string) string {
	value := strings.TrimLeft(rest[len(word):], " ")
	switch {
	case strings.HasPrefix(word, "!!"), value != "" && strings.IndexByte("{[\"'|>", value[0]) >= 0, value == "" && word[0] == '&':
		return "take it out"
	case word[0] == '&':
		return "take it out, or " + quoteHint(rest)
	}
	return quoteHint(rest)
}

func (r *reader) list(n *Node, y *yaml.Node, depth int) {
	n.Kind = List
	n.Place.Length = flowLength(y)
	n.Items = make([]*Node, len(y.Content))
	for i, c := range y.Content {
		n.Items[i] = r.node(c, depth+1)
		n.inside.flawed = n.inside.flawed || n.Items[i].faulty()
	}
}
