package jsonschema

import (
	"bytes"
	"errors"
	"fmt"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
)

// location is the name of a schema in the library: no real place.
const location = "mem:///schema"

// A Validator holds values against a schema. It is safe for concurrent use.
type Validator struct {
	schema   *santhosh.Schema
	role     Role
	typ      *Type
	defaults bool // there may be some
	recurses bool // so that the work depends on how deep a value nests
}

// Build makes the validator.
func (s *Schema) Build() (*Validator, error) { return s.build("") }

// build makes the validator of the subschema that a JSON pointer names.
func (s *Schema) build(pointer string) (*Validator, error) {
	root, err := readExact(s.raw)
	if err != nil {
		return nil, fmt.Errorf("reading a schema: %w", err)
	}
	if top, ok := root.(map[string]any); ok {
		delete(top, "$id") // references are local, whatever the schema calls itself
		delete(top, "$schema")
	}
	compiler := santhosh.NewCompiler()
	compiler.DefaultDraft(santhosh.Draft2020)
	compiler.AssertFormat()
	compiler.UseRegexpEngine(compilePattern)
	compiler.UseLoader(noLoader{})
	if bytes.Contains(s.raw, []byte(`"propertyNames"`)) {
		compiler.RegisterVocabulary(namesVocabulary())
		compiler.AssertVocabs()
	}
	if err := compiler.AddResource(location, root); err != nil {
		return nil, fmt.Errorf("building a schema: %w", err)
	}
	compiled, err := compiler.Compile(location + "#" + escapeFragment(pointer))
	if err != nil {
		return nil, fmt.Errorf("building a schema: %w", err)
	}
	return &Validator{
		schema:   compiled,
		role:     s.role,
		typ:      newTyper(root).top(),
		defaults: bytes.Contains(s.raw, []byte(`"default"`)),
		recurses: recurses(compiled),
	}, nil
}

// noLoader keeps the library from reading files or the network.
type noLoader struct{}

func (noLoader) Load(string) (any, error) {
	return nil, errors.New("schemas are not loaded from elsewhere")
}
