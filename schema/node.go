package schema

import "strings"

// NodeKind is what a node is under YAML 1.2's core schema, which is JSON's
// set of values.
type NodeKind uint8

const (
	Null NodeKind = iota
	Bool
	Number
	String
	List
	Map
)

// Style is how a scalar was written.
type Style uint8

const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal // |
	Folded  // >
)

// A Node is a value as its author wrote it, with its place. Nodes hold no
// aliases, tags, merge keys or duplicate keys: those are diagnostics. A Node
// is never changed after Parse returned it.
type Node struct {
	Kind  NodeKind
	Style Style
	// Text is a scalar's value: for plain scalars the source text, for quoted
	// and block scalars what it stands for.
	Text string
	// Place is where the value begins, and for a scalar of one line its extent
	// with its quotes; for a block scalar it is the "|" or ">".
	Place Place
	// Items are the elements of a List.
	Items []*Node
	// Entries are the members of a Map, in the order in which they were written.
	Entries []Entry

	inside inside
}

// An Entry is a key of a Map with its value.
type Entry struct {
	Key      string
	KeyPlace Place
	Value    *Node
}

// Get returns the value of a key of a Map, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, e := range n.Entries {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// OneLine returns the node without the final line break that "|" and ">" leave
// (YAML 1.2 §8.1.1.2), for values that are one line wherever they are used. A
// node without one is returned as it is.
func (n *Node) OneLine() *Node {
	if n == nil || n.Style != Literal && n.Style != Folded || !strings.HasSuffix(n.Text, "\n") {
		return n
	}
	line := *n
	line.Text = strings.TrimSuffix(n.Text, "\n")
	return &line
}

// IsScalar reports whether the node is neither a List nor a Map.
func (n *Node) IsScalar() bool { return n.Kind != List && n.Kind != Map }

// noun returns what a value of the kind is called in messages.
func (k NodeKind) noun() string {
	switch k {
	case Null:
		return "nothing"
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "text"
	case List:
		return "a list"
	}
	return "a mapping"
}
