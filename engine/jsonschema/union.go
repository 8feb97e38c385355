package jsonschema

import (
	"reflect"
	"slices"
)

const (
	// maxOptions is how many different objects and lists a union tells apart;
	// of one with more nothing is known.
	maxOptions = 8
	// maxLiterals is how many values a type tells apart that is made of others.
	maxLiterals = 256
)

// Union is the type of values that are of any of the types. Objects and lists
// stay apart, and are found in Options as they were handed in.
func Union(types ...*Type) *Type {
	u := &Type{}
	unknown := false
	for _, t := range types {
		if unknown = unknown || t == nil || len(u.Options) > maxOptions; t == nil {
			continue
		}
		u.Nullable = u.Nullable || t.Nullable || t.Kind == NullKind
		u.Unsure = u.Unsure || t.Unsure
		switch t.Kind {
		case NullKind, NeverKind:
		case Any:
			unknown = true
		default:
			if unknown {
				continue
			}
			for _, option := range t.Each() {
				u.add(option)
			}
		}
	}
	switch {
	case unknown, len(u.Options) > maxOptions:
		return &Type{Nullable: u.Nullable, Unsure: u.Unsure}
	case len(u.Options) == 0 && u.Nullable:
		return &Type{Kind: NullKind}
	case len(u.Options) == 0:
		return &Type{Kind: NeverKind, Unsure: u.Unsure}
	case len(u.Options) > 1:
		u.Kind = UnionKind
		return u
	}
	only := u.Options[0]
	if !u.Nullable && !u.Unsure {
		return only
	}
	if only.Kind == ObjectKind || only.Kind == ListKind {
		u.Kind = UnionKind
		return u
	}
	t := *only
	t.Nullable, t.Unsure = u.Nullable, u.Unsure
	return &t
}

// add takes an option into a union, together with the one of its kind if it
// is a scalar.
func (t *Type) add(option *Type) {
	for i, other := range t.Options {
		switch {
		case other == option:
			return
		case other.Kind != option.Kind || option.Kind == ObjectKind || option.Kind == ListKind:
			continue
		}
		t.Options[i] = &Type{Kind: option.Kind, Literals: eitherLiterals(other.Literals, option.Literals)}
		return
	}
	t.Options = append(t.Options, option)
}

func eitherLiterals(a, b []any) []any {
	if a == nil || b == nil || len(a)+len(b) > maxLiterals {
		return nil
	}
	all := slices.Clone(a)
	for _, v := range b {
		if !slices.ContainsFunc(all, func(w any) bool { return reflect.DeepEqual(v, w) }) {
			all = append(all, v)
		}
	}
	return all
}

// Each returns the alternatives that a type consists of, null left out: the
// options of a union, else the type itself.
func (t *Type) Each() []*Type {
	switch {
	case t == nil:
		return []*Type{{}}
	case t.Kind == UnionKind:
		return t.Options
	case t.Kind == NullKind || t.Kind == NeverKind:
		return nil
	}
	return []*Type{t.Present()}
}

// Present is the type without null.
func (t *Type) Present() *Type {
	switch {
	case t == nil:
		return &Type{}
	case t.Kind == NullKind:
		return &Type{Kind: NeverKind}
	case !t.Nullable && !t.Unsure:
		return t
	}
	without := *t
	without.Nullable, without.Unsure = false, false
	if t.Kind == UnionKind && len(t.Options) == 1 {
		return t.Options[0]
	}
	return &without
}

// OrNull is the type with null.
func (t *Type) OrNull() *Type { return Union(t, &Type{Kind: NullKind}) }

// PerhapsNull is the type where null may be there although nothing says so.
func (t *Type) PerhapsNull() *Type {
	if t.IsNullable() || t.MayBeNull() {
		return t
	}
	perhaps := Type{Unsure: true}
	if t != nil {
		perhaps = *t
		perhaps.Unsure = true
	}
	return &perhaps
}

// IsNullable reports whether null is known to fit.
func (t *Type) IsNullable() bool { return t != nil && (t.Nullable || t.Kind == NullKind) }

// MayBeNull reports whether null is not ruled out.
func (t *Type) MayBeNull() bool {
	return t == nil || t.Nullable || t.Unsure || t.Kind == NullKind || t.Kind == Any && t.Literals == nil
}

// Member returns what is known of a member of an object that is chosen by a
// name in the source, and whether it can be there at all.
func (t *Type) Member(name string) (*Type, bool) {
	if t == nil || t.Kind == Any {
		return &Type{}, true
	}
	m, ok := t.Members[name]
	switch {
	case ok && m.Required:
		return m.Type, true
	case ok && m.Sometimes:
		return m.Type.PerhapsNull(), true
	case ok:
		return m.Type.OrNull(), true
	case t.Rest == nil:
		return nil, false
	case t.Rest.Kind == Any:
		return t.Rest, true
	}
	return t.Rest.OrNull(), true
}
