package expression

import (
	"fmt"
	"maps"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// wanted is what the place of an expression wants it to be.
type wanted uint8

const (
	anything  wanted = iota
	condition        // true, false or null
	list             // a list or null
)

// typed is what the type pass says of an expression as a whole.
type typed struct {
	typ *jsonschema.Type
	// nothing says how the value can be null, or is "".
	nothing string
	// sure reports that everything in the expression was decided, so that a
	// run cannot fault with a type error.
	sure bool
}

// typed runs the type pass over a tree whose names are resolved.
func (r *reader) typed(slot *ast.Node, want wanted) typed {
	t := &typer{reader: r, named: map[string]outcome{}, sure: true, shapes: map[*jsonschema.Type]shape{}}
	var o outcome
	if want == condition {
		o = t.condition(slot)
	} else {
		o = t.infer(slot)
	}
	t.wants(want, o)
	if r.scope.shapes == nil {
		r.scope.shapes = t.shapes
	} else {
		maps.Copy(r.scope.shapes, t.shapes)
	}
	result := typed{typ: o.typ, sure: t.sure}
	if o.typ.IsNullable() {
		result.nothing = t.absence(*slot, o)
	}
	return result
}

// wants holds the whole against what its place wants; there, null is as good
// as false and as an empty list.
func (t *typer) wants(want wanted, o outcome) {
	options := o.typ.Each()
	for _, option := range options {
		switch {
		case option.Kind == jsonschema.Any:
			t.sure = false
			return
		case want == condition && option.Kind == jsonschema.BoolKind, want == list && option.Kind == jsonschema.ListKind:
			return
		}
	}
	if len(options) == 0 {
		return
	}
	switch want {
	case condition:
		t.found = append(t.found, WrongType.At(t.source.all(), "a condition is true or false, this is "+wordFor(o.typ), ""))
	case list:
		t.found = append(t.found, WrongType.At(t.source.all(), "a list is needed here, this is "+wordFor(o.typ), listHint(options)))
	}
}

// listHint says how a list is made of what is none.
func listHint(options []*jsonschema.Type) string {
	if len(options) != 1 {
		return ""
	}
	switch options[0].Kind {
	case jsonschema.ObjectKind:
		return "write values(x) for its values, keys(x) for its keys or toPairs(x) for both"
	case jsonschema.StringKind:
		return `write [x] for a list of it alone, or split(x, ",") for its parts`
	}
	return ""
}

// condition is infer for what is true or false. One that is always the same
// is of no use; of those that are made of others, these are judged.
func (t *typer) condition(slot *ast.Node) outcome {
	before := len(t.found)
	o := t.infer(slot)
	switch n := (*slot).(type) {
	case *ast.BinaryNode:
		if name, ok := operatorSpellings[n.Operator]; ok && (name == "and" || name == "or") || n.Operator == "and" || n.Operator == "or" {
			return o
		}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return o
		}
	}
	if value, ok := constant(o.typ); ok && len(t.found) == before && t.on("constant") {
		t.fault(ConstantCondition, stretch(*slot), fmt.Sprintf("this is always %t", value), t.because(*slot))
	}
	return o
}

// because says why a comparison with null is always the same.
func (t *typer) because(n ast.Node) string {
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return ""
	}
	of := b.Left
	if _, null := of.(*ast.NilNode); null {
		of = b.Right
	} else if _, null := b.Right.(*ast.NilNode); !null {
		return ""
	}
	return t.quoted(of) + " is never null here"
}

// Type returns what is known of the value of an expression that was checked
// in this scope. It is the scope's, and goes with it: checked expressions are
// kept, and hold no types.
func (s *Scope) Type(e *Expr) *jsonschema.Type {
	if known, ok := s.types[e]; ok {
		return known.typ
	}
	return unknownType
}

// TemplateType returns what is known of the value of a template that was
// checked in this scope, rendered InResult.
func (s *Scope) TemplateType(t *Template) *jsonschema.Type {
	if t == nil {
		return unknownType
	}
	switch t.Form {
	case Slot:
		return s.Type(t.Slot)
	case Joined:
		return ruleTypes["text"]
	case ListForm:
		elems := make([]*jsonschema.Type, len(t.Items))
		for i, item := range t.Items {
			elems[i] = s.TemplateType(item)
		}
		return listWith(jsonschema.Union(elems...))
	case MapForm:
		object := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: make(map[string]jsonschema.Member, len(t.Members)), Closed: true}
		for _, m := range t.Members {
			object.Members[m.Key] = jsonschema.Member{Type: s.TemplateType(m.Value), Required: !s.leftOut(m.Value)}
		}
		return object
	}
	return valueType(t.Value)
}

// leftOut reports whether a member of a result may be left out: it comes
// straight from an input that may be absent.
func (s *Scope) leftOut(t *Template) bool {
	return t.Form == Slot && t.Slot != nil && t.Slot.path != nil && s.Type(t.Slot).MayBeNull()
}

// valueType is the type of one value.
func valueType(value any) *jsonschema.Type {
	kind := jsonschema.NullKind
	switch value.(type) {
	case nil:
		return &jsonschema.Type{Kind: kind}
	case bool:
		kind = jsonschema.BoolKind
	case int:
		kind = jsonschema.IntKind
	case float64:
		kind = jsonschema.FloatKind
	case string:
		kind = jsonschema.StringKind
	default:
		return unknownType
	}
	return &jsonschema.Type{Kind: kind, Literals: []any{value}}
}

// remember keeps what is known of an expression as long as the scope is there.
func (s *Scope) remember(e *Expr, known typed) {
	if s.types == nil {
		s.types = map[*Expr]typed{}
	}
	s.types[e] = known
}

// missingIn reports a slot in longer text of a request that may be null: the
// call would fail.
func (s *Scope) missingIn(e *Expr) []schema.Diagnostic {
	known := s.types[e]
	if e == nil || known.nothing == "" || s.without == "text" {
		return nil
	}
	return []schema.Diagnostic{MayBeAbsent.At(e.place, known.nothing+", and longer text of a request needs every value",
		fmt.Sprintf("give a default: ${%s ?? %s}", e.source, sample(known.typ.Present())))}
}
