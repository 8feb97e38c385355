package httpcall

import (
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A field is a checked member of headers, query or form: a literal key and a
// template.
type field struct {
	key       string // as written
	place     schema.Place
	value     *expression.Template
	env       []string // the environment variables in it
	inherited bool     // from the upstream
}

// A boundField is a field whose template is compiled.
type boundField struct {
	key   string
	value *expression.Renderer
	// secret says that the value is made of the environment, so that what it
	// comes to is masked, whatever became of the variable on the way.
	secret bool
}

// fields checks the members of a mapping.
func (c *checker) fields(n *schema.Node, where position) []field {
	if n == nil {
		return nil
	}
	checked := make([]field, 0, len(n.Entries))
	for _, e := range n.Entries {
		value := e.Value
		if where == inHeader {
			value = value.OneLine()
		}
		if t, env := c.noted(value); t != nil {
			c.placeholders(value, t, where)
			checked = append(checked, field{key: e.Key, place: e.KeyPlace, value: t, env: env})
		}
	}
	return checked
}

// over returns the fields of an upstream with a call's in the place of those
// of the same name, and the call's others after them.
func over(upstream, call []field, same func(a, b string) bool) []field {
	merged := slices.Clone(upstream)
	for i := range merged {
		merged[i].inherited = true
	}
	for _, f := range call {
		at := slices.IndexFunc(merged, func(m field) bool { return same(m.key, f.key) })
		if at < 0 {
			merged = append(merged, f)
		} else {
			merged[at] = f
		}
	}
	return merged
}

// isTakenAway reports whether the field was written as null.
func (f field) isTakenAway() bool {
	return f.value.Form == expression.Literal && f.value.Value == nil
}

// find returns the field of a name, unless it was taken away.
func find(fields []field, name string, same func(a, b string) bool) (field, bool) {
	for _, f := range fields {
		if same(f.key, name) && !f.isTakenAway() {
			return f, true
		}
	}
	return field{}, false
}

func sameHeader(a, b string) bool    { return strings.EqualFold(a, b) }
func sameParameter(a, b string) bool { return a == b }
