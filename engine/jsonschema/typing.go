package jsonschema

import (
	"encoding/json"
	"maps"
	"slices"
	"weak"
)

// maxRefDepth is how many references inside each other a type follows; what
// lies deeper is Any. It keeps types small where references double.
const maxRefDepth = 16

// Type returns what is known of the values that fit the schema. It is worked
// out anew once nobody holds it any more.
//
// What the schema does not decide is Any: alternatives of different kinds, a
// schema that recurs, a schema without `type`. A member that only some
// alternatives declare is there, and not required. A default is counted on in
// an Input schema alone: nothing else is filled in.
func (s *Schema) Type() *Type {
	if known := s.typ.Load(); known != nil {
		if typ := known.Value(); typ != nil {
			return typ
		}
	}
	root, err := readExact(s.raw)
	if err != nil {
		return &Type{}
	}
	t := newTyper(root)
	t.unfilled = s.role != Input
	typ := t.top()
	known := weak.Make(typ)
	s.typ.Store(&known)
	return typ
}

// A typer works out types. While it does, a type of kind Any may have members:
// they count once an `allOf` or a `type` beside it says that it is an object.
// A member without a type is required and, so far, not declared.
type typer struct {
	document
	known map[typeKey]*Type // what references lead to
	open  []string          // references being followed
	// unfilled says that defaults are not put in: within a combinator, in a
	// result, in an upstream's answer.
	unfilled bool
}

type typeKey struct {
	ref      string
	unfilled bool
}

func newTyper(root any) *typer {
	return &typer{document: document{root: root}, known: map[typeKey]*Type{}}
}

func (t *typer) top() *Type { return sealed(t.of(t.root)) }

// sealed is a type as others may see it.
func sealed(t *Type) *Type {
	switch {
	case t.Kind == Any && (t.Members != nil || t.Rest != nil):
		return &Type{Nullable: t.Nullable, Literals: t.Literals}
	case t.Kind == ObjectKind:
		for _, m := range t.Members {
			if m.Type == nil {
				object := *t
				object.Members = maps.Clone(t.Members)
				maps.DeleteFunc(object.Members, func(_ string, m Member) bool { return m.Type == nil })
				return &object
			}
		}
	}
	return t
}

func (t *typer) of(at any) *Type {
	object, ok := at.(map[string]any)
	if !ok {
		return &Type{}
	}
	typ := t.plain(object)
	if ref := refOf(object); ref != "" {
		typ = both(typ, t.ref(ref))
	}
	outer := t.unfilled
	t.unfilled = true
	for _, sub := range listOf(object, "allOf") {
		typ = both(typ, t.of(sub))
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		if subs := listOf(object, key); len(subs) > 0 {
			typ = both(typ, t.either(subs))
		}
	}
	typ = both(typ, t.perhaps(object))
	t.unfilled = outer
	return typ
}

// ref is the type of what a reference leads to; where it recurs, Any.
func (t *typer) ref(ref string) *Type {
	key := typeKey{ref, t.unfilled}
	if known := t.known[key]; known != nil {
		return known
	}
	if slices.Contains(t.open, ref) || len(t.open) == maxRefDepth {
		return &Type{}
	}
	t.open = append(t.open, ref)
	typ := t.of(t.resolve(ref))
	t.open = t.open[:len(t.open)-1]
	t.known[key] = typ
	return typ
}

// plain is the type that the keywords of one schema say, without what it
// combines.
func (t *typer) plain(object map[string]any) *Type {
	typ := &Type{}
	typ.Kind, typ.Nullable = kindsOf(object["type"])
	t.members(typ, object)
	if typ.Kind == ListKind {
		t.elements(typ, object)
	}
	if only, ok := object["const"]; ok {
		literals(typ, object, []any{only})
	} else if values := listOf(object, "enum"); len(values) > 0 {
		literals(typ, object, values)
	}
	return typ
}

