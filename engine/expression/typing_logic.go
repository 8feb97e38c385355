package expression

import (
	"fmt"

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

func (t *typer) fallback(n *ast.BinaryNode) outcome {
	left := t.infer(&n.Left)
	right := t.infer(&n.Right)
	switch {
	case !t.on("??"):
		return nothingKnown
	case !left.typ.MayBeNull():
		return known(left.typ)
	}
	return t.branches(branch{left.typ.Present(), n.Left.Location()}, branch{right.typ, n.Right.Location()})
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
	at := (*slot).Location()
	_, how, _ := operatorTypes["not"].apply([]*jsonschema.Type{t.present(slot, o)})
	t.note(how)
	if how == no && !o.typ.IsNullable() {
		t.fault(WrongType, at, fmt.Sprintf("%s is true or false, this is %s", what, wordFor(o.typ)), "")
		replace(slot, &ast.IdentifierNode{Value: holeName})
	}
}
