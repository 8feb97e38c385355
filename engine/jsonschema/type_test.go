package jsonschema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// words writes a type on one line: members that are not required have a `?`,
// a type that null fits too ends in `|null`, and `…` is the rest of an object.
func words(t *Type) string {
	if t == nil {
		return "any"
	}
	s := [...]string{"any", "null", "bool", "int", "float", "string", "bytes", "list", "object"}[t.Kind]
	if t.Kind == ListKind {
		s = "[" + words(t.Elem) + "]"
	}
	if t.Kind == ObjectKind {
		var members []string
		for _, name := range slices.Sorted(maps.Keys(t.Members)) {
			m := t.Members[name]
			if !m.Required {
				name += "?"
			}
			members = append(members, name+": "+words(m.Type))
		}
		if t.Rest != nil {
			members = append(members, "…: "+words(t.Rest))
		}
		s = "{" + strings.Join(members, ", ") + "}"
	}
	if t.Literals != nil {
		s += fmt.Sprintf("%#v", t.Literals)[len("[]interface {}"):]
	}
	if t.Nullable && t.Kind != NullKind {
		s += "|null"
	}
	return s
}

func TestType(t *testing.T) {
	for _, test := range []struct{ yaml, want string }{
		{`{}`, `any`},
		{`{type: integer}`, `int`},
		{`{type: "null"}`, `null`},
		{`{type: [integer, "null"]}`, `int|null`},
		{`{type: [integer, number]}`, `float`},
		{`{type: [integer, string, "null"]}`, `any|null`},
		{`{type: [string, "null"], enum: [a, b]}`, `string{"a", "b"}`},
		{`{type: [string, "null"], enum: [a, null]}`, `string{"a"}|null`},
		{`{enum: [1, 2.0]}`, `int{1, 2}`},
		{`{enum: [1, 2.5]}`, `float{1, 2.5}`},
		{`{enum: [1, a]}`, `any{1, "a"}`},
		{`{const: x}`, `string{"x"}`},
		{`{anyOf: [{type: string}, {type: "null"}]}`, `string|null`},
		{`{oneOf: [{const: a}, {const: b}]}`, `string{"a", "b"}`},
		{`{type: string, oneOf: [{const: a}, {const: b}, {const: c}], enum: [a, b]}`, `string{"a", "b"}`},
		{`{anyOf: [{type: integer}, {type: number}]}`, `float`},
		{`{anyOf: [{type: integer}, {type: string}]}`, `any`},
		{`{type: array}`, `[any]`},
		{`{type: array, items: {type: integer}}`, `[int]`},
		{`{type: array, prefixItems: [{type: integer}, {type: integer}], items: false}`, `[int]`},
		{`{type: array, prefixItems: [{type: integer}]}`, `[any]`},
		{`{type: object, properties: {a: {type: string}, b: {type: integer, default: 1}, c: true}, required: [a]}`, `{a: string, b?: int, c?: any}`},
		{`{type: object, properties: {a: true}, additionalProperties: false}`, `{a?: any}`},
		{`{type: object, additionalProperties: true}`, `{…: any}`},
		{`{type: object, additionalProperties: {type: integer}}`, `{…: int}`},
		{`{type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}`, `{…: int}`},
		{`{properties: {a: {type: string}}}`, `any`},
		{`{$ref: '#/$defs/a', $defs: {a: {type: string}}}`, `string`},
		{`{type: object, properties: {a: {$ref: '#/$defs/a', description: d}}, $defs: {a: {$anchor: x, type: integer, default: 4}}}`, `{a?: int}`},
		{`{$ref: '#x', $defs: {a: {$anchor: x, type: integer}}}`, `int`},
		{`{type: object, properties: {next: {$ref: '#'}, n: {type: integer}}, required: [n]}`, `{n: int, next?: {n: int, next?: any}}`},
		{`{type: object, allOf: [{properties: {a: {type: string, default: x}}, required: [b]}, {type: object, properties: {b: {type: integer}}}]}`, `{a?: string, b: int}`},
		{`{type: object, properties: {a: {type: string}}, allOf: [{required: [a]}]}`, `{a: string}`},
		{`{type: object, properties: {a: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}`, `{a?: string}`},
		{`{type: object, oneOf: [{properties: {k: {const: x}, r: {type: number}}, required: [k]}, {properties: {k: {const: y}}, required: [k]}]}`, `{k: string{"x", "y"}, r?: any}`},
		{`{type: object, if: {properties: {a: {const: 1}}}, then: {properties: {b: {type: string}}}}`, `{b?: any}`},
		{`{allOf: [{type: string}, {type: integer}]}`, `any`},
		{`{allOf: [{type: number}, {type: integer}]}`, `int`},
	} {
		if got := words(checked(t, test.yaml, Body).Type()); got != test.want {
			t.Errorf("%s: got %s, want %s", test.yaml, got, test.want)
		}
	}
}

// Defaults are put into arguments, never into a result or an upstream's answer.
func TestTypeCountsOnDefaultsOfArgumentsAlone(t *testing.T) {
	const yaml = `{type: object, properties: {a: {type: integer, default: 1}, o: {$ref: '#/$defs/o'}}, $defs: {o: {type: object, properties: {b: {type: string, default: x}}}}}`
	for role, want := range map[Role]string{
		Input:  `{a: int, o?: {b: string}}`,
		Output: `{a?: int, o?: {b?: string}}`,
		Body:   `{a?: int, o?: {b?: string}}`,
	} {
		if got := words(checked(t, yaml, role).Type()); got != want {
			t.Errorf("role %d: got %s, want %s", role, got, want)
		}
	}
}

// Types stay small where references double.
func TestTypeOfDoublingReferences(t *testing.T) {
	yaml := "$ref: '#/$defs/a00'\n$defs:\n"
	for i := range 60 {
		yaml += fmt.Sprintf("  a%02d: {type: object, properties: {x: {$ref: '#/$defs/a%02d'}, y: {$ref: '#/$defs/a%02d'}}}\n", i, i+1, i+1)
	}
	s := checked(t, yaml+"  a60: {type: string}", Body)
	deepest := s.Type()
	for deepest.Kind == ObjectKind {
		deepest = deepest.Members["x"].Type
	}
	if diff := cmp.Diff(Any, deepest.Kind); diff != "" {
		t.Error(diff)
	}
}
