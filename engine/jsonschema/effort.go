package jsonschema

import (
	"iter"
	"maps"
	"slices"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
)

// A schema whose alternatives recur looks at a part of a value twice as often
// with every level. What a caller nests must not decide how long a call keeps
// a processor: a schema that recurs may look maxEffort times in all, or
// effortEach times at each part of a value that has many.
const (
	maxEffort  = 500_000
	effortEach = 16
)

// recurses reports whether a schema is met again below itself.
func recurses(root *santhosh.Schema) bool {
	const (
		open = iota + 1
		done
	)
	visits := map[*santhosh.Schema]int{}
	var visit func(s *santhosh.Schema) bool
	visit = func(s *santhosh.Schema) bool {
		switch visits[s] {
		case open:
			return true
		case done:
			return false
		}
		visits[s] = open
		for sub := range sameValue(s) {
			if visit(sub) {
				return true
			}
		}
		for sub := range anyPart(s) {
			if visit(sub) {
				return true
			}
		}
		visits[s] = done
		return false
	}
	return visit(root)
}

// sameValue yields the schemas that a schema applies to the value itself.
func sameValue(s *santhosh.Schema) iter.Seq[*santhosh.Schema] {
	return func(yield func(*santhosh.Schema) bool) {
		single := []*santhosh.Schema{s.Ref, s.Not, s.If, s.Then, s.Else}
		if s.DynamicRef != nil {
			single = append(single, s.DynamicRef.Ref)
		}
		dependent := slices.Collect(maps.Values(s.DependentSchemas))
		for _, list := range [...][]*santhosh.Schema{single, s.AllOf, s.AnyOf, s.OneOf, dependent} {
			for _, sub := range list {
				if sub != nil && !yield(sub) {
					return
				}
			}
		}
	}
}

// anyPart yields the schemas that a schema applies to parts of the value.
func anyPart(s *santhosh.Schema) iter.Seq[*santhosh.Schema] {
	return func(yield func(*santhosh.Schema) bool) {
		additional, _ := s.AdditionalProperties.(*santhosh.Schema)
		single := []*santhosh.Schema{additional, s.UnevaluatedProperties, s.PropertyNames, s.Items2020, s.UnevaluatedItems, s.Contains}
		named := slices.Collect(maps.Values(s.Properties))
		named = slices.AppendSeq(named, maps.Values(s.PatternProperties))
		for _, list := range [...][]*santhosh.Schema{single, named, s.PrefixItems} {
			for _, sub := range list {
				if sub != nil && !yield(sub) {
					return
				}
			}
		}
	}
}

// An effort counts, without validating, how often schemas will look at a
// value and its parts.
type effort struct{ left int }

// looks are the schemas that look at one value, with how often they do.
type looks map[*santhosh.Schema]int

func affordable(s *santhosh.Schema, value any) bool {
	e := &effort{left: max(maxEffort, effortEach*size(value))}
	l := looks{}
	e.add(l, s, 1)
	e.spend(l, value)
	return e.left > 0
}

// size is how many parts a value has, itself included.
func size(value any) int {
	n := 1
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			n += size(member)
		}
	case []any:
		for _, item := range value {
			n += size(item)
		}
	}
	return n
}

// add counts a schema and those it applies to the same value.
func (e *effort) add(l looks, s *santhosh.Schema, times int) {
	if e.left <= 0 || s == nil || s.Bool != nil {
		return
	}
	e.left -= times
	l[s] += times
	for sub := range sameValue(s) {
		e.add(l, sub, times)
	}
}

func (e *effort) spend(l looks, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if e.left <= 0 {
				return
			}
			below := looks{}
			for s, times := range l {
				e.addMember(below, s, name, times)
			}
			e.spend(below, member)
		}
	case []any:
		for i, item := range value {
			if e.left <= 0 {
				return
			}
			below := looks{}
			for s, times := range l {
				if i < len(s.PrefixItems) {
					e.add(below, s.PrefixItems[i], times)
				} else {
					e.add(below, s.Items2020, times)
				}
				e.add(below, s.Contains, times)
				e.add(below, s.UnevaluatedItems, times)
			}
			e.spend(below, item)
		}
	}
}

func (e *effort) addMember(l looks, s *santhosh.Schema, name string, times int) {
	sub, declared := s.Properties[name]
	e.add(l, sub, times)
	for re, sub := range s.PatternProperties {
		if re.MatchString(name) {
			declared = true
			e.add(l, sub, times)
		}
	}
	if additional, ok := s.AdditionalProperties.(*santhosh.Schema); ok && !declared {
		e.add(l, additional, times)
	}
	e.add(l, s.UnevaluatedProperties, times)
}
