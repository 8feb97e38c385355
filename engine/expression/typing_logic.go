package expression

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// both is `and` and `or`: the right operand stands where the left one held, or
// did not.
func (t *typer) both(slot *ast.Node, n *ast.BinaryNode, operator string) outcome {
	left := t.condition(&n.Left)
	given := left.yes
	if operator == "or" {
		given = left.no
	}
	var right outcome
	t.where(given, func() { right = t.condition(&n.Right) })
	if t.on(operator) && !(isTruth(left.typ) && isTruth(right.typ)) {
		t.mismatch(slot, n, left, right) // that a text may be absent is not the point
		return nothingKnown
	}
	o := t.operate(slot, n, operator, left, right)
	if o.typ.Kind != jsonschema.BoolKind {
		return o
	}
	l, lok := constant(left.typ)
	r, rok := constant(right.typ)
	decides := operator == "or" // the value that one operand decides alone
	switch {
	case lok && l == decides, rok && r == decides:
		o.typ = truth(decides)
	case lok && rok:
		o.typ = truth(!decides)
	}
	if operator == "and" && t.on("narrow and") {
		o.yes, o.no = joined(left.yes, right.yes), either(left.no, joined(left.yes, right.no))
	}
	if operator == "or" && t.on("narrow or") {
		o.yes, o.no = either(left.yes, joined(left.no, right.yes)), joined(left.no, right.no)
	}
	return o
}

// conditional is ?: and if. A condition that is null is a fault.
func (t *typer) conditional(n *ast.ConditionalNode) outcome {
	cond := t.condition(&n.Cond)
	if t.on("conditional") {
		t.boolean(&n.Cond, cond, "a condition")
	}
	var a, b outcome
	t.where(cond.yes, func() { a = t.infer(&n.Exp1) })
	t.where(cond.no, func() { b = t.infer(&n.Exp2) })
	if !t.on("conditional") {
		return nothingKnown
	}
	if n.Cond == n.Exp1 { // a ?: b
		a.typ = a.typ.Present()
	}
	return t.branches(branch{a.typ, n.Exp1.Location()}, branch{b.typ, n.Exp2.Location()})
}

// boolean asks that a part is true or false.
func (t *typer) boolean(slot *ast.Node, o outcome, what string) {
	if !isTruth(o.typ) {
		t.fault(WrongType, t.extent(*slot), fmt.Sprintf("%s is true or false, this is %s", what, wordFor(o.typ)), t.asked(*slot, o.typ, "!="))
		replace(slot, &ast.IdentifierNode{Value: holeName})
		return
	}
	_, how, _ := operatorTypes["not"].apply([]*jsonschema.Type{t.present(slot, o)})
	t.note(how)
}

// isTruth reports whether a value of a type can be true or false. Of one that
// never comes to be, and of null, others speak.
func isTruth(t *jsonschema.Type) bool {
	options := t.Each()
	return len(options) == 0 || slices.ContainsFunc(options, func(o *jsonschema.Type) bool {
		return o.Kind == jsonschema.BoolKind || o.Kind == jsonschema.Any
	})
}

// asked says how to ask whether a part is something, with the operator !=, or
// nothing, with ==. In other languages the part alone asks that.
func (t *typer) asked(n ast.Node, typ *jsonschema.Type, operator string) string {
	source := t.quoted(n)
	if source == "this" {
		source = "x"
	}
	switch options := typ.Each(); {
	case typ.IsNullable():
		return "write " + source + " " + operator + " null"
	case len(options) != 1:
		return ""
	case options[0].Kind == jsonschema.ListKind, options[0].Kind == jsonschema.ObjectKind:
		return "write len(" + source + ") " + operator + " 0"
	default:
		return "write " + source + " " + operator + " " + sample(options[0])
	}
}
