package expression

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// values returns the values that a type tells apart, null left out; ok is
// false when it does not, or when they are not all scalars.
func values(t *jsonschema.Type) (all []any, ok bool) {
	for _, option := range t.Each() {
		if option.Literals == nil || option.Kind == jsonschema.Any {
			return nil, false
		}
		for _, v := range option.Literals {
			switch v.(type) {
			case bool, int, float64, string:
			default:
				return nil, false
			}
		}
		all = append(all, option.Literals...)
	}
	return all, len(all) > 0
}

func contains(all []any, v any) bool {
	return slices.ContainsFunc(all, func(w any) bool {
		x, xok := number(v)
		y, yok := number(w)
		return v == w || xok && yok && x == y
	})
}

func overlap(a, b []any) bool {
	return slices.ContainsFunc(a, func(v any) bool { return contains(b, v) })
}

func show(v any) string {
	if text, ok := v.(string); ok {
		return strconv.Quote(text)
	}
	return fmt.Sprint(v)
}

func texts(all []any) []string {
	var out []string
	for _, v := range all {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// listed are the first of some values.
func listed(all []any) string {
	const most = 12
	var out []string
	for _, v := range all[:min(len(all), most)] {
		out = append(out, show(v))
	}
	if len(all) > most {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}
