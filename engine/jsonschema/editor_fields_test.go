package jsonschema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// eachField visits the served fields of an object and of those below it, with
// what builds the members of the outermost object around a value of the field.
func eachField(o *schema.Object, path []string, visit func(path []string, build func(string) map[string]string)) {
	for _, f := range o.Fields {
		if f.Instead != "" || len(path) > 3 {
			continue
		}
		here := append(path[:len(path):len(path)], f.Name)
		build := func(value string) map[string]string {
			members := smallest(o, f.Name)
			members[f.Name] = value
			return members
		}
		visit(here, build)
		inner, wrap := f.Type.Object, "%s"
		if f.Type.Of != nil && f.Type.Of.Object != nil {
			inner, wrap = f.Type.Of.Object, "[%s]"
		}
		if inner != nil {
			eachField(inner, here, func(path []string, within func(string) map[string]string) {
				visit(path, func(value string) map[string]string {
					return build(fmt.Sprintf(wrap, flow(within(value))))
				})
			})
		}
	}
}

// smallest returns the fewest members that make an object valid beside a
// field of it.
func smallest(o *schema.Object, beside string) map[string]string {
	members := make(map[string]string)
	add := func(name string) {
		for _, f := range o.Fields {
			if f.Name == name {
				members[name] = valid(f)
			}
		}
	}
	for _, f := range o.Fields {
		if f.Required && f.Name != beside {
			add(f.Name)
		}
		if f.Name == beside && f.With != "" {
			add(f.With)
		}
	}
	for _, c := range o.Choices {
		chosen := false
		for _, name := range c.Of {
			_, there := members[name]
			chosen = chosen || there || name == beside
		}
		if !chosen && c.Required {
			add(c.Of[0])
			for _, f := range o.Fields {
				if f.Name == c.Of[0] && f.With != "" {
					add(f.With)
				}
			}
		}
	}
	return members
}

// valid returns a value that a field takes.
func valid(f schema.Field) string {
	switch f.Type.Form {
	case schema.MappingForm:
		return "{type: object}"
	case schema.ObjectForm:
		return flow(smallest(f.Type.Object, ""))
	case schema.ListForm:
		return "[" + valid(schema.Field{Type: *f.Type.Of}) + "]"
	}
	return "x"
}

func flow(members map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		parts = append(parts, name+": "+members[name])
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func written(o *schema.Object, kind schema.Kind, members map[string]string) []byte {
	var b strings.Builder
	if v, ok := members[string(kind)]; ok {
		fmt.Fprintf(&b, "%s: %s\n", kind, v)
	}
	for _, f := range o.Fields {
		if v, ok := members[f.Name]; ok && f.Name != string(kind) {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, v)
		}
	}
	return []byte(b.String())
}
