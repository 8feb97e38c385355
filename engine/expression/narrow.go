package expression

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// A fact is what is known of a path where a condition holds: data never
// changes, so that it stays true as long as the path means the same.
type fact struct {
	path string
	typ  *jsonschema.Type
}

const (
	// maxPath is how long a path may be that is kept track of, and maxKnown how
	// many facts are, so that a long expression takes no more than its time.
	maxPath  = 256
	maxKnown = 64

	step = "\x00" // between the names of a path
)

// below is the path of a member.
func below(path, name string) string {
	if path == "" || len(path)+len(name) > maxPath {
		return ""
	}
	return path + step + name
}

// narrowed is the type of a path as the facts have it.
func (t *typer) narrowed(path string, typ *jsonschema.Type) *jsonschema.Type {
	if path != "" {
		if f, ok := lookUp(t.facts, path); ok {
			return f
		}
	}
	return typ
}

func lookUp(facts []fact, path string) (*jsonschema.Type, bool) {
	for _, f := range slices.Backward(facts) {
		if f.path == path {
			return f.typ, true
		}
	}
	return nil, false
}

// where calls f where further facts hold.
func (t *typer) where(facts []fact, f func()) {
	outer := t.facts
	if len(outer)+len(facts) <= 4*maxKnown {
		t.facts = joined(outer, facts)
	}
	f()
	t.facts = outer
}

// joined are the facts where both hold.
func joined(a, b []fact) []fact {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	all := append(slices.Clip(a), b...)
	if len(all) > 4*maxKnown {
		return all[:4*maxKnown]
	}
	return all
}

// either are the facts where one or the other holds.
func either(a, b []fact) []fact {
	var out []fact
	for _, f := range a[:min(len(a), maxKnown)] {
		if _, done := lookUp(out, f.path); done {
			continue
		}
		x, _ := lookUp(a, f.path)
		if y, ok := lookUp(b, f.path); ok {
			out = append(out, fact{f.path, jsonschema.Union(x, y)})
		}
	}
	return out
}

// there are the facts where a part is not null.
func (t *typer) there(n ast.Node, o outcome) []fact {
	if !t.on("narrow null") {
		return nil
	}
	var facts []fact
	if t.on("narrow ?.") {
		facts = t.links(n)
	}
	if o.path != "" {
		facts = append(facts, fact{o.path, o.typ.Present()})
	}
	return facts
}

// links are the facts where a path with ?. in it did not end early.
func (t *typer) links(n ast.Node) []fact {
	switch n := n.(type) {
	case *ast.ChainNode:
		return t.links(n.Node)
	case *ast.MemberNode:
		facts := t.links(n.Node)
		if n.Optional {
			if typ, path := t.pathType(n.Node); path != "" {
				facts = append(facts, fact{path, t.narrowed(path, typ).Present()})
			}
		}
		return facts
	}
	return nil
}

// pathType is the type of a plain path as it was declared, whatever the facts.
func (t *typer) pathType(n ast.Node) (*jsonschema.Type, string) {
	switch n := n.(type) {
	case *ast.ChainNode:
		return t.pathType(n.Node)
	case *ast.IdentifierNode:
		if o, ok := t.named[n.Value]; ok {
			return o.typ, n.Value
		}
		if typ, ok := t.scope.Names[n.Value]; ok && typ != nil {
			return typ, n.Value
		}
	case *ast.PointerNode:
		if n.Name == "" && len(t.elems) > 0 {
			return t.elems[len(t.elems)-1], t.element()
		}
	case *ast.MemberNode:
		name, ok := property(n)
		if !ok {
			return unknownType, ""
		}
		base, path := t.pathType(n.Node)
		var found []*jsonschema.Type
		for _, option := range base.Each() {
			if of, ok := option.Member(name.Value); ok {
				found = append(found, of)
			}
		}
		return jsonschema.Union(found...), below(path, name.Value)
	}
	return unknownType, ""
}

// refined is the type of an element that a filter let through: facts are of
// the path of the element.
func refined(elem *jsonschema.Type, path string, facts []fact) *jsonschema.Type {
	for _, f := range facts {
		if f.path == path {
			elem = f.typ
			continue
		}
		if names, ok := strings.CutPrefix(f.path, path+step); ok {
			elem = withMember(elem, strings.Split(names, step), f.typ)
		}
	}
	return elem
}

// withMember is an object with what is known of a member in it.
func withMember(t *jsonschema.Type, names []string, member *jsonschema.Type) *jsonschema.Type {
	if len(names) == 0 {
		return member
	}
	if t.Kind != jsonschema.ObjectKind {
		return t
	}
	inner, ok := t.Member(names[0])
	if !ok {
		return t
	}
	object := *t
	object.Members = make(map[string]jsonschema.Member, len(t.Members)+1)
	for name, m := range t.Members {
		object.Members[name] = m
	}
	object.Members[names[0]] = jsonschema.Member{Type: withMember(inner, names[1:], member), Required: true}
	return &object
}
