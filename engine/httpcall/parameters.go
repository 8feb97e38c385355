package httpcall

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
)

// parameters writes the fields of a query or a form, which differ in how a
// value is encoded and what a space in a key is.
type parameters struct {
	value func(string) string
	space string
	pairs []parameter
	// secrets are the texts of values that are made of the environment.
	secrets []string
}

// A parameter is a name with its encoded form.
type parameter struct {
	key  string // decoded, without what an object under it adds
	pair string
	text string // of the value
}

func queryParameters() *parameters { return &parameters{value: encodeValue, space: "%20"} }
func formParameters() *parameters  { return &parameters{value: encodeFormValue, space: "+"} }

// fields adds the fields in their order.
func (p *parameters) fields(ctx context.Context, fields []boundField, vars expression.Vars) error {
	for _, f := range fields {
		value, err := evaluate(ctx, f.value, vars)
		if err != nil {
			return err
		}
		before := len(p.pairs)
		if err := p.add(f.key, value); err != nil {
			return err
		}
		if f.secret {
			for _, q := range p.pairs[before:] {
				p.secrets = append(p.secrets, q.text)
			}
		}
	}
	return nil
}

// add writes one field: null and what is empty leaves it out, a list repeats
// its key, an object nests as a[b], a list of objects is numbered as a[0][b].
func (p *parameters) add(key string, value any) error {
	return p.nest(key, p.literal(key), value)
}

func (p *parameters) literal(key string) string {
	return strings.ReplaceAll(encodeKey(key), "%20", p.space)
}

func (p *parameters) nest(root, key string, value any) error {
	switch v := value.(type) {
	case nil:
		return nil
	case ordered:
		for _, m := range v {
			if err := p.nest(root, within(key, p.literal(m.key)), m.value); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if err := p.nest(root, within(key, encodeValue(name)), v[name]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		return p.list(root, key, v)
	}
	s, err := text(value, "the value of "+strconv.Quote(root))
	if err != nil {
		return err
	}
	p.pairs = append(p.pairs, parameter{root, key + "=" + p.value(s), s})
	return nil
}

func (p *parameters) list(root, key string, list []any) error {
	numbered := slices.ContainsFunc(list, isNested)
	for i, item := range list {
		at := key
		if numbered {
			at = strings.TrimSuffix(key, "[]") + "[" + strconv.Itoa(i) + "]"
		}
		if err := p.nest(root, at, item); err != nil {
			return err
		}
	}
	return nil
}

func isNested(value any) bool {
	switch value.(type) {
	case ordered, map[string]any, []any:
		return true
	}
	return false
}

// within puts the encoded name of a member behind the key of its object; a
// "[]" at the end of either stays last.
func within(key, name string) string {
	key, list := strings.CutSuffix(key, "[]")
	name, listed := strings.CutSuffix(name, "[]")
	key += "[" + name + "]"
	if list || listed {
		key += "[]"
	}
	return key
}

// clone returns parameters that can be changed on their own.
func (p *parameters) clone() *parameters {
	c := *p
	c.pairs = slices.Clone(p.pairs)
	return &c
}

// replace puts a value in the place of those of a name.
func (p *parameters) replace(key string, value any) error {
	p.drop(key)
	return p.add(key, value)
}

// drop takes away all parameters of a name.
func (p *parameters) drop(key string) {
	p.pairs = slices.DeleteFunc(p.pairs, func(q parameter) bool { return q.key == key })
}

// String returns all parameters as they are sent.
func (p *parameters) String() string {
	var b strings.Builder
	for i, q := range p.pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(q.pair)
	}
	return b.String()
}

// has reports whether there is a parameter of a name.
func (p *parameters) has(key string) bool {
	return slices.ContainsFunc(p.pairs, func(q parameter) bool { return q.key == key })
}
