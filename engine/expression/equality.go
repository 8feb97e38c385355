package expression

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// truth is the type of a condition that is always the same.
func truth(value bool) *jsonschema.Type {
	return &jsonschema.Type{Kind: jsonschema.BoolKind, Literals: []any{value}}
}

var boolType = ruleTypes["bool"]

// constant returns the one value that a condition can have, if there is one.
func constant(t *jsonschema.Type) (value, ok bool) {
	if t.Kind != jsonschema.BoolKind || t.MayBeNull() || len(t.Literals) != 1 {
		return false, false
	}
	value, ok = t.Literals[0].(bool)
	return value, ok
}

// equality is == and !=, which take everything.
func (t *typer) equality(slot *ast.Node, n *ast.BinaryNode) outcome {
	left, right := t.infer(&n.Left), t.infer(&n.Right)
	if !t.on("==") {
		return nothingKnown
	}
	var o outcome
	switch {
	case right.typ.Kind == jsonschema.NullKind:
		o = t.isNull(n.Left, left)
	case left.typ.Kind == jsonschema.NullKind:
		o = t.isNull(n.Right, right)
	case !meet(left.typ, right.typ):
		t.mismatch(slot, n, left, right)
		return nothingKnown
	default:
		o = t.same(n, left, right)
	}
	o = t.defaulted(o, "==", left, right)
	if n.Operator == "!=" {
		o.yes, o.no = o.no, o.yes
		if value, ok := constant(o.typ); ok {
			o.typ = truth(!value)
		}
	}
	return o
}

// isNull is x == null.
func (t *typer) isNull(n ast.Node, of outcome) outcome {
	o := known(boolType)
	switch {
	case of.typ.Kind == jsonschema.NullKind:
		o.typ = truth(true)
	case of.typ.Kind != jsonschema.NeverKind && !of.typ.MayBeNull():
		o.typ = truth(false)
	}
	if of.path != "" && t.on("narrow null") {
		o.yes = []fact{{of.path, &jsonschema.Type{Kind: jsonschema.NullKind}}}
	}
	o.no = t.there(n, of)
	return o
}

// same is a == b for values that are not simply null.
func (t *typer) same(n *ast.BinaryNode, left, right outcome) outcome {
	o := known(boolType)
	l, lok := values(left.typ)
	r, rok := values(right.typ)
	if lok && rok {
		switch {
		case !overlap(l, r):
			if !t.outside(&n.Left, left, &n.Right, right) {
				o.typ = truth(false)
			}
		case len(l) == 1 && len(r) == 1 && !left.typ.MayBeNull() && !right.typ.MayBeNull():
			o.typ = truth(true)
		}
	}
	o.yes = joined(t.isOneOf(n.Left, left, right.typ), t.isOneOf(n.Right, right, left.typ))
	o.no = joined(t.isNot(left, right.typ), t.isNot(right, left.typ))
	return o
}

// isOneOf are the facts where a part is equal to a value of a type.
func (t *typer) isOneOf(n ast.Node, o outcome, other *jsonschema.Type) []fact {
	if other.MayBeNull() {
		return nil
	}
	facts := t.there(n, o)
	wanted, ok := values(other)
	if !ok || o.path == "" || !t.on("narrow value") {
		return facts
	}
	typ := *o.typ.Present()
	has, all := values(&typ)
	switch {
	case all:
		typ.Literals = slices.DeleteFunc(slices.Clone(has), func(v any) bool { return !contains(wanted, v) })
	case typ.Kind == other.Kind:
		typ.Literals = wanted
	}
	if typ.Literals != nil && len(typ.Literals) == 0 {
		return facts
	}
	return append(facts, fact{o.path, &typ})
}

// isNot are the facts where a part is not equal to a value.
func (t *typer) isNot(o outcome, other *jsonschema.Type) []fact {
	has, ok := values(o.typ)
	excluded, one := values(other)
	if !ok || !one || len(excluded) != 1 || other.MayBeNull() || o.path == "" || !t.on("narrow value") {
		return nil
	}
	return t.excluding(o, has, excluded)
}

// excluding are the facts where a part is none of some of its values. The
// value that would be left alone is not singled out: that the last of a chain
// of comparisons always holds is no fault of it.
func (t *typer) excluding(o outcome, has, excluded []any) []fact {
	left := slices.DeleteFunc(slices.Clone(has), func(v any) bool { return contains(excluded, v) })
	if len(left) < 2 || len(left) == len(has) {
		return nil
	}
	typ := *o.typ
	typ.Literals = left
	return []fact{{o.path, &typ}}
}

// outside reports a literal that what it is compared with cannot be. What was
// merely ruled out by a condition around it is not an error.
func (t *typer) outside(leftSlot *ast.Node, left outcome, rightSlot *ast.Node, right outcome) bool {
	if !t.on("enum") {
		return false
	}
	switch {
	case isLiteral(*rightSlot):
		return t.notAmong(*leftSlot, left, *rightSlot, right)
	case isLiteral(*leftSlot):
		return t.notAmong(*rightSlot, right, *leftSlot, left)
	}
	return false
}

func (t *typer) notAmong(n ast.Node, of outcome, literal ast.Node, value outcome) bool {
	declared := of.typ
	if typ, path := t.pathType(n); path != "" {
		declared = typ
	}
	all, ok := values(declared)
	wanted, _ := values(value.typ)
	if !ok || overlap(all, wanted) {
		return false
	}
	shown := show(wanted[0])
	hint := "it is one of " + listed(all)
	if len(all) == 1 {
		hint = "it is " + listed(all)
	}
	if text, ok := wanted[0].(string); ok {
		if near, ok := schema.Nearest(text, texts(all)); ok {
			hint = fmt.Sprintf("did you mean %s?", strconv.Quote(near))
		}
		if here, ok := typeHabits[text]; ok && of.typ == typeNames {
			hint = fmt.Sprintf("did you mean %s?", here)
		}
	}
	compared := t.quoted(n)
	if of.typ == typeNames {
		compared = "type(x)"
	}
	t.fault(NotInEnum, literal.Location(), fmt.Sprintf("%s is never %s", compared, shown), hint)
	return true
}

// meet reports whether values of two types can be equal.
func meet(a, b *jsonschema.Type) bool {
	if a.MayBeNull() && b.MayBeNull() {
		return true
	}
	as, bs := a.Each(), b.Each()
	if len(as) == 0 || len(bs) == 0 {
		return a.Kind != jsonschema.NullKind && b.Kind != jsonschema.NullKind || a.MayBeNull() && b.MayBeNull()
	}
	for _, x := range as {
		for _, y := range bs {
			if x.Kind == y.Kind || x.Kind == jsonschema.Any || y.Kind == jsonschema.Any || isNumeric(x) && isNumeric(y) {
				return true
			}
		}
	}
	return false
}

func isNumeric(t *jsonschema.Type) bool {
	return t.Kind == jsonschema.IntKind || t.Kind == jsonschema.FloatKind
}