// kindsOf reads the value of `type`.
func kindsOf(value any) (kind Kind, nullable bool) {
	names := []any{value}
	if list, ok := value.([]any); ok {
		names = list
	}
	some := false
	for _, name := range names {
		next := Any
		switch name {
		case "null":
			nullable = true
			continue
		case "boolean":
			next = BoolKind
		case "integer":
			next = IntKind
		case "number":
			next = FloatKind
		case "string":
			next = StringKind
		case "array":
			next = ListKind
		case "object":
			next = ObjectKind
		}
		switch {
		case !some:
			kind, some = next, true
		case kind == next:
		case isNumeric(kind) && isNumeric(next):
			kind = FloatKind
		default:
			kind = Any
		}
	}
	if nullable && !some {
		kind = NullKind
	}
	return kind, nullable
}

func (t *typer) members(typ *Type, object map[string]any) {
	properties, _ := object["properties"].(map[string]any)
	required := listOf(object, "required")
	if len(properties)+len(required) > 0 {
		typ.Members = make(map[string]Member, len(properties))
	}
	declared := slices.Sorted(maps.Keys(properties))
	for _, name := range required {
		name, ok := name.(string)
		if !ok {
			continue
		}
		typ.Members[name] = Member{Required: true}
		if _, ok := properties[name]; ok || object["additionalProperties"] != false {
			continue
		}
		// No value has that property, and the author was told so: that it is
		// another one which is required should not be told again at each use.
		for _, meant := range meantBy(name, declared) {
			typ.Members[meant] = Member{Required: true}
		}
	}
	for _, name := range declared {
		m := Member{Type: sealed(t.of(properties[name])), Required: typ.Members[name].Required}
		if _, given := t.defaultOf(properties[name]); given && !t.unfilled {
			m.Required = true
		}
		typ.Members[name] = m
	}
	t.dependent(typ, object)
	typ.Rest = t.rest(object)
	_, patterned := object["patternProperties"]
	typ.Closed = object["additionalProperties"] == false && !patterned
}

// rest is what an object may hold beside its properties, as far as the schema
// says so.
func (t *typer) rest(object map[string]any) *Type {
	more, written := object["additionalProperties"]
	if !written {
		more, written = object["unevaluatedProperties"]
	}
	var rest *Type
	if written && more != false {
		rest = sealed(t.of(more))
	}
	patterns, _ := object["patternProperties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(patterns)) {
		of := sealed(t.of(patterns[name]))
		if rest != nil {
			of = sealed(oneOf(rest, of))
		}
		rest = of
	}
	return rest
}

func (t *typer) elements(typ *Type, object map[string]any) {
	items, written := object["items"]
	prefix := listOf(object, "prefixItems")
	if len(prefix) == 0 {
		if written {
			typ.Elem = sealed(t.of(items))
		}
		return
	}
	elem := sealed(t.of(prefix[0]))
	for _, item := range prefix[1:] {
		elem = sealed(oneOf(elem, t.of(item)))
	}
	if items != false {
		elem = sealed(oneOf(elem, t.of(items)))
	}
	typ.Elem = elem
}

// literals narrows a type to the values of an enum or const.
func literals(typ *Type, object map[string]any, values []any) {
	if _, typed := object["type"]; !typed {
		typ.Kind, typ.Nullable = literalKind(values)
	}
	if typ.Nullable && typ.Kind != NullKind {
		typ.Nullable = slices.Contains(values, nil)
	}
	for _, v := range values {
		if n, ok := v.(json.Number); ok {
			v = numberAs(n.String(), typ.Kind)
		}
		if v != nil {
			typ.Literals = append(typ.Literals, v)
		}
	}
}

// literalKind is the kind that all values have.
func literalKind(values []any) (kind Kind, nullable bool) {
	var types []any
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			types = append(types, "null")
		case bool:
			types = append(types, "boolean")
		case string:
			types = append(types, "string")
		case json.Number:
			name := "number"
			if _, whole := numberAs(v.String(), IntKind).(int); whole {
				name = "integer"
			}
			types = append(types, name)
		default:
			return Any, slices.Contains(values, nil)
		}
	}
	return kindsOf(types)
}

func listOf(object map[string]any, key string) []any {
	list, _ := object[key].([]any)
	return list
}
