package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// membership is `in`: an element of a list, a key of an object; in null there
// is nothing.
func (t *typer) membership(slot *ast.Node, n *ast.BinaryNode) outcome {
	left, right := t.infer(&n.Left), t.infer(&n.Right)
	if !t.on("in") {
		return nothingKnown
	}
	o := known(boolType)
	options := right.typ.Each()
	if len(options) != 1 {
		t.sure = t.sure && len(options) == 0
		return o
	}
	switch option := options[0]; option.Kind {
	case jsonschema.Any:
		t.sure = false
	case jsonschema.ListKind:
		if elem := elementOf(option); elem.Kind != jsonschema.NeverKind && !meet(left.typ, elem) {
			t.mismatch(slot, n, left, right)
			return nothingKnown
		}
		return t.among(n, left, right)
	case jsonschema.ObjectKind:
		if !meet(left.typ, ruleTypes["text"]) {
			t.mismatch(slot, n, left, right)
			return nothingKnown
		}
		if name, ok := n.Left.(*ast.StringNode); ok && t.on("narrow in") {
			o.yes = t.there(n.Right, right)
			if of, ok := option.Member(name.Value); ok && right.path != "" {
				if m, declared := option.Members[name.Value]; declared {
					of = m.Type
				} else if of.Kind != jsonschema.Any {
					of = option.Rest
				}
				o.yes = append(o.yes, fact{below(right.path, name.Value), of})
			}
		}
	default:
		t.mismatch(slot, n, left, right)
		return nothingKnown
	}
	return o
}

// among is x in a list.
func (t *typer) among(n *ast.BinaryNode, left, right outcome) outcome {
	o := known(boolType)
	elem := elementOf(right.typ)
	array, written := n.Right.(*ast.ArrayNode)
	if written && t.on("enum") {
		for i := range array.Nodes {
			if literal := array.Nodes[i]; isLiteral(literal) {
				v := known(literalOf(literal))
				if l, ok := values(left.typ); ok {
					if r, ok := values(v.typ); ok && !overlap(l, r) && t.notAmong(n.Left, left, literal, v) {
						o.typ = unknownType
					}
				}
			}
		}
	}
	has, ok := values(left.typ)
	wanted, all := values(elem)
	if ok && all && o.typ == boolType && !overlap(has, wanted) {
		o.typ = truth(false)
	}
	if !elem.MayBeNull() {
		o.yes = t.isOneOf(n.Left, left, elem)
	}
	if written && ok && all && left.path != "" && t.on("narrow value") && !slices.ContainsFunc(array.Nodes, func(e ast.Node) bool { return !isLiteral(e) }) {
		o.no = t.excluding(left, has, wanted)
	}
	return o
}
