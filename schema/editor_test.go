package schema

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/internal/golden"
)

// TestEditorSchema holds the file that editors are given against the field
// table; -update writes it.
func TestEditorSchema(t *testing.T) {
	const file = "toolsd.schema.json"
	got := EditorSchema()
	if golden.Update() {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not that of the field table; go test ./schema -update writes it:\n%s", file, diff)
	}
}

// Every reference leads to a definition, and every definition is used.
func TestEditorSchemaRefers(t *testing.T) {
	text := string(EditorSchema())
	var root struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	for name := range root.Defs {
		if !strings.Contains(text, `"#/$defs/`+name+`"`) {
			t.Errorf("nothing refers to %s", name)
		}
		text = strings.ReplaceAll(text, `"#/$defs/`+name+`"`, "")
	}
	if i := strings.Index(text, `"$ref": "`); i >= 0 {
		t.Errorf("leads nowhere: %.60s", text[i:])
	}
}

// Each example that editors show is one that its field takes.
func TestEditorExamples(t *testing.T) {
	shown := 0
	for o, examples := range fieldExamples {
		for name := range examples {
			if o.field(name) == nil {
				t.Errorf("%s has no field %s", o.Name, name)
			}
		}
		for i := range o.Fields {
			f := &o.Fields[i]
			for _, example := range examplesOf(o, f) {
				text, err := json.Marshal(example)
				if err != nil {
					t.Fatal(err)
				}
				p := parser{document: Document{File: "t.yaml", Line: 1, Text: []byte("x: " + string(text))}}
				r := p.read()
				var w walker
				w.field(r.root.Entries[0].Value, f)
				for _, d := range append(p.diagnostics, w.diagnostics...) {
					t.Errorf("%s.%s: %s: %s", o.Name, f.Name, text, d.Message)
				}
				shown++
			}
		}
	}
	if shown < 40 {
		t.Errorf("%d examples are shown", shown)
	}
}
