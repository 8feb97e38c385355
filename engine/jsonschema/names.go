package jsonschema

import (
	"maps"
	"slices"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// namesVocabulary reports property names that `propertyNames` refuses, at the
// place of their object. The library does so itself, but in memory it goes on
// using, so that its places are wrong by the time they are read.
func namesVocabulary() *santhosh.Vocabulary {
	return &santhosh.Vocabulary{
		URL: "mem:///names",
		Compile: func(c *santhosh.CompilerContext, object map[string]any) (santhosh.SchemaExt, error) {
			if _, there := object["propertyNames"]; !there {
				return nil, nil
			}
			return names{c.Enqueue([]string{"propertyNames"})}, nil
		},
	}
}

type names struct{ schema *santhosh.Schema }

func (n names) Validate(c *santhosh.ValidatorContext, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if n.schema.Validate(name) != nil {
			c.AddError(&kind.PropertyNames{Property: name})
		}
	}
}
