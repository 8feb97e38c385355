package schema

import (
	"bytes"
	"fmt"
	"slices"
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

func (r *reader) mapping(n *Node, y *yaml.Node, depth int) {
	n.Kind = Map
	n.Place.Length = flowLength(y)
	n.Entries = make([]Entry, 0, len(y.Content)/2)
	var seen map[string]int
	joined := false // another definition or mapping follows, whose keys are no others' duplicates
	if len(y.Content) > 2*few {
		seen = make(map[string]int, len(y.Content)/2)
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, ok := r.key(y.Content[i])
		value := r.node(y.Content[i+1], depth+1)
		n.inside.flawed = n.inside.flawed || !ok || value.faulty()
		if !ok {
			continue
		}
		if i := n.indexOf(key.Text, seen); i >= 0 {
			first := n.Entries[i]
			n.inside.flawed, first.Value.inside.flawed = true, true
			if !joined {
				hint := "keep one of them"
				if last := n.Entries[len(n.Entries)-1]; depth == 1 && slices.Contains(kindWords, key.Text) {
					hint, joined = "divide two definitions by a line ---", true
				} else if last.Value.blank() {
					hint, joined = "indent it below "+last.Key+", or keep one of them", true
				}
				r.duplicate(&key, first.KeyPlace, hint)
			}
			continue
		}
		if y.Style&yaml.FlowStyle != 0 && value.blank() {
			n.inside.flawed = true
			before := len(n.Entries) - 1
			r.missingValue(&key, before >= 0 && n.Entries[before].Value.Kind == String && n.Entries[before].Value.Style == Plain)
			continue
		}
		if seen != nil {
			seen[key.Text] = len(n.Entries)
		}
		n.Entries = append(n.Entries, Entry{Key: key.Text, KeyPlace: key.Place, Value: value})
	}
}

// duplicate reports a key that a mapping has already.
func (r *reader) duplicate(key *Node, first Place, hint string) {
	d := codeDuplicateKey.At(key.Place, fmt.Sprintf("the key %q stands here twice", key.Text), hint)
	d.Related = []Related{{Place: first, Message: "it stands here first"}}
	r.diagnostics = append(r.diagnostics, d)
}

// few is how many keys are compared one by one.
const few = 8

// indexOf returns the index of a key among the entries, or -1. seen holds the
// indexes where there may be more than a few.
func (n *Node) indexOf(key string, seen map[string]int) int {
	if seen == nil {
		return slices.IndexFunc(n.Entries, func(e Entry) bool { return e.Key == key })
	}
	if i, ok := seen[key]; ok {
		return i
	}
	return -1
}

// missingValue reports a key without a value between braces, which is most
// often a comma within a text or a colon without a space; text says that a
// text without quotes stands before it.
func (r *reader) missingValue(key *Node, text bool) {
	hint := fmt.Sprintf("write %s: and its value", key.Text)
	if strings.Contains(key.Text, " ") {
		hint = "quote a text that holds a comma"
	} else if text {
		hint = "quote a text that holds a comma, or " + hint
	}
	if name, value, ok := strings.Cut(key.Text, ":"); ok && key.Style == Plain {
		hint = fmt.Sprintf("put a space after the colon: %s: %s", name, value)
	}
	r.report(codeMissingValue, key.Place, fmt.Sprintf("the key %q has no value", key.Text), hint)
	if i := tightKey(key); i > 0 {
		if e, ok := key.Edit(i, 0, " "); ok {
			r.fix([]Edit{e})
		}
	}
}

// key reads a key, which must be text. Nobody keeps its node.
func (r *reader) key(y *yaml.Node) (n Node, ok bool) {
	r.place(&n, y)
	if y.Kind == yaml.SequenceNode || y.Kind == yaml.MappingNode {
		n.Place.Length = flowLength(y)
		r.report(codeNonStringKey, n.Place, "a key must be text, not "+kindOf(y), "quote it, if it is meant as text")
		return n, false
	}
	if r.indicator(&n, y) {
		return n, false
	}
	r.scalar(&n, y)
	switch {
	case n.Style == Plain && n.Text == "<<":
		r.report(codeMergeKey, n.Place, "the key << merges mappings in some versions of YAML", "write out what it would bring in")
		return n, false
	case n.Kind != String:
		hint := "quote it: " + singleQuoted(n.Text)
		if n.Text == "" {
			hint = "write a name before the colon"
		}
		r.report(codeNonStringKey, n.Place, "a key must be text, not "+n.Kind.noun(), hint)
		if n.Text != "" && !n.inside.odd {
			r.fix(n.replaced(singleQuoted(n.Text)))
		}
		return n, false
	}
	return n, true
}

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
