package jsonschema

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/schema"
)

// FuzzEditorSchema holds the law that the schema of editors accepts every
// document in which neither the parser nor the check of its JSON Schemas
// finds an error.
func FuzzEditorSchema(f *testing.F) {
	for _, pattern := range []string{"../../schema/testdata/*.txtar", "../httpcall/testdata/*.txtar", "testdata/check/*.txtar"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			a, err := txtar.ParseFile(file)
			if err != nil {
				continue
			}
			text := a.Files[0].Data
			if a.Files[0].Name == "schema.yaml" {
				text = []byte(aroundSchema(string(text)))
			}
			f.Add(text)
		}
	}
	s := editorSchema(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		documents, _ := schema.Split(schema.Source{Name: "t.yaml", Bytes: text}, schema.Bounds{})
		for _, d := range documents {
			value, ok := tree(d.Text)
			def, found := schema.Parse(d)
			if !ok || def == nil || schema.HasErrors(found) || schema.HasErrors(schemaFaults(def)) {
				continue
			}
			if err := s.Validate(value); err != nil {
				t.Errorf("%v in\n%s", err, d.Text)
			}
		}
	})
}

// schemaFaults checks the JSON Schemas of a definition.
func schemaFaults(d *schema.Definition) []schema.Diagnostic {
	var found []schema.Diagnostic
	hold := func(n *schema.Node, role Role) {
		if n != nil {
			_, more := Check(n, role, Bounds{})
			found = append(found, more...)
		}
	}
	switch {
	case d.Tool != nil:
		hold(d.Tool.InputSchema, Input)
		hold(d.Tool.OutputSchema, Output)
		if d.Tool.HTTP != nil {
			hold(d.Tool.HTTP.Settings.Response.Schema, Body)
		}
	case d.Upstream != nil:
		hold(d.Upstream.Settings.Response.Schema, Body)
	}
	return found
}
