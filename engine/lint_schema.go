package engine

import (
	"fmt"
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

const mostInSchema = 8 << 10 // bytes of JSON

// objects are the schemas of objects in the arguments of a tool.
func (l *lint) objects() []jsonschema.Object {
	n := l.get("inputSchema")
	if l.def.Tool == nil || n == nil {
		return nil
	}
	return jsonschema.Objects(n)
}

// undescribedParameters finds properties, at any depth, without a description.
func (l *lint) undescribedParameters() {
	for _, o := range l.objects() {
		for _, p := range o.Properties {
			if !p.Described {
				l.report(p.Place, fmt.Sprintf("nothing says what %s is for", p.Name),
					"give it a description: what it means, in which unit or form, what it is good for")
			}
		}
	}
}

// openSchemas finds objects that leave open whether others than the declared
// properties may be sent. They may, by JSON Schema, and a misspelt one is then
// passed over in silence.
func (l *lint) openSchemas() {
	for _, o := range l.objects() {
		if !o.Silent {
			continue
		}
		hint := "write additionalProperties: false, or true if any may be sent"
		if o.Combined {
			hint = "write unevaluatedProperties: false, or true if any may be sent"
		}
		l.report(o.Place, "the schema does not say whether other properties may be sent", hint)
	}
}

// twinParameters finds properties of one object whose names differ by case
// alone.
func (l *lint) twinParameters() {
	for _, o := range l.objects() {
		first := make(map[string]jsonschema.Property, len(o.Properties))
		for _, p := range o.Properties {
			folded := strings.ToLower(p.Name)
			other, twin := first[folded]
			if !twin {
				first[folded] = p
				continue
			}
			l.report(p.Place, fmt.Sprintf("%s and %s differ only by upper and lower case", p.Name, other.Name), "give one of them another name")
			l.found[len(l.found)-1].Related = []schema.Related{{Place: other.Place, Message: "the other one"}}
		}
	}
}

func (l *lint) largeSchemas() {
	if l.tool == nil {
		return
	}
	for key, text := range map[string][]byte{"inputSchema": l.tool.advertised.InputSchema, "outputSchema": l.tool.advertised.OutputSchema} {
		if len(text) > mostInSchema {
			l.report(l.get(key).Place, fmt.Sprintf("the schema has %s bytes as JSON, which a model reads with every request", grouped(len(text))),
				"leave out what the tool can do without, or divide it into several tools")
		}
	}
}
