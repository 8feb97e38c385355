package jsonschema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline writes objects one to a line: silent or combined ones marked, then
// the properties, those without a description marked. Schemas begin at 4:3.
func outline(all []Object) string {
	var b strings.Builder
	for _, o := range all {
		fmt.Fprintf(&b, "%d:%d", o.Place.Line, o.Place.Column)
		if o.Silent {
			b.WriteString(" silent")
		}
		if o.Combined {
			b.WriteString(" combined")
		}
		for _, p := range o.Properties {
			fmt.Fprintf(&b, " %s", p.Name)
			if !p.Described {
				b.WriteByte('?')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestObjects(t *testing.T) {
	var tangle strings.Builder // each of many refers to all
	tangle.WriteString("type: object\nproperties: {a: {$ref: '#/$defs/d0'}}\nadditionalProperties: false\n$defs:\n")
	for i := range 60 {
		fmt.Fprintf(&tangle, "  d%d: {allOf: [", i)
		for j := range 60 {
			fmt.Fprintf(&tangle, "{$ref: '#/$defs/d%d'}, ", j)
		}
		tangle.WriteString("{minimum: 1}]}\n")
	}
	for _, tt := range []struct{ name, yaml, want string }{
		{"recursive", "type: object\nproperties: {child: {$ref: '#'}, list: {description: All, items: {$ref: '#'}}}\nunevaluatedProperties: false\n",
			"4:3 child? list\n"},
		{"tangled", tangle.String(), "4:3 a?\n"},
		{"a list of types", "type: [object, 'null']\n", "4:3 silent\n"},
		{"in lists", "type: object\nadditionalProperties: {prefixItems: [{type: object}], items: {type: object}}\n", "4:3\n5:40 silent\n5:64 silent\n"},
		{"by pattern", "type: object\npatternProperties: {x: {type: object}}\n", "4:3 silent\n5:26 silent\n"},
		{"conditions", "type: object\nnot: {properties: {a: {}}}\nif: {properties: {b: {}}}\nthen: {properties: {c: {}}}\n", "4:3 silent combined\n7:9 c?\n"},
		{"faulty", "type: object\nproperties: [1]\nallOf: {a: 1}\n$ref: 7\nanyOf: 3\n", "4:3 silent combined\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, outline(Objects(node(t, tt.yaml)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
