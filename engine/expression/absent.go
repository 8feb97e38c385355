package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// present returns what an operand is apart from null, and reports one that is
// known to be null at times. Where null is merely not ruled out, nothing is
// said.
func (t *typer) present(slot *ast.Node, o outcome) *jsonschema.Type {
	if !t.on("null") {
		return o.typ.Present()
	}
	switch {
	case o.typ.Kind == jsonschema.NullKind:
		return o.typ
	case o.typ.IsNullable():
		t.mayBeNull(slot, o)
	case o.typ.MayBeNull():
		t.sure = false
	}
	return o.typ.Present()
}

// base is present for what a member is taken of.
func (t *typer) base(n *ast.MemberNode, o outcome) *jsonschema.Type {
	if o.typ.IsNullable() && t.on("null") {
		at := t.extent(n.Node)
		source := t.quoted(n.Node)
		hint := "write ?. before the member"
		if source != "this" {
			rest := "?.[…]"
			if name, ok := property(n); ok {
				rest = "?." + name.Value
			}
			hint = fmt.Sprintf("write %s%s, or ask first: %s != null ? … : …", source, rest, source)
		}
		t.fault(MayBeAbsent, at, t.absence(n.Node, o), hint)
		n.Node = holeAt(n.Node)
		return unknownType
	}
	if o.typ.MayBeNull() {
		t.sure = false
	}
	return o.typ.Present()
}

func (t *typer) mayBeNull(slot *ast.Node, o outcome) {
	at := t.extent(*slot)
	source := t.quoted(*slot)
	hint := "give a default with ??, or ask first whether it is null"
	if source != "this" {
		hint = fmt.Sprintf("give a default: (%s ?? %s), or ask first: %s != null ? … : …", source, sample(o.typ.Present()), source)
	}
	t.fault(MayBeAbsent, at, t.absence(*slot, o), hint)
	replace(slot, &ast.IdentifierNode{Value: holeName})
}

// absence says that a part may be nothing.
func (t *typer) absence(n ast.Node, o outcome) string {
	path := t.quoted(n)
	if o.absent {
		return path + " may be absent"
	}
	return path + " may be null"
}

// quoted is a path as it was written; other parts are "this".
func (t *typer) quoted(n ast.Node) string {
	switch n.(type) {
	case *ast.IdentifierNode, *ast.MemberNode, *ast.ChainNode, *ast.PointerNode:
		if source := t.source.word(t.extent(n)); isShort(source) {
			return source
		}
	}
	return "this"
}

// isShort reports whether a part can be quoted in a hint.
func isShort(source string) bool {
	const longest = 40
	return len(source) <= longest && source != "" && source != "." && !strings.ContainsAny(source, "\n ")
}

// sample is what may be written as the default for a value of a type.
func sample(t *jsonschema.Type) string {
	switch t.Kind {
	case jsonschema.StringKind:
		return `""`
	case jsonschema.IntKind, jsonschema.FloatKind:
		return "0"
	case jsonschema.BoolKind:
		return "false"
	case jsonschema.ListKind:
		return "[]"
	case jsonschema.ObjectKind:
		return "{}"
	case jsonschema.UnionKind:
		return sample(t.Options[0])
	}
	return "…"
}

// wordFor names the kind of values that a type has.
func wordFor(t *jsonschema.Type) string {
	if t.Kind == jsonschema.NullKind {
		return "null"
	}
	var words []string
	numbers := 0
	for _, option := range t.Each() {
		switch option.Kind {
		case jsonschema.BoolKind:
			words = append(words, "boolean")
		case jsonschema.IntKind:
			numbers++
			words = append(words, "integer")
		case jsonschema.FloatKind:
			numbers++
			words = append(words, "number")
		case jsonschema.StringKind:
			words = append(words, "text")
		case jsonschema.BytesKind:
			words = append(words, "bytes")
		case jsonschema.ListKind:
			words = append(words, "list")
		case jsonschema.ObjectKind:
			words = append(words, "object")
		default:
			return "value"
		}
	}
	if len(words) == 0 {
		return "value"
	}
	if numbers > 1 {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "integer" })
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " or ")
}
