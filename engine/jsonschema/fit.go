package jsonschema

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/schema"
)

// A pendingDefault is a `default` that only the whole schema can judge.
type pendingDefault struct {
	pointer string
	value   *schema.Node
}

// fits holds a default against the schema it stands in. Types, enumerations
// and bounds are judged here, for they are nearly all there is; the rest waits
// for the walk to end.
func (c *checker) fits(n, value *schema.Node) {
	misfit, hint := plainMisfit(n, value)
	if misfit != "" {
		c.misfit(value, hint, misfit)
		return
	}
	if slices.ContainsFunc(n.Entries, func(e schema.Entry) bool { return !judged(e.Key, value) }) {
		c.defaults = append(c.defaults, pendingDefault{pointerOf(c.path), value})
	}
}

func (c *checker) misfit(value *schema.Node, hint, why string) {
	what := "the default"
	if value.IsScalar() {
		what += " " + show(value)
	}
	c.report(BadDefault, value.Place, hint, "%s does not fit: %s", what, why)
}

// judged reports whether plainMisfit says all there is to say of a keyword
// and a value.
func judged(key string, value *schema.Node) bool {
	switch key {
	case "pattern", "format":
		return value.Kind != schema.String
	case "items", "prefixItems", "uniqueItems", "unevaluatedItems":
		return value.Kind != schema.List || len(value.Items) == 0
	case "contains":
		return value.Kind != schema.List
	case "properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames", "dependentRequired":
		return value.Kind != schema.Map || len(value.Entries) == 0
	case "required":
		return value.Kind != schema.Map
	case "dependentSchemas", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if":
		return false
	}
	return true
}

// plainMisfit says what of the plain keywords of a schema a value breaks.
// Keywords that are themselves faulty are passed over.
func plainMisfit(n, value *schema.Node) (misfit, hint string) {
	if types := typesOf(n); len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return isOfType(value, t) }) {
		return fmt.Sprintf("it is %s where the type is %s", kindOf(value), strings.Join(types, " or ")), typeHint(types, value)
	}
	if values := n.Get("enum"); values != nil && values.Kind == schema.List {
		wanted := canonical(value)
		if !slices.ContainsFunc(values.Items, func(v *schema.Node) bool { return canonical(v) == wanted }) {
			return "it is not in `enum`", ""
		}
	}
	if only := n.Get("const"); only != nil && canonical(only) != canonical(value) {
		return "it is not " + show(only), ""
	}
	for _, e := range n.Entries {
		if outside(e, value) {
			return fmt.Sprintf("`%s` is %s", e.Key, show(e.Value)), ""
		}
	}
	return "", ""
}

func typeHint(types []string, value *schema.Node) string {
	switch {
	case value.Kind == schema.String && value.Style != schema.Plain:
		return "take the quotes away"
	case slices.Contains(types, "string") && value.IsScalar() && value.Kind != schema.Null:
		return fmt.Sprintf("quote it: %q", value.Text)
	case value.Kind == schema.Null:
		return `take it away, or write the type as a list with "null"`
	}
	return ""
}

// outside reports whether a value is beyond a bound.
func outside(bound schema.Entry, value *schema.Node) bool {
	if bound.Value.Kind != schema.Number {
		return false
	}
	limit, ok := rational(bound.Value.Text)
	if !ok {
		return false
	}
	size := -1
	switch {
	case value.Kind == schema.Number:
		v, ok := rational(value.Text)
		if !ok {
			return false
		}
		switch bound.Key {
		case "minimum":
			return v.Cmp(limit) < 0
		case "exclusiveMinimum":
			return v.Cmp(limit) <= 0
		case "maximum":
			return v.Cmp(limit) > 0
		case "exclusiveMaximum":
			return v.Cmp(limit) >= 0
		case "multipleOf":
			return limit.Sign() > 0 && !v.Quo(v, limit).IsInt()
		}
		return false
	case value.Kind == schema.String && strings.HasSuffix(bound.Key, "Length"):
		size = utf8.RuneCountInString(value.Text)
	case value.Kind == schema.List && strings.HasSuffix(bound.Key, "Items"):
		size = len(value.Items)
	case value.Kind == schema.Map && strings.HasSuffix(bound.Key, "Properties"):
		size = len(value.Entries)
	default:
		return false
	}
	if !limit.IsInt() || !limit.Num().IsInt64() {
		return false
	}
	at := limit.Num().Int64()
	return strings.HasPrefix(bound.Key, "min") && int64(size) < at || strings.HasPrefix(bound.Key, "max") && int64(size) > at
}

// defaultsOf holds the waiting defaults against the schema as it will run.
func (c *checker) defaultsOf(s *Schema) {
	for _, d := range c.defaults {
		v, err := s.build(d.pointer)
		if err != nil {
			c.report(BadKeyword, d.value.Place, "", "the schema cannot be built: %v", err)
			return
		}
		value, err := readExact(d.value.JSON())
		if err != nil {
			c.report(BadDefault, d.value.Place, "", "the default cannot be read: %v", err)
			continue
		}
		if found := v.Validate(value); len(found) > 0 {
			c.misfit(d.value, "", found[0].String())
		}
	}
}
