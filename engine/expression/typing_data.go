package expression

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A shape is where the parts of a value were written, by which a fault in it
// is shown at its own place.
type shape struct {
	source   source
	at       file.Location
	members  map[string]file.Location
	branches []branch
}

// A branch is one of the values that an expression may come to.
type branch struct {
	typ *jsonschema.Type
	at  file.Location
}

// branches is the type of an expression that comes to one of its branches.
func (t *typer) branches(bs ...branch) outcome {
	types := make([]*jsonschema.Type, len(bs))
	for i, b := range bs {
		types[i] = b.typ
	}
	union := jsonschema.Union(types...)
	if !slices.Contains(types, union) {
		t.shapes[union] = shape{source: t.source, branches: bs}
	}
	return known(union)
}

func (t *typer) listOf(n *ast.ArrayNode) outcome {
	elems := make([]*jsonschema.Type, len(n.Nodes))
	for i := range n.Nodes {
		elems[i] = t.infer(&n.Nodes[i]).typ
	}
	if !t.on("list") {
		return nothingKnown
	}
	return known(&jsonschema.Type{Kind: jsonschema.ListKind, Elem: jsonschema.Union(elems...)})
}

func (t *typer) objectOf(n *ast.MapNode) outcome {
	typ := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: make(map[string]jsonschema.Member, len(n.Pairs)), Closed: true}
	s := shape{source: t.source, at: n.Location(), members: make(map[string]file.Location, len(n.Pairs))}
	for _, pair := range n.Pairs {
		pair, ok := pair.(*ast.PairNode)
		if !ok {
			return nothingKnown
		}
		value := t.infer(&pair.Value)
		if key, ok := pair.Key.(*ast.StringNode); ok {
			typ.Members[key.Value] = jsonschema.Member{Type: value.typ, Required: true}
			s.members[key.Value] = stretch(pair.Value)
			continue
		}
		t.infer(&pair.Key)
		typ.Rest, typ.Closed = unknownType, false
	}
	if !t.on("object") {
		return nothingKnown
	}
	if typ.Rest != nil { // a computed key may be any of the written ones
		for name := range typ.Members {
			typ.Members[name] = jsonschema.Member{Type: unknownType, Required: true}
		}
	}
	t.shapes[typ] = s
	return known(typ)
}

// memberOf is x.name, x["name"], x[0] and x[key].
func (t *typer) memberOf(n *ast.MemberNode) outcome {
	base := t.infer(&n.Node)
	name, named := property(n)
	var key outcome
	if !named {
		key = t.infer(&n.Property)
	}
	typ := base.typ
	if n.Optional && t.on("?.") {
		t.cut = t.cut || typ.MayBeNull()
		typ = typ.Present()
	} else {
		typ = t.base(n, base)
	}
	if !named {
		return t.elementAt(n, typ, key)
	}
	if !t.on("member") || n.Method {
		return nothingKnown
	}
	o := outcome{path: below(base.path, name.Value)}
	var found []*jsonschema.Type
	options := typ.Each()
	t.sure = t.sure && !slices.ContainsFunc(options, func(o *jsonschema.Type) bool { return o.Kind == jsonschema.Any })
	for _, option := range options {
		if option.Kind != jsonschema.Any && option.Kind != jsonschema.ObjectKind {
			continue
		}
		if of, ok := option.Member(name.Value); ok {
			found = append(found, of)
			m, declared := option.Members[name.Value]
			o.absent = o.absent || !m.Required && option.Kind == jsonschema.ObjectKind && (declared || option.Rest != nil)
		}
	}
	switch {
	case len(found) > 0:
		if len(found) < len(options) {
			t.sure = false
		}
		o.typ = t.narrowed(o.path, jsonschema.Union(found...))
		return o
	case len(options) > 0:
		t.noMember(n, name, options)
	}
	return nothingKnown
}

// noMember reports a member that none of the alternatives has.
func (t *typer) noMember(n *ast.MemberNode, name *ast.StringNode, options []*jsonschema.Type) {
	var members []string
	objects := 0
	for _, option := range options {
		if option.Kind == jsonschema.ObjectKind {
			objects++
			members = append(members, slices.Collect(maps.Keys(option.Members))...)
		}
	}
	if objects == 0 {
		code, message, hint := WrongType, fmt.Sprintf("%s has no property %q", wordFor(jsonschema.Union(options...)), name.Value), propertyHabits[name.Value]
		switch {
		case hint != "":
		case isFunction(name.Value):
			hint = "write " + signature(name.Value)
		case options[0].Kind == jsonschema.ListKind:
			hint = fmt.Sprintf("for each element: map(list, .%s); for the first: first(list)?.%s", name.Value, name.Value)
		}
		t.fault(code, name.Location(), message, hint)
		t.found[len(t.found)-1].Fix = t.source.fix(t.source.lengthChanges(name)...)
	} else {
		slices.Sort(members)
		message, hint := missingMember(pathOf(n.Node), name.Value, slices.Compact(members))
		t.fault(UnknownProperty, name.Location(), message, hint)
	}
	n.Node = holeAt(n.Node)
}

