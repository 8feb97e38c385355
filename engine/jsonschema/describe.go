package jsonschema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	maxListed      = 20  // values or names in a sentence
	maxDescription = 400 // characters
	describeDepth  = 4   // schemas inside each other
)

// describe says in plain words what values a schema takes; nil takes any.
func describe(s *santhosh.Schema) string {
	return clip(describer{}.schema(s), maxDescription)
}

type describer struct{ depth int }

func (d describer) schema(s *santhosh.Schema) string {
	d.depth++
	switch {
	case s == nil || d.depth > describeDepth:
		return "any value"
	case s.Bool != nil && !*s.Bool:
		return "nothing"
	case s.Const != nil:
		return shorten(*s.Const, gotLength)
	case s.Enum != nil:
		return "one of " + strings.Join(shortened(s.Enum.Values), ", ")
	}
	var said []string
	if own := d.own(s); own != "" {
		said = append(said, own)
	}
	if target := referred(s); target != nil {
		said = add(said, d.schema(target))
	}
	for _, sub := range s.AllOf {
		said = add(said, d.schema(sub))
	}
	for _, subs := range [...][]*santhosh.Schema{s.AnyOf, s.OneOf} {
		var either []string
		for _, sub := range subs {
			either = add(either, d.schema(sub))
		}
		if len(either) > 0 {
			said = add(said, strings.Join(either, " or "))
		}
	}
	if len(said) == 0 {
		return "any value"
	}
	return strings.Join(said, ", and ")
}

// add appends words that say something new.
func add(said []string, words string) []string {
	if words == "any value" || slices.Contains(said, words) {
		return said
	}
	return append(said, words)
}

// own describes a schema without what it combines.
func (d describer) own(s *santhosh.Schema) string {
	types := impliedTypes(s)
	if s.Types != nil {
		types = s.Types.ToStrings()
	}
	var said []string
	for _, t := range types {
		said = append(said, d.ofType(s, t))
	}
	if len(said) > 1 && types[0] == "null" {
		said = append(said[1:], said[0])
	}
	return strings.Join(said, " or ")
}

// impliedTypes are the types that the keywords of a schema without `type` are
// about.
func impliedTypes(s *santhosh.Schema) []string {
	switch {
	case s.Pattern != nil || s.Format != nil || s.MinLength != nil || s.MaxLength != nil:
		return []string{"string"}
	case s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil:
		return []string{"number"}
	case s.Items2020 != nil || s.MinItems != nil || s.MaxItems != nil || s.UniqueItems || s.Contains != nil || s.PrefixItems != nil:
		return []string{"array"}
	case s.Properties != nil || s.Required != nil || s.MinProperties != nil || s.MaxProperties != nil:
		return []string{"object"}
	}
	return nil
}

func (d describer) ofType(s *santhosh.Schema, name string) string {
	switch name {
	case "boolean":
		return "true or false"
	case "integer":
		return "an integer" + numberBounds(s)
	case "number":
		return "a number" + numberBounds(s)
	case "string":
		return text(s)
	case "array":
		return d.list(s)
	case "object":
		return "an object" + count(s.MinProperties, s.MaxProperties, "member")
	}
	return name
}

func text(s *santhosh.Schema) string {
	said := "a string"
	if s.Format != nil {
		said = s.Format.Name
		if words, ok := formats[s.Format.Name]; ok {
			said = words
		}
	}
	if s.Pattern != nil {
		matching := "text matching " + clip(s.Pattern.String(), gotLength)
		if s.Format == nil {
			said = matching
		} else {
			said += " and " + matching
		}
	}
	return said + count(s.MinLength, s.MaxLength, "character")
}

func (d describer) list(s *santhosh.Schema) string {
	said := "a list" + count(s.MinItems, s.MaxItems, "element")
	if s.UniqueItems {
		said += " without repetitions"
	}
	if s.Items2020 != nil && s.PrefixItems == nil {
		if each := d.schema(s.Items2020); each != "any value" {
			said += ", each of them " + each
		}
	}
	if s.Contains != nil {
		least := 1
		if s.MinContains != nil {
			least = *s.MinContains
		}
		said += fmt.Sprintf(", of which %s", numbered(least, s.MaxContains)) + " " + d.schema(s.Contains)
	}
	return said
}

func numbered(least int, most *int) string {
	switch {
	case most == nil:
		return fmt.Sprintf("at least %d must be", least)
	case least == *most:
		return fmt.Sprintf("exactly %d must be", least)
	}
	return fmt.Sprintf("%d to %d must be", least, *most)
}

// count describes a size in units.
func count(least, most *int, unit string) string {
	switch {
	case least != nil && *least == 0:
		return count(nil, most, unit)
	case least == nil && most == nil:
		return ""
	case most == nil:
		return " of at least " + plural(*least, unit)
	case least == nil:
		return " of at most " + plural(*most, unit)
	case *least == *most:
		return " of exactly " + plural(*least, unit)
	}
	return fmt.Sprintf(" of %d to %s", *least, plural(*most, unit))
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

func numberBounds(s *santhosh.Schema) string {
	said := ""
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		said = " from " + rat(s.Minimum) + " to " + rat(s.Maximum)
	case s.Minimum != nil:
		said = " from " + rat(s.Minimum)
	case s.Maximum != nil:
		said = " up to " + rat(s.Maximum)
	}
	if s.ExclusiveMinimum != nil {
		said += " greater than " + rat(s.ExclusiveMinimum)
	}
	if s.ExclusiveMaximum != nil {
		said += " less than " + rat(s.ExclusiveMaximum)
	}
	if s.MultipleOf != nil {
		said += " that is a multiple of " + rat(s.MultipleOf)
	}
	return said
}

// rat writes a number of a schema, which is a finite decimal.
func rat(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	places, _ := r.FloatPrec()
	return r.FloatString(places)
}

// shortened are the first values of a list, as JSON.
func shortened(values []any) []string {
	var said []string
	for _, v := range values {
		if len(said) == maxListed {
			return append(said, fmt.Sprintf("… (%d in all)", len(values)))
		}
		if n, ok := v.(json.Number); ok {
			said = append(said, n.String())
			continue
		}
		said = append(said, shorten(v, gotLength))
	}
	return said
}

// firstOf are the first names of a list.
func firstOf(names []string, limit int) []string {
	if len(names) <= limit {
		return names
	}
	return append(names[:limit:limit], fmt.Sprintf("… (%d in all)", len(names)))
}
