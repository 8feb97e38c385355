package expression

import (
	"fmt"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A typer works out the types of an expression whose names are resolved, and
// reports what must fail or be wrong. What cannot be decided is of a type of
// which nothing is known, and of that nothing is reported.
//
// Where it reports a fault it puts a hole, so that neither what stands around
// it nor the library's checker, which is asked afterwards, repeats it.
type typer struct {
	*reader
	facts []fact             // what is known where the typer is, later ones win
	named map[string]outcome // by let
	elems []*jsonschema.Type // of the lists that predicates go through, innermost last
	cut   bool               // a ?. in the chain being typed may end it
	// sure is false once something was let through of which nothing is known.
	sure   bool
	shapes map[*jsonschema.Type]shape
}

// An outcome is what is known of a part of an expression.
type outcome struct {
	typ  *jsonschema.Type
	path string // of a plain path, see below; "" for others
	// absent says that it may be null because a member may not be there.
	absent bool
	// yes and no are what is known besides, if the part is true or false.
	yes, no []fact
	instead *instead // of a part made with ??; nil of others
}

var unknownType = &jsonschema.Type{}

func known(t *jsonschema.Type) outcome { return outcome{typ: t} }

var nothingKnown = known(unknownType)

// on reports whether a rule holds. Tests turn rules off, one at a time.
func (t *typer) on(rule string) bool { return t.scope.without != rule }

func (t *typer) fault(code schema.Code, at file.Location, message, hint string) {
	t.found = append(t.found, code.At(t.source.place(at), message, hint))
}

// infer returns what is known of a part of the expression.
func (t *typer) infer(slot *ast.Node) outcome {
	switch n := (*slot).(type) {
	case *ast.NilNode, *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.StringNode:
		if t.on("literal") {
			return known(literalOf(n))
		}
	case *ast.ConstantNode: // an environment variable; its value is not to be reasoned with
		if n.Value != nil {
			return known(ruleTypes["text"])
		}
	case *ast.IdentifierNode:
		return t.identifier(n)
	case *ast.PointerNode:
		return t.pointer(n)
	case *ast.MemberNode:
		return t.memberOf(n)
	case *ast.ChainNode:
		return t.chain(n)
	case *ast.SliceNode:
		return t.slice(n)
	case *ast.UnaryNode:
		return t.unary(slot, n)
	case *ast.BinaryNode:
		return t.binaryOf(slot, n)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			return t.calls(id.Value, n.Arguments)
		}
		for _, child := range children(n) {
			t.infer(child)
		}
	case *ast.BuiltinNode:
		return t.calls(n.Name, n.Arguments)
	case *ast.PredicateNode:
		return t.infer(&n.Node)
	case *ast.VariableDeclaratorNode:
		return t.declares(n)
	case *ast.SequenceNode:
		last := nothingKnown
		for i := range n.Nodes {
			last = t.infer(&n.Nodes[i])
		}
		return last
	case *ast.ConditionalNode:
		return t.conditional(n)
	case *ast.ArrayNode:
		return t.listOf(n)
	case *ast.MapNode:
		return t.objectOf(n)
	}
	return nothingKnown
}

func literalOf(n ast.Node) *jsonschema.Type {
	switch n := n.(type) {
	case *ast.BoolNode:
		return valueType(n.Value)
	case *ast.IntegerNode:
		return valueType(n.Value)
	case *ast.FloatNode:
		return valueType(n.Value)
	case *ast.StringNode:
		return valueType(n.Value)
	}
	return valueType(nil)
}

func (t *typer) identifier(n *ast.IdentifierNode) outcome {
	if o, ok := t.named[n.Value]; ok {
		o.path = n.Value
		o.typ = t.narrowed(o.path, o.typ)
		return o
	}
	if typ, ok := t.scope.Names[n.Value]; ok && typ != nil {
		return outcome{typ: t.narrowed(n.Value, typ), path: n.Value}
	}
	return nothingKnown
}

