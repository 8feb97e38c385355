package expression

import (
	"context"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// An instead is what `x ?? "a"`, and what is made of it, comes to where x is
// null: a value that stands in the expression. Any other value says that x is
// there.
type instead struct {
	value any
	there []fact // that hold where x is not null
}

// fallback is a ?? b.
func (t *typer) fallback(n *ast.BinaryNode) outcome {
	left := t.infer(&n.Left)
	right := t.infer(&n.Right)
	switch {
	case !t.on("??"):
		return nothingKnown
	case !left.typ.MayBeNull():
		return known(left.typ)
	}
	o := t.branches(branch{left.typ.Present(), n.Left.Location()}, branch{right.typ, n.Right.Location()})
	value, ok := written(right.typ)
	if there := t.there(n.Left, left); ok && len(there) > 0 && t.on("narrow ??") {
		o.instead = &instead{value, there}
	}
	return t.defaulted(o, "==", o, known(truth(true)))
}

// defaulted adds to a comparison that x is there where the comparison comes
// out otherwise than it does for the value that stands in for x.
func (t *typer) defaulted(o outcome, operator string, left, right outcome) outcome {
	with := left.instead
	l, lok := written(left.typ)
	r, rok := written(right.typ)
	switch {
	case with != nil && rok:
		l = with.value
	case right.instead != nil && lok:
		with = right.instead
		r = with.value
	default:
		return o
	}
	compare := operators[operatorNames[operator]]
	if operator == "==" {
		compare = operators[" equal"]
	}
	if compare == nil {
		return o
	}
	b := newBudget(context.Background(), Bounds{}.withDefaults())
	switch value, err := compare(&b, l, r); {
	case err != nil:
	case value == false:
		o.yes = joined(o.yes, with.there)
	case value == true:
		o.no = joined(o.no, with.there)
	}
	return o
}

// length is what len makes of the value.
func (i *instead) length() *instead {
	if i == nil {
		return nil
	}
	switch v := i.value.(type) {
	case string:
		return &instead{utf8.RuneCountInString(v), i.there}
	case []any:
		return &instead{len(v), i.there}
	case map[string]any:
		return &instead{len(v), i.there}
	}
	return nil
}

// written returns the one value that a type has, if that is a scalar, null, or
// a list or an object with nothing in it.
func written(t *jsonschema.Type) (value any, ok bool) {
	if t.Kind == jsonschema.NullKind {
		return nil, true
	}
	if t.MayBeNull() {
		return nil, false
	}
	if all, ok := values(t); ok {
		return all[0], len(all) == 1
	}
	switch {
	case t.Kind == jsonschema.ListKind && t.Elem != nil && t.Elem.Kind == jsonschema.NeverKind:
		return []any{}, true
	case t.Kind == jsonschema.ObjectKind && t.Closed && len(t.Members) == 0 && t.Rest == nil:
		return map[string]any{}, true
	}
	return nil, false
}
