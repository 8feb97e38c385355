package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
)

// nothing stands in a Difference for a value that is not there.
const nothing = "(nothing)"

// A comparison collects how a value differs from the one that is expected.
// Both are JSON, numbers as text.
type comparison struct {
	wholly bool // objects have no other keys than those that are expected
	asText bool // scalars are equal when their texts are: 20 and "20"
	found  []Difference
}

// values compares two values; where is a JSON pointer.
func (c *comparison) values(where string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			c.objects(where, w, g)
			return
		}
	case []any:
		if g, ok := got.([]any); ok {
			c.lists(where, w, g)
			return
		}
	default:
		if c.scalars(want, got) {
			return
		}
	}
	c.differ(where, shown(want), shown(got))
}

func (c *comparison) objects(where string, want, got map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		inner := where + "/" + escapePointer(name)
		if value, ok := got[name]; ok {
			c.values(inner, want[name], value)
		} else {
			c.differ(inner, shown(want[name]), nothing)
		}
	}
	if !c.wholly {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			c.differ(where+"/"+escapePointer(name), nothing, shown(got[name]))
		}
	}
}

func (c *comparison) lists(where string, want, got []any) {
	for i := range max(len(want), len(got)) {
		inner := where + "/" + strconv.Itoa(i)
		switch {
		case i >= len(got):
			c.differ(inner, shown(want[i]), nothing)
		case i >= len(want):
			c.differ(inner, nothing, shown(got[i]))
		default:
			c.values(inner, want[i], got[i])
		}
	}
}

// scalars reports whether two values are the same scalar.
func (c *comparison) scalars(want, got any) bool {
	if w, ok := want.(json.Number); ok {
		if g, ok := got.(json.Number); ok {
			return jsonschema.SameNumber(w, g)
		}
	}
	switch got.(type) {
	case map[string]any, []any:
		return false
	}
	if want == got {
		return true
	}
	if !c.asText || want == nil || got == nil {
		return false
	}
	w, _ := expression.Text(want)
	g, _ := expression.Text(got)
	return w == g
}

// texts compares two texts; where names what they are.
func (c *comparison) texts(where, want, got string) {
	if want != got {
		c.differ(where, shown(want), shown(got))
	}
}

func (c *comparison) differ(where, want, got string) {
	want, got = excerpts(want, got)
	c.found = append(c.found, Difference{Where: where, Want: want, Got: got})
}

// shown is a value as a person reads it: compact JSON, keys sorted.
func shown(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nothing
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// excerpts shortens two long texts to the part where they begin to differ.
func excerpts(a, b string) (string, string) {
	const most, before = 200, 40
	if len(a) <= most && len(b) <= most {
		return a, b
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	from := 0
	if same > most/2 {
		from = same - before
	}
	return excerpt(a, from, most), excerpt(b, from, most)
}

// excerpt returns at most so many bytes of a text, and says where it was cut.
func excerpt(s string, from, most int) string {
	from = min(from, len(s))
	for from > 0 && from < len(s) && !utf8.RuneStart(s[from]) {
		from--
	}
	cut := cutText(s[from:], most)
	short := len(cut) < len(s)-from
	if from > 0 {
		cut = "…" + cut
	}
	if short {
		cut += "…"
	}
	return cut
}
