package jsonschema

// Kind is the kind of values a Type has.
type Kind uint8

const (
	// Any is a value of which nothing is known.
	Any Kind = iota
	NullKind
	BoolKind
	IntKind
	FloatKind
	StringKind
	BytesKind
	ListKind
	ObjectKind
	// UnionKind is one of Options. No schema has it; expressions do.
	UnionKind
	// NeverKind has no values: what would make one ends the call.
	NeverKind
)

// A Type is what is known of a value before it is there. The zero Type is a
// value of which nothing is known. Types are immutable once made and may be
// shared.
type Type struct {
	Kind Kind
	// Nullable says that null fits too.
	Nullable bool
	// Unsure says that null may be there although nothing says so, as where a
	// list is searched: it is neither counted on nor ruled out.
	Unsure bool
	// Elem is what a List holds; nil is Any.
	Elem *Type
	// Members of an Object, by name.
	Members map[string]Member
	// Rest is what an Object holds beside its Members: nil when nothing else
	// is allowed or nothing else may be used, since the schema is silent.
	Rest *Type
	// Closed says that an Object refuses members beside its Members.
	Closed bool
	// Literals are the values of an enum or const, if that is known, null
	// left out.
	Literals []any
	// Options of a Union: not null, not unions, and of scalar kinds one each.
	Options []*Type
}

// A Member of an object.
type Member struct {
	Type *Type
	// Required says that the member is always there: required by the schema,
	// or given by a default.
	Required bool
	// Sometimes says that the member is required under some conditions, and
	// that these cannot be seen in the type.
	Sometimes bool
}

// kind, elem and member read a type that may be nil, which is Any.

func (t *Type) kind() Kind {
	if t == nil {
		return Any
	}
	return t.Kind
}

func (t *Type) elem() *Type {
	if t == nil {
		return nil
	}
	return t.Elem
}

func (t *Type) member(name string) *Type {
	if t == nil {
		return nil
	}
	if m, ok := t.Members[name]; ok {
		return m.Type
	}
	return t.Rest
}
