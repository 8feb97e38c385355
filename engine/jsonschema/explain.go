package jsonschema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/toolsd/toolsd/schema"
)

// An explainer puts the failures of the library into the words of the schema.
type explainer struct {
	role    Role
	value   any
	schemas map[string]*santhosh.Schema
	words   map[*santhosh.Schema]string // of schemas described already
	found   []Violation
}

func (x *explainer) describe(s *santhosh.Schema) string {
	words, ok := x.words[s]
	if !ok {
		words = describe(s)
		x.words[s] = words
	}
	return words
}

func (x *explainer) say(path []string, expected string) {
	got := nothing
	if at, ok := lookup(x.value, path); ok {
		got = shorten(at, gotLength)
	}
	x.found = append(x.found, Violation{Pointer: pointerOf(path), Expected: expected, Got: got})
}

// explain reports a failure and what it consists of. A failure about the value
// itself is said as all that its schema wants of it, so that one answer mends
// everything.
func (x *explainer) explain(failure *santhosh.ValidationError) {
	at := failure.InstanceLocation
	s := x.schemas[failure.SchemaURL]
	if s == nil {
		s = &santhosh.Schema{}
	}
	switch k := failure.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.AllOf, *kind.Reference:
		for _, cause := range failure.Causes {
			x.explain(cause)
		}
	case *kind.Required:
		x.missing(at, s, k.Missing, "required: ")
	case *kind.DependentRequired:
		x.missing(at, s, k.Missing, fmt.Sprintf("required, since %s is given: ", quote(k.Prop)))
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			x.say(append(at[:len(at):len(at)], name), x.unknown(at, s, name))
		}
	case *kind.FalseSchema:
		x.refused(failure)
	case *kind.PropertyNames:
		if s.PropertyNames != nil { // otherwise it is the library's own: see namesVocabulary
			x.found = append(x.found, Violation{
				Pointer:  pointerOf(append(at[:len(at):len(at)], k.Property)),
				Expected: "as the name of a property " + x.describe(s.PropertyNames),
				Got:      clip(quote(k.Property), gotLength),
			})
		}
	case *kind.AnyOf:
		x.alternatives(failure, s, s.AnyOf)
	case *kind.OneOf:
		if len(k.Subschemas) == 0 {
			x.alternatives(failure, s, s.OneOf)
			break
		}
		x.say(at, fmt.Sprintf("a value that fits only one of %d alternatives; it fits number %d and number %d", len(s.OneOf), k.Subschemas[0]+1, k.Subschemas[1]+1))
	case *kind.Not:
		x.say(at, "anything but "+x.describe(s.Not))
	case *kind.UniqueItems:
		x.say(at, fmt.Sprintf("%s; elements %d and %d are the same", x.describe(s), k.Duplicates[0], k.Duplicates[1]))
	default:
		x.say(at, x.describe(s))
	}
}

// missing reports properties that should be there, each at its own pointer.
func (x *explainer) missing(at []string, s *santhosh.Schema, names []string, why string) {
	for _, name := range names {
		x.say(append(at[:len(at):len(at)], name), why+x.describe(x.property(s, name)))
	}
}

// property is the schema of a property: that of s, or else of what s is put
// together from.
func (x *explainer) property(s *santhosh.Schema, name string) *santhosh.Schema {
	if sub := s.Properties[name]; sub != nil {
		return sub
	}
	parent, _, _ := strings.Cut(s.Location, "#")
	for location := s.Location; len(location) > len(parent)+1; {
		location = location[:strings.LastIndexAny(location, "/#")]
		if outer := x.schemas[location]; outer != nil {
			return outer.Properties[name]
		}
	}
	return nil
}

// unknown is what to say of a property that the schema does not know.
func (x *explainer) unknown(at []string, s *santhosh.Schema, name string) string {
	word := "property"
	if x.role == Input && len(at) == 0 {
		word = "argument"
	}
	known := slices.Sorted(maps.Keys(s.Properties))
	if len(known) == 0 {
		return noSuch + word + "; there are none"
	}
	said := noSuch + word + "; known are: " + strings.Join(firstOf(known, maxListed), ", ")
	if near, ok := schema.Nearest(name, known); ok {
		said += fmt.Sprintf("; did you mean %s?", near)
	}
	return said
}

// refused reports a value where the schema says false.
func (x *explainer) refused(failure *santhosh.ValidationError) {
	at := failure.InstanceLocation
	holder, unevaluated := strings.CutSuffix(failure.SchemaURL, "/unevaluatedProperties")
	if outer := x.schemas[holder]; unevaluated && outer != nil && len(at) > 0 {
		x.say(at, x.unknown(at[:len(at)-1], outer, at[len(at)-1]))
		return
	}
	x.say(at, "nothing here")
}

// alternatives reports a value that none of several schemas takes. Where they
// all fail on the value itself, what they want is said; otherwise what is
// wrong with the alternative that came nearest.
func (x *explainer) alternatives(failure *santhosh.ValidationError, s *santhosh.Schema, subs []*santhosh.Schema) {
	depth := len(failure.InstanceLocation)
	nearest, least := -1, 0
	for i, cause := range failure.Causes {
		if cost := distance(cause, depth); nearest < 0 || cost < least {
			nearest, least = i, cost
		}
	}
	if nearest < 0 || least >= wrongKind || len(failure.Causes) != len(subs) {
		x.say(failure.InstanceLocation, x.describe(s))
		return
	}
	x.explain(failure.Causes[nearest])
}

// wrongKind is the distance of a value that is something else altogether.
const wrongKind = 1000

// distance is how far a value is from fitting: a wrong value of the whole
// counts most, then a wrong constant, which usually says which alternative is
// not meant.
func distance(failure *santhosh.ValidationError, depth int) int {
	own := len(failure.InstanceLocation) <= depth
	switch failure.ErrorKind.(type) {
	case *kind.Required, *kind.DependentRequired, *kind.AdditionalProperties, *kind.PropertyNames:
		return 2
	case *kind.Schema, *kind.Group, *kind.AllOf, *kind.Reference:
	case *kind.AnyOf, *kind.OneOf:
		if len(failure.Causes) == 0 {
			return 1
		}
		least := wrongKind
		for _, cause := range failure.Causes {
			least = min(least, distance(cause, depth))
		}
		return least
	case *kind.Const, *kind.Enum:
		if own {
			return wrongKind
		}
		return 20
	default:
		if own {
			return wrongKind
		}
		return 1
	}
	total := 0
	for _, cause := range failure.Causes {
		total = min(total+distance(cause, depth), wrongKind)
	}
	return total
}
