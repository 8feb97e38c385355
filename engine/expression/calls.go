package expression

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// calls is a call of a function of the language.
func (t *typer) calls(name string, args []ast.Node) outcome {
	r, ok := functionRules[name]
	if !ok || !r.counts(len(args)) { // the library says so
		for i := range args {
			t.infer(&args[i])
		}
		t.sure = false
		return nothingKnown
	}
	if loops[name] {
		return t.loop(name, args)
	}
	types := make([]*jsonschema.Type, len(args))
	given := make([]outcome, len(args))
	for i := range args {
		given[i] = t.infer(&args[i])
	}
	if !t.on(name) {
		return nothingKnown
	}
	for i := range args {
		if p, ok := r[0].takes(i); ok && p.null {
			types[i] = given[i].typ
		} else {
			types[i] = t.present(&args[i], given[i])
		}
	}
	o := known(t.apply(name, r, args, types))
	if name == "len" {
		o.instead = given[0].instead.length()
	}
	return o
}

// apply holds arguments against the rule of a function.
func (t *typer) apply(name string, r rule, args []ast.Node, types []*jsonschema.Type) *jsonschema.Type {
	result, how, bad := r.apply(types)
	t.note(how)
	if how == no {
		hint := cmp.Or(callHabits[name], "write "+signature(name))
		t.fault(BadCall, args[bad].Location(), fmt.Sprintf("%s does not take %s", name, wordFor(types[bad])), hint)
		types[bad] = unknownType
		for i := range args { // one mistake in a call is enough
			if _, predicate := args[i].(*ast.PredicateNode); !predicate {
				replace(&args[i], &ast.IdentifierNode{Value: holeName})
			}
		}
		result = r[0].makes(types)
	}
	for i := range types {
		if p, ok := r[0].takes(i); ok && len(p.types) == 1 && p.types[0].Literals != nil {
			t.oneOf(name, args[i], types[i], p.types[0].Literals)
		}
	}
	if of := shapers[name]; of != nil {
		return of(args, types)
	}
	return result
}

// oneOf reports an argument that is none of the words that a function knows.
func (t *typer) oneOf(name string, arg ast.Node, given *jsonschema.Type, words []any) {
	has, ok := values(given)
	if !ok || overlap(has, words) || !t.on("enum") {
		t.sure = t.sure && ok
		return
	}
	hint := "it is one of " + listed(words)
	if text, ok := has[0].(string); ok {
		if near, ok := schema.Nearest(text, texts(words)); ok {
			hint = fmt.Sprintf("did you mean %s?", strconv.Quote(near))
		}
	}
	t.fault(NotInEnum, arg.Location(), fmt.Sprintf("%s does not know %s", name, show(has[0])), hint)
}

// shapers work out results that depend on the members and elements of the
// arguments, or on their values.
var shapers = map[string]func(args []ast.Node, types []*jsonschema.Type) *jsonschema.Type{
	"concat": func(_ []ast.Node, types []*jsonschema.Type) *jsonschema.Type {
		var elems []*jsonschema.Type
		for _, list := range types {
			elems = append(elems, elementOf(list))
		}
		return listWith(jsonschema.Union(elems...))
	},
	"values": func(_ []ast.Node, types []*jsonschema.Type) *jsonschema.Type {
		object, ok := onlyObject(types[0])
		if !ok || !object.Closed {
			return listWith(unknownType)
		}
		var elems []*jsonschema.Type
		for _, m := range object.Members {
			elems = append(elems, m.Type)
		}
		return listWith(jsonschema.Union(elems...))
	},
	"type":  func([]ast.Node, []*jsonschema.Type) *jsonschema.Type { return typeNames },
	"merge": func(_ []ast.Node, types []*jsonschema.Type) *jsonschema.Type { return merged(types) },
	"pick": func(args []ast.Node, types []*jsonschema.Type) *jsonschema.Type {
		return chosen(args, types, true)
	},
	"omit": func(args []ast.Node, types []*jsonschema.Type) *jsonschema.Type {
		return chosen(args, types, false)
	},
}

func listWith(elem *jsonschema.Type) *jsonschema.Type {
	return &jsonschema.Type{Kind: jsonschema.ListKind, Elem: elem}
}

// onlyObject returns a type that is an object and nothing else.
func onlyObject(t *jsonschema.Type) (*jsonschema.Type, bool) {
	options := t.Each()
	if len(options) != 1 || options[0].Kind != jsonschema.ObjectKind {
		return nil, false
	}
	return options[0], true
}

// merged is the type of merge. An object that may hold more than it declares
// may also overwrite what came before it.
func merged(types []*jsonschema.Type) *jsonschema.Type {
	out := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{}, Closed: true}
	for _, t := range types {
		object, ok := onlyObject(t)
		if !ok || !object.Closed {
			for name, m := range out.Members {
				out.Members[name] = jsonschema.Member{Type: unknownType, Required: m.Required}
			}
			out.Rest, out.Closed = unknownType, false
		}
		if !ok {
			continue
		}
		for name, m := range object.Members {
			if before := out.Members[name]; !m.Required || t.MayBeNull() {
				if before.Type != nil {
					m.Type = jsonschema.Union(before.Type, m.Type)
				}
				m.Required = before.Required
				m.Sometimes = m.Sometimes || before.Sometimes
			}
			out.Members[name] = m
		}
	}
	return out
}

// chosen is the type of pick and omit where the keys are literals.
func chosen(args []ast.Node, types []*jsonschema.Type, picked bool) *jsonschema.Type {
	object, ok := onlyObject(types[0])
	if !ok || len(args) < 2 {
		return ruleTypes["object"]
	}
	list, ok := args[1].(*ast.ArrayNode)
	if !ok {
		return ruleTypes["object"]
	}
	named := map[string]bool{}
	for _, n := range list.Nodes {
		key, ok := n.(*ast.StringNode)
		if !ok {
			return ruleTypes["object"]
		}
		named[key.Value] = true
	}
	out := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{}, Closed: object.Closed, Rest: object.Rest}
	for name, m := range object.Members {
		if named[name] == picked {
			out.Members[name] = m
		}
	}
	if picked && !object.Closed { // a key that is not declared may be there
		out.Rest = unknownType
	}
	return out
}
