package jsonschema

import "testing"

func TestUnion(t *testing.T) {
	text, integer, null := &Type{Kind: StringKind}, &Type{Kind: IntKind}, &Type{Kind: NullKind}
	object := &Type{Kind: ObjectKind, Members: map[string]Member{"a": {Type: text, Required: true}}, Closed: true}
	a, b := &Type{Kind: StringKind, Literals: []any{"a"}}, &Type{Kind: StringKind, Literals: []any{"b", "a"}}
	var many []*Type
	for range maxOptions + 1 {
		many = append(many, &Type{Kind: ObjectKind})
	}
	for name, test := range map[string]struct {
		got     *Type
		kind    Kind
		null    bool
		may     bool
		options int
		values  int
	}{
		"nothing":          {Union(), NeverKind, false, false, 0, 0},
		"one":              {Union(text), StringKind, false, false, 1, 0},
		"the same":         {Union(text, text), StringKind, false, false, 1, 0},
		"null":             {Union(null), NullKind, true, true, 0, 0},
		"or null":          {text.OrNull(), StringKind, true, true, 1, 0},
		"object or null":   {object.OrNull(), UnionKind, true, true, 1, 0},
		"present":          {object.OrNull().Present(), ObjectKind, false, false, 1, 0},
		"perhaps":          {text.PerhapsNull(), StringKind, false, true, 1, 0},
		"perhaps or null":  {Union(text.PerhapsNull(), null), StringKind, true, true, 1, 0},
		"mixed":            {Union(text, integer), UnionKind, false, false, 2, 0},
		"of unions":        {Union(Union(text, integer), Union(integer, null)), UnionKind, true, true, 2, 0},
		"unknown":          {Union(text, &Type{}), Any, false, true, 1, 0},
		"unknown, nil":     {Union(text, nil), Any, false, true, 1, 0},
		"never":            {Union(&Type{Kind: NeverKind}, text), StringKind, false, false, 1, 0},
		"values":           {Union(a, b), StringKind, false, false, 1, 2},
		"values and all":   {Union(a, text), StringKind, false, false, 1, 0},
		"too many objects": {Union(many...), Any, false, true, 1, 0},
	} {
		if test.got.Kind != test.kind || test.got.IsNullable() != test.null || test.got.MayBeNull() != test.may ||
			len(test.got.Each()) != test.options || len(test.got.Literals) != test.values {
			t.Errorf("%s: got %+v", name, test.got)
		}
	}
	if object.OrNull().Each()[0] != object || Union(object, text).Options[0] != object {
		t.Error("an object is not found as it was handed in")
	}
}

func TestMember(t *testing.T) {
	typ := checked(t, `{type: object, properties: {a: {type: string}, b: {type: string}, c: {type: string, default: x}, d: {type: string}, e: {type: string}},
required: [a], anyOf: [{required: [d]}, {required: [a]}], dependentRequired: {b: [e]}, additionalProperties: {type: integer}}`, Input).Type()
	for name, want := range map[string]string{"a": "string", "b": "string|null", "c": "string", "d": "perhaps string", "e": "perhaps string", "z": "int|null"} {
		of, ok := typ.Member(name)
		got := words(of)
		if of.Unsure {
			got = "perhaps " + got
		}
		if !ok || got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	closed := checked(t, `{type: object, properties: {a: true}, additionalProperties: false, if: {required: [a]}, then: {required: [b]}}`, Body).Type()
	if _, ok := closed.Member("b"); ok || !closed.Closed {
		t.Error("a closed object has another member")
	}
	if of, ok := (&Type{}).Member("x"); !ok || of.Kind != Any {
		t.Error("of what is unknown, members are")
	}
}
