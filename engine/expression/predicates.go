package expression

import (
	"strconv"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// conditions are the loops whose predicate is true or false.
var conditions = map[string]bool{
	"all": true, "any": true, "none": true, "one": true, "count": true, "filter": true,
	"find": true, "findIndex": true, "findLast": true, "findLastIndex": true,
}

// element is the path of the element of the innermost predicate.
func (t *typer) element() string { return "#" + strconv.Itoa(len(t.elems)) }

// pointer is #, #index or #acc. What #acc is depends on what the predicate
// makes of it, and is not worked out.
func (t *typer) pointer(n *ast.PointerNode) outcome {
	switch {
	case !t.on("#") || len(t.elems) == 0:
	case n.Name == "index":
		return known(ruleTypes["int"])
	case n.Name == "":
		path := t.element()
		return outcome{typ: t.narrowed(path, t.elems[len(t.elems)-1]), path: path}
	}
	return nothingKnown
}

// loop is a function with a predicate.
func (t *typer) loop(name string, args []ast.Node) outcome {
	list := t.infer(&args[0])
	on := t.on(name)
	typ := list.typ.Present()
	if on {
		typ = t.present(&args[0], list)
		t.apply(name, functionRules[name], args[:1], []*jsonschema.Type{typ})
	}
	elem := unknownType
	if on {
		elem = elementOf(typ)
	}
	body := outcome{typ: elem}
	filtered := elem
	if len(args) > 1 {
		t.elems = append(t.elems, elem)
		outer := t.facts
		slot := &args[1]
		if p, ok := args[1].(*ast.PredicateNode); ok {
			slot = &p.Node
		}
		if on && conditions[name] {
			body = t.condition(slot)
			t.boolean(slot, body, "the predicate")
		} else {
			body = t.infer(slot)
			body.typ = t.looped(name, slot, body)
		}
		if t.on("narrow filter") {
			filtered = refined(elem, t.element(), body.yes)
		}
		t.facts = outer
		t.elems = t.elems[:len(t.elems)-1]
	} else if on && name == "sum" {
		t.summed(&args[0], elem)
	}
	rest := make([]outcome, 0, 1)
	for i := 2; i < len(args); i++ {
		rest = append(rest, t.infer(&args[i]))
	}
	if !on {
		return nothingKnown
	}
	return known(t.looping(name, typ, filtered, body.typ, args, rest))
}

// looped judges what a body that is not a condition makes of each element.
func (t *typer) looped(name string, slot *ast.Node, body outcome) *jsonschema.Type {
	switch {
	case !t.on(name):
	case name == "sortBy":
		key := t.present(slot, body)
		t.ordered(slot, key)
		return key
	case name == "sum":
		typ := t.present(slot, body)
		t.summed(slot, typ)
		return typ
	}
	return body.typ
}

// ordered asks that keys have an order among them, as sort does.
func (t *typer) ordered(slot *ast.Node, key *jsonschema.Type) {
	how := functionRules["sort"][0].params[0].best(listWith(key))
	t.note(how)
	if how == no && key.Kind != jsonschema.NeverKind {
		t.fault(BadCall, (*slot).Location(), "sortBy does not order by "+wordFor(key), "write "+signature("sortBy"))
		replace(slot, &ast.IdentifierNode{Value: holeName})
	}
}

// summed asks that what is added up are numbers.
func (t *typer) summed(slot *ast.Node, typ *jsonschema.Type) {
	t.sure = t.sure && !typ.MayBeNull()
	_, how, _ := operatorTypes["u-"].apply([]*jsonschema.Type{typ})
	t.note(how)
	if how == no && typ.Kind != jsonschema.NeverKind {
		t.fault(BadCall, (*slot).Location(), "sum does not take "+wordFor(typ), "write "+signature("sum"))
		replace(slot, &ast.IdentifierNode{Value: holeName})
	}
}

// looping is the result of a loop.
func (t *typer) looping(name string, list, filtered, body *jsonschema.Type, args []ast.Node, rest []outcome) *jsonschema.Type {
	switch name {
	case "filter":
		return listWith(filtered)
	case "find", "findLast":
		return filtered.PerhapsNull()
	case "map":
		return listWith(body)
	case "groupBy":
		if body.Kind != jsonschema.StringKind {
			return unknownType // its keys are not names
		}
		return &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: listWith(elementOf(list))}
	case "reduce":
		if len(rest) == 0 {
			return jsonschema.Union(elementOf(list), body)
		}
		return jsonschema.Union(rest[0].typ, body)
	case "sum":
		if body.Kind == jsonschema.IntKind {
			return ruleTypes["int"]
		}
	case "sortBy":
		if len(rest) > 0 {
			t.oneOf(name, args[2], t.present(&args[2], rest[0]), orders.Literals)
		}
	}
	return functionRules[name][0].makes([]*jsonschema.Type{list})
}
