package jsonschema

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
)

// both is the type of values that fit a and b.
func both(a, b *Type) *Type {
	switch {
	case isBlank(a):
		return b
	case isBlank(b):
		return a
	}
	typ := &Type{Kind: a.Kind, Nullable: a.Nullable && b.Nullable, Elem: bothOr(a.Elem, b.Elem), Rest: bothOr(a.Rest, b.Rest), Closed: a.Closed || b.Closed}
	switch {
	case a.Kind == Any:
		typ.Kind, typ.Nullable = b.Kind, b.Nullable
	case b.Kind == Any:
		typ.Nullable = a.Nullable
	case a.Kind == b.Kind:
	case isNumeric(a.Kind) && isNumeric(b.Kind):
		typ.Kind = IntKind
	default:
		return &Type{}
	}
	typ.Literals = bothLiterals(a.Literals, b.Literals)
	typ.Members = maps.Clone(a.Members)
	for name, m := range b.Members {
		if typ.Members == nil {
			typ.Members = map[string]Member{}
		}
		if other, ok := typ.Members[name]; ok {
			m = Member{Type: bothOr(other.Type, m.Type), Required: other.Required || m.Required, Sometimes: other.Sometimes || m.Sometimes}
		}
		typ.Members[name] = m
	}
	return typ
}

// isBlank reports whether a type says nothing at all.
func isBlank(t *Type) bool {
	return t.Kind == Any && !t.Nullable && t.Members == nil && t.Rest == nil && t.Literals == nil
}

func isNumeric(k Kind) bool { return k == IntKind || k == FloatKind }

// bothOr is both for types that may not have been said.
func bothOr(a, b *Type) *Type {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return sealed(both(a, b))
}

func bothLiterals(a, b []any) []any {
	if a == nil || b == nil {
		return append(slices.Clip(a), b...)
	}
	return slices.DeleteFunc(slices.Clone(a), func(v any) bool {
		return !slices.ContainsFunc(b, func(w any) bool { return reflect.DeepEqual(v, w) })
	})
}

// oneOf is the type of values that fit a or b.
func oneOf(a, b *Type) *Type {
	nullable := a.Nullable || b.Nullable
	switch {
	case a.Kind == NullKind:
		return withNull(b)
	case b.Kind == NullKind:
		return withNull(a)
	}
	typ := &Type{Kind: a.Kind, Nullable: nullable, Closed: a.Closed && b.Closed}
	switch {
	case a.Kind == b.Kind:
	case isNumeric(a.Kind) && isNumeric(b.Kind):
		typ.Kind = FloatKind
	default:
		typ.Kind = Any
	}
	if a.Kind == b.Kind && a.Literals != nil && b.Literals != nil {
		typ.Literals = append(slices.Clip(a.Literals), b.Literals...)
	}
	if typ.Kind == ListKind && a.Elem != nil && b.Elem != nil {
		typ.Elem = sealed(oneOf(a.Elem, b.Elem))
	}
	typ.Members = eitherMembers(a.Members, b.Members)
	switch {
	case a.Rest != nil && b.Rest != nil:
		typ.Rest = sealed(oneOf(a.Rest, b.Rest))
	case a.Rest != nil || b.Rest != nil:
		typ.Rest = &Type{}
	}
	return typ
}

// withNull is a type that null fits too.
func withNull(t *Type) *Type {
	typ := *t
	typ.Nullable = true
	return &typ
}

// eitherMembers are the members of two alternatives. One that a single
// alternative declares may be anything where the other holds.
func eitherMembers(a, b map[string]Member) map[string]Member {
	if a == nil && b == nil {
		return nil
	}
	members := make(map[string]Member, len(a)+len(b))
	for name, m := range a {
		members[name] = eitherMember(m, b[name])
	}
	for name, m := range b {
		if _, done := a[name]; !done {
			members[name] = eitherMember(m, Member{})
		}
	}
	return members
}

func eitherMember(a, b Member) Member {
	m := Member{Required: a.Required && b.Required}
	m.Sometimes = !m.Required && (a.Required || b.Required || a.Sometimes || b.Sometimes)
	switch {
	case a.Type != nil && b.Type != nil:
		m.Type = sealed(oneOf(a.Type, b.Type))
	case a.Type != nil || b.Type != nil:
		m.Type = &Type{}
	}
	return m
}

// either is the type of the alternatives of an anyOf or oneOf.
func (t *typer) either(subs []any) *Type {
	var typ *Type
	for _, sub := range subs {
		switch {
		case sub == false:
		case typ == nil:
			typ = t.of(sub)
		default:
			typ = oneOf(typ, t.of(sub))
		}
	}
	if typ == nil {
		return &Type{}
	}
	return typ
}

// perhaps are the members that conditions declare or require: they may be
// there.
func (t *typer) perhaps(object map[string]any) *Type {
	typ := &Type{}
	for _, key := range []string{"then", "else", "dependentSchemas"} {
		for _, sub := range subvalues(keywords[key].form, object[key]) {
			for name, m := range t.of(sub).Members {
				perhaps := Member{Sometimes: m.Required || m.Sometimes}
				if m.Type != nil {
					perhaps.Type = &Type{}
				}
				if typ.Members == nil {
					typ.Members = map[string]Member{}
				}
				perhaps.Sometimes = perhaps.Sometimes || typ.Members[name].Sometimes
				perhaps.Type = cmp.Or(perhaps.Type, typ.Members[name].Type)
				typ.Members[name] = perhaps
			}
		}
	}
	return typ
}

// dependent notes the members that others require beside them.
func (t *typer) dependent(typ *Type, object map[string]any) {
	lists, _ := object["dependentRequired"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		for _, name := range listOf(lists, key) {
			if name, ok := name.(string); ok {
				if typ.Members == nil {
					typ.Members = map[string]Member{}
				}
				m := typ.Members[name]
				m.Sometimes = true
				typ.Members[name] = m
			}
		}
	}
}