// missingMember says that a value has no such property, and which it has.
func missingMember(of, name string, known []string) (message, hint string) {
	message = fmt.Sprintf("%s has no property %q", of, name)
	if near, ok := schema.Nearest(name, known); ok {
		return message, fmt.Sprintf("did you mean %s?", near)
	}
	if hint, ok := memberHabits[of]; ok {
		return message, hint
	}
	if hint, ok := propertyHabits[name]; ok {
		return message, hint
	}
	if len(known) == 0 {
		return message, "declare it in the schema"
	}
	return message, "properties are: " + strings.Join(known, ", ")
}

// elementKeys say by what elements are chosen.
var elementKeys = parseRule("list|bytes|text, number -> any; object, text -> any; other, any -> any")

// elementAt is an element of a list, or a member by a key that is computed. A
// position may be out of range, which is a fault of its own; whether a member
// is there is not known.
func (t *typer) elementAt(n *ast.MemberNode, base *jsonschema.Type, key outcome) outcome {
	if !t.on("element") {
		return nothingKnown
	}
	at := t.present(&n.Property, key)
	_, how, _ := elementKeys.apply([]*jsonschema.Type{base, at})
	t.note(how)
	if how == no && base.Kind != jsonschema.NeverKind && at.Kind != jsonschema.NeverKind {
		t.fault(WrongType, n.Location(), fmt.Sprintf("%s has no element at %s", wordFor(base), wordFor(at)), "")
		n.Node = holeAt(n.Node)
		return nothingKnown
	}
	var found []*jsonschema.Type
	for _, option := range base.Each() {
		of := unknownType
		if option.Kind == jsonschema.ListKind {
			of = option.Elem
		}
		found = append(found, of)
	}
	if len(found) == 0 {
		return nothingKnown
	}
	return known(jsonschema.Union(found...))
}

// chain is a path with ?. in it, which ends as null where that finds null.
func (t *typer) chain(n *ast.ChainNode) outcome {
	outer := t.cut
	t.cut = false
	o := t.infer(&n.Node)
	if t.cut {
		o.typ = o.typ.OrNull()
	}
	t.cut = outer
	if o.path != "" {
		o.typ = t.narrowed(o.path, o.typ)
	}
	return o
}

// bounds are where a list is cut.
var bounds = parseRule("number -> number")

func (t *typer) slice(n *ast.SliceNode) outcome {
	of := t.infer(&n.Node)
	for _, bound := range []*ast.Node{&n.From, &n.To} {
		if *bound == nil {
			continue
		}
		o := t.infer(bound)
		if !t.on("slice") {
			continue
		}
		_, how, _ := bounds.apply([]*jsonschema.Type{t.present(bound, o)})
		if t.note(how); how == no && o.typ.Kind != jsonschema.NeverKind {
			t.fault(WrongType, (*bound).Location(), "a list is cut at integers, this is "+wordFor(o.typ), "")
			replace(bound, &ast.IdentifierNode{Value: holeName})
		}
	}
	if !t.on("slice") {
		return nothingKnown
	}
	list := t.present(&n.Node, of)
	options := list.Each()
	for _, option := range options {
		if option.Kind != jsonschema.ListKind {
			t.sure = false
			if len(options) == 1 && option.Kind != jsonschema.Any && option.Kind != jsonschema.StringKind {
				t.fault(WrongType, n.Location(), fmt.Sprintf("only a list is cut by position, this is %s", wordFor(option)), "")
				n.Node = holeAt(n.Node)
			}
			return nothingKnown
		}
	}
	return known(list)
}

func holeAt(n ast.Node) ast.Node {
	hole := &ast.IdentifierNode{Value: holeName}
	hole.SetLocation(n.Location())
	return hole
}

// stretch is where a part and what it holds stand in the source.
func stretch(n ast.Node) file.Location {
	at := n.Location()
	for _, child := range children(n) {
		if inner := stretch(*child); inner.To > inner.From {
			at.From, at.To = min(at.From, inner.From), max(at.To, inner.To)
		}
	}
	return at
}
