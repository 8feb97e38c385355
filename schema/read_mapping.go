package schema

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

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