// declares is a let. A name for a literal is a setting, which may change; no
// condition over it is called constant.
func (t *typer) declares(n *ast.VariableDeclaratorNode) outcome {
	value := t.infer(&n.Value)
	if isLiteral(n.Value) {
		value.typ = widened(value.typ)
	}
	if !t.on("let") {
		value = nothingKnown
	}
	outer, was := t.named[n.Name]
	t.named[n.Name] = value
	result := t.infer(&n.Expr)
	if delete(t.named, n.Name); was {
		t.named[n.Name] = outer
	}
	return result
}

func (t *typer) unary(slot *ast.Node, n *ast.UnaryNode) outcome {
	operator := n.Operator
	if spelling, ok := operatorSpellings[operator]; ok {
		operator = spelling
	}
	if operator != "not" {
		operator = "u" + operator
	}
	of := t.operand(&n.Node, operator)
	if !t.on(operator) {
		return nothingKnown
	}
	if operator == "not" && !isTruth(of.typ) {
		return t.unusable(slot, n, of, t.asked(n.Node, of.typ, "=="))
	}
	operand := t.present(&n.Node, of)
	result, how, _ := operatorTypes[operator].apply([]*jsonschema.Type{operand})
	t.note(how)
	if how == no {
		return t.unusable(slot, n, of, "")
	}
	o := known(result)
	if operator == "not" {
		if value, ok := constant(of.typ); ok {
			o.typ = truth(!value)
		}
		if t.on("narrow not") {
			o.yes, o.no = of.no, of.yes
		}
	}
	return o
}

// unusable reports an operator that can never be used on its one operand.
func (t *typer) unusable(slot *ast.Node, n *ast.UnaryNode, of outcome, hint string) outcome {
	t.fault(WrongType, n.Location(), fmt.Sprintf("%q cannot be used on %s", n.Operator, wordFor(of.typ)), hint)
	replace(slot, &ast.IdentifierNode{Value: holeName})
	return nothingKnown
}

func (t *typer) operand(slot *ast.Node, operator string) outcome {
	if operator == "not" {
		return t.condition(slot)
	}
	return t.infer(slot)
}

func (t *typer) binaryOf(slot *ast.Node, n *ast.BinaryNode) outcome {
	operator := n.Operator
	if spelling, ok := operatorSpellings[operator]; ok {
		operator = spelling
	}
	switch operator {
	case "and", "or":
		return t.both(slot, n, operator)
	case "??":
		return t.fallback(n)
	case "==", "!=":
		return t.equality(slot, n)
	case "in":
		return t.membership(slot, n)
	}
	left, right := t.infer(&n.Left), t.infer(&n.Right)
	o := t.operate(slot, n, operator, left, right)
	return t.defaulted(o, operator, left, right)
}

// operate applies the rule of an operator of two operands.
func (t *typer) operate(slot *ast.Node, n *ast.BinaryNode, operator string, left, right outcome) outcome {
	rule, ok := operatorTypes[operator]
	if !ok || !t.on(operator) {
		return nothingKnown
	}
	result, how, _ := rule.apply([]*jsonschema.Type{t.present(&n.Left, left), t.present(&n.Right, right)})
	t.note(how)
	if how == no && left.typ.Kind != jsonschema.NeverKind && right.typ.Kind != jsonschema.NeverKind {
		t.mismatch(slot, n, left, right)
		return nothingKnown
	}
	return known(result)
}

// mismatch reports an operator that can never be used on its operands.
func (t *typer) mismatch(slot *ast.Node, n *ast.BinaryNode, left, right outcome) {
	message, hint := operands(n.Operator, wordFor(left.typ), wordFor(right.typ))
	t.fault(WrongType, n.Location(), message, hint)
	replace(slot, &ast.IdentifierNode{Value: holeName})
}

// note keeps in mind whether all was decided.
func (t *typer) note(how fit) { t.sure = t.sure && how != maybe }
