package jsonschema

import (
	"slices"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
)

// A filler puts the defaults of a schema into a value: top-down, for the
// properties of objects that are there, also below the elements of lists and
// behind references, never inside combinators.
type filler struct {
	// within are the schemas whose defaults hold the place being filled: a
	// default that would hold itself for ever is put in once.
	within []*santhosh.Schema
}

func (f *filler) fill(value any, s *santhosh.Schema, t *Type) {
	for ; s != nil; s = referred(s) {
		switch value := value.(type) {
		case map[string]any:
			f.object(value, s, t)
		case []any:
			f.list(value, s, t)
		}
	}
}

func (f *filler) object(value map[string]any, s *santhosh.Schema, t *Type) {
	for name, sub := range s.Properties {
		if member, there := value[name]; there {
			f.fill(member, sub, t.member(name))
			continue
		}
		given := defaultOf(sub)
		if given == nil || slices.Contains(f.within, sub) {
			continue
		}
		member := Normalize(clone(*given), t.member(name))
		value[name] = member
		f.within = append(f.within, sub)
		f.fill(member, sub, t.member(name))
		f.within = f.within[:len(f.within)-1]
	}
}

func (f *filler) list(value []any, s *santhosh.Schema, t *Type) {
	for i, item := range value {
		switch {
		case i < len(s.PrefixItems):
			f.fill(item, s.PrefixItems[i], nil)
		case s.Items2020 != nil:
			f.fill(item, s.Items2020, t.elem())
		}
	}
}

// referred is the schema that a schema refers to, or nil.
func referred(s *santhosh.Schema) *santhosh.Schema {
	if s.Ref == nil && s.DynamicRef != nil {
		return s.DynamicRef.Ref
	}
	return s.Ref
}

// defaultOf is the default of a schema, its own or that of what it refers to.
func defaultOf(s *santhosh.Schema) *any {
	for ; s != nil; s = referred(s) {
		if s.Default != nil {
			return s.Default
		}
	}
	return nil
}

// clone copies the lists and objects of a value.
func clone(value any) any {
	switch value := value.(type) {
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = clone(item)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(value))
		for name, member := range value {
			members[name] = clone(member)
		}
		return members
	}
	return value
}
