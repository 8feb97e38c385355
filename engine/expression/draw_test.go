package expression

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// drawn makes a value of a type: what may be left out is left out at random.
func drawn(r *rand.Rand, t *jsonschema.Type, depth int) any {
	if t == nil {
		t = unknownType
	}
	if (t.Nullable || t.Unsure) && r.IntN(3) == 0 {
		return nil
	}
	if len(t.Literals) > 0 {
		return t.Literals[r.IntN(len(t.Literals))]
	}
	texts := []string{"", "a", "open", "k", "2026-01-31", "Ünï", "1"}
	switch t.Kind {
	case jsonschema.BoolKind:
		return r.IntN(2) == 0
	case jsonschema.IntKind:
		return r.IntN(8) - 2
	case jsonschema.FloatKind:
		return float64(r.IntN(16)-4) / 2
	case jsonschema.StringKind:
		return texts[r.IntN(len(texts))]
	case jsonschema.BytesKind:
		return []byte("bytes")
	case jsonschema.UnionKind:
		return drawn(r, t.Options[r.IntN(len(t.Options))], depth)
	case jsonschema.ListKind:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = drawn(r, t.Elem, depth+1)
		}
		return list
	case jsonschema.ObjectKind:
		object := map[string]any{}
		for name, m := range t.Members {
			if m.Required || r.IntN(2) == 0 {
				object[name] = drawn(r, m.Type, depth+1)
			}
		}
		switch {
		case t.Rest != nil:
			for range r.IntN(3) {
				if name := texts[r.IntN(len(texts))]; object[name] == nil {
					object[name] = drawn(r, t.Rest, depth+1)
				}
			}
		case !t.Closed && r.IntN(3) == 0:
			object["undeclared"] = 1
		}
		return object
	case jsonschema.Any:
		if depth < 3 {
			kinds := []jsonschema.Kind{jsonschema.NullKind, jsonschema.BoolKind, jsonschema.IntKind, jsonschema.StringKind, jsonschema.ListKind, jsonschema.ObjectKind}
			return drawn(r, &jsonschema.Type{Kind: kinds[r.IntN(len(kinds))]}, depth+1)
		}
	}
	return nil
}

func drawnVars(r *rand.Rand, s *Scope) Vars {
	vars := Vars{}
	for name, t := range s.Names {
		vars[name] = drawn(r, t, 0)
	}
	return vars
}

// faultsOfValues are faults that depend on a value and not on its type.
var faultsOfValues = []string{
	"division by zero", "index out of range", "too large", "too precise", "infinite or not a number", "not base64", "not JSON", "follows the JSON",
	"not an integer", "not a number", "count is negative", "at least one character", "digits are", "cannot be read", "parsing time", "invalid date",
	"unknown time zone", "invalid duration", "error parsing regexp", "slice bounds", "a pair is a list", "negative shift", "unknown unit", "missing unit",
	"more memory", "longer than", "loop", "invalid syntax", "unhashable", "nested", "empty array",
}

// runsWell runs an expression that the type pass was sure of with many values,
// and sees that no run ends in a fault of types.
func runsWell(t *testing.T, s *Scope, e *Expr, r *rand.Rand, times int) {
	t.Helper()
	p, err := e.Build(s, Bounds{Ticks: 100_000, Memory: 4 << 20})
	if err != nil {
		t.Fatalf("%s: %v", e.Source(), err)
	}
	for range times {
		vars := drawnVars(r, s)
		value, err := p.Run(t.Context(), vars)
		var fault *Fault
		if errors.As(err, &fault) && !isFaultOfValue(fault.Cause.Error()) {
			t.Errorf("%s\nwith %v\nended with: %v", e.Source(), vars, fault.Cause)
			return
		}
		if err == nil && !isOf(value, s.Type(e), 0) {
			t.Errorf("%s\nwith %v\nis %#v, which is not %s", e.Source(), vars, value, wordFor(s.Type(e)))
			return
		}
	}
}

func isFaultOfValue(cause string) bool {
	for _, f := range faultsOfValues {
		if strings.Contains(cause, f) {
			return true
		}
	}
	return false
}

// isOf reports whether a value is of a type.
func isOf(value any, t *jsonschema.Type, depth int) bool {
	if value == nil {
		return t.MayBeNull()
	}
	for _, option := range t.Each() {
		if option.Literals != nil && option.Kind != jsonschema.Any && !contains(option.Literals, value) {
			continue
		}
		switch v := value.(type) {
		case bool:
			if option.Kind == jsonschema.BoolKind {
				return true
			}
		case int:
			if option.Kind == jsonschema.IntKind {
				return true
			}
		case float64:
			if option.Kind == jsonschema.FloatKind {
				return true
			}
		case string:
			if option.Kind == jsonschema.StringKind {
				return true
			}
		case []any:
			if option.Kind == jsonschema.ListKind && all(v, func(e any) bool { return isOf(e, option.Elem, depth+1) }) {
				return true
			}
		case map[string]any:
			if option.Kind == jsonschema.ObjectKind && hasMembers(v, option, depth) {
				return true
			}
		default:
			return true
		}
		if option.Kind == jsonschema.Any {
			return true
		}
	}
	return false
}

func all(list []any, f func(any) bool) bool {
	for _, e := range list {
		if !f(e) {
			return false
		}
	}
	return true
}

func hasMembers(object map[string]any, t *jsonschema.Type, depth int) bool {
	for name, m := range t.Members {
		value, there := object[name]
		if there && !isOf(value, m.Type, depth+1) || !there && m.Required {
			return false
		}
	}
	for name, value := range object {
		if _, declared := t.Members[name]; declared {
			continue
		}
		if t.Closed || t.Rest != nil && !isOf(value, t.Rest, depth+1) {
			return false
		}
	}
	return true
}
