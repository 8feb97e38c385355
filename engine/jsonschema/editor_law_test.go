package jsonschema

import (
	"encoding/json"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	validator6 "github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/toolsd/toolsd/schema"
)

// The law of the editor's schema: it and the parser agree on every fault that
// shows in the tree of keys and values, and it accepts every valid file.

// editorSchema returns the schema that editors are given, compiled, which
// holds it against the metaschema too.
func editorSchema(t testing.TB) *validator6.Schema {
	t.Helper()
	value, err := validator6.UnmarshalJSON(strings.NewReader(string(schema.EditorSchema())))
	if err != nil {
		t.Fatal(err)
	}
	c := validator6.NewCompiler()
	c.AssertVocabs()
	if err := c.AddResource("editor.json", value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("editor.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tree reads a document as editors do. It is false for a text that is not
// YAML, or that has no tree of its own.
func tree(text []byte) (any, bool) {
	var n yaml.Node
	if err := yaml.Unmarshal(text, &n); err != nil || len(n.Content) == 0 {
		return nil, false
	}
	return plainTree(n.Content[0]), true
}

func plainTree(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any)
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainTree(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, plainTree(item))
		}
		return list
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if r, ok := new(big.Rat).SetString(n.Value); ok {
			return json.Number(r.FloatString(3))
		}
		return json.Number("1") // infinities and the like are no matter of the tree
	}
	return n.Value
}

// faults parses a text as the engine does and returns its errors.
func faults(text []byte) []schema.Diagnostic {
	_, found := schema.Parse(schema.Document{File: "t.yaml", Line: 1, Text: text})
	var errors []schema.Diagnostic
	for _, d := range found {
		if d.Severity == schema.Error {
			errors = append(errors, d)
		}
	}
	return errors
}

// agree fails the test unless parser and schema judge a document alike.
func agree(t *testing.T, s *validator6.Schema, text []byte) {
	t.Helper()
	value, ok := tree(text)
	if !ok {
		return
	}
	found, refused := faults(text), s.Validate(value)
	if (len(found) > 0) != (refused != nil) {
		t.Errorf("the parser finds %v, the schema %v in\n%s", found, refused, text)
	}
}

func TestEditorSchemaAgreesOnTheCorpus(t *testing.T) {
	s := editorSchema(t)
	files, err := filepath.Glob("../../schema/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	structural := 0
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		switch header := string(a.Comment); {
		case strings.Contains(header, "law: structural\n"):
			structural++
		case strings.Contains(header, "law: textual\n"):
			continue
		default:
			t.Errorf("%s: its header does not say law: structural, or law: textual where the fault shows in the text alone", file)
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			documents, _ := schema.Split(schema.Source{Name: "t.yaml", Bytes: a.Files[0].Data}, schema.Bounds{})
			for _, d := range documents {
				agree(t, s, d.Text)
			}
		})
	}
	if structural < 20 {
		t.Errorf("%d structural cases", structural)
	}
}

// law returns what the prose of an archive says of its mistake.
func law(prose string) string {
	for line := range strings.Lines(prose) {
		if word, ok := strings.CutPrefix(line, "law: "); ok {
			return strings.TrimSpace(word)
		}
	}
	return ""
}

// right reports whether neither the parser nor the check of JSON Schemas finds
// an error in a document.
func right(d schema.Document) bool {
	def, found := schema.Parse(d)
	return def != nil && !schema.HasErrors(found) && !schema.HasErrors(schemaFaults(def))
}

// The corpus of the engine holds a mistake a file: what shows in the tree is
// refused by parser and schema alike, unless it is only warned of, and what is
// right but for what takes more than the tree is accepted.
func TestEditorSchemaAgreesOnFaultyFiles(t *testing.T) {
	s := editorSchema(t)
	files, err := filepath.Glob("../testdata/corpus/faulty/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	refused := 0
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := law(string(a.Comment))
		if !slices.Contains([]string{"structural", "textual", "semantic"}, kind) {
			t.Errorf("%s: its header does not say law: structural, textual or semantic", file)
		}
		for _, f := range a.Files {
			if filepath.Ext(f.Name) != ".yaml" {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+f.Name, func(t *testing.T) {
				documents, _ := schema.Split(schema.Source{Name: f.Name, Bytes: f.Data}, schema.Bounds{})
				wrong := 0
				for _, d := range documents {
					value, ok := tree(d.Text)
					err := s.Validate(value)
					switch {
					case right(d):
						if !ok || err != nil {
							t.Errorf("line %d is right, the schema says %v", d.Line, err)
						}
					case kind == "structural":
						wrong++
						if !ok || err == nil {
							t.Errorf("line %d is wrong, the schema takes it", d.Line)
						}
					}
				}
				refused += wrong
				if wrong > 1 {
					t.Errorf("%d documents are wrong", wrong)
				}
			})
		}
	}
	if refused < 60 {
		t.Errorf("%d documents are refused", refused)
	}
}

func TestEditorSchemaAcceptsValidFiles(t *testing.T) {
	s := editorSchema(t)
	files, err := filepath.Glob("../testdata/corpus/valid/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		documents, _ := schema.Split(schema.Source{Name: file, Bytes: text}, schema.Bounds{})
		for _, d := range documents {
			value, ok := tree(d.Text)
			if !ok {
				t.Errorf("%s:%d has no tree", file, d.Line)
			} else if err := s.Validate(value); err != nil {
				t.Errorf("%s:%d: %v", file, d.Line, err)
			}
		}
	}
}

// What only needs more than the tree to be found is nothing to the schema.
func TestEditorSchemaAcceptsWhatTheParserDoes(t *testing.T) {
	s := editorSchema(t)
	documents := 0
	accept := func(name string, text []byte) {
		split, _ := schema.Split(schema.Source{Name: name, Bytes: text}, schema.Bounds{})
		for _, d := range split {
			value, ok := tree(d.Text)
			if !ok || len(faults(d.Text)) > 0 {
				continue
			}
			documents++
			if err := s.Validate(value); err != nil {
				t.Errorf("%s:%d: %v", name, d.Line, err)
			}
		}
	}
	for _, root := range []string{"../../tools.d", "../../examples", "../../cmd/toolsd/starter", "../expression/testdata", "../httpcall/testdata"} {
		err := filepath.WalkDir(root, func(file string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			text, _ := os.ReadFile(file)
			switch filepath.Ext(file) {
			case ".yaml":
				accept(file, text)
			case ".txtar":
				accept(file, txtar.Parse(text).Files[0].Data)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if documents < 60 {
		t.Errorf("%d documents", documents)
	}
}

// TestEditorSchemaAgreesOnEveryField sets each field of the language to each
// of some values, and sees that parser and schema think the same of it.
func TestEditorSchemaAgreesOnEveryField(t *testing.T) {
	s := editorSchema(t)
	values := []string{
		`null`, `""`, `" "`, `x`, `"${env.X}"`, `"a $${x}"`, `"$$"`, `true`, `"true"`, `0`, `1`, `-1`, `1.5`, `12`, `404`, `700`, `99999999999999`,
		`[]`, `{}`, `[x]`, `["${x}"]`, `[1]`, `[[]]`, `[{}]`, `{a: 1}`, `{a: null}`, `{a: "${x}"}`, `{"${x}": 1}`, `{a: {"${x}": 1}}`, `{a: [b]}`,
		`10s`, `0s`, `1m30s`, `10`, `-5s`, `00h1ms`, `256KiB`, `0KiB`, `4 MB`, `4 Mib`, `1024GiB`, `99999999GiB`, `2xx`, `2XX`, `6xx`, `200-299`, `20-30`, `[2xx, 404]`,
		`none`, `json`, `GET`, `get`, `keep`, `a.b-c`, `9a`, `_A`, `A_B`, `"a\nb"`, strings.Repeat("n", 64), strings.Repeat("n", 65),
	}
	tried := 0
	for kind, o := range schema.Documents() {
		eachField(o, nil, func(path []string, build func(value string) map[string]string) {
			for _, value := range values {
				tried++
				agree(t, s, written(o, kind, build(value)))
			}
		})
	}
	if tried < 3000 {
		t.Errorf("%d documents tried", tried)
	}
}

// Whatever value of a keyword the check of JSON Schemas takes, editors take.
func TestEditorSchemaAcceptsEveryKeyword(t *testing.T) {
	s := editorSchema(t)
	var editor struct {
		Defs struct {
			JSONSchema struct{ Properties map[string]any } `json:"jsonSchema"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(schema.EditorSchema(), &editor); err != nil {
		t.Fatal(err)
	}
	values := []string{
		`null`, `""`, `a`, `string`, `true`, `0`, `2`, `2.0`, `1.5`, `-1`, `[]`, `{}`, `[a, b]`, `[a, a]`, `[1, two, null]`, `[string, "null"]`,
		`[true]`, `[{}]`, `[{type: string}, false]`, `{a: true}`, `{a: {type: string}}`, `{a: [b]}`, `date`, `"#"`, `"#/$defs/x"`, `^a$`,
	}
	accepted := 0
	for keyword := range editor.Defs.JSONSchema.Properties {
		for _, value := range values {
			text := []byte("tool: t\ndescription: d\nexpr: x\ninputSchema: {type: object, $defs: {x: true}, properties: {p: {\"" + keyword + "\": " + value + "}}}\n")
			def, found := schema.Parse(schema.Document{File: "t.yaml", Line: 1, Text: text})
			if schema.HasErrors(found) || schema.HasErrors(schemaFaults(def)) {
				continue
			}
			accepted++
			value, _ := tree(text)
			if err := s.Validate(value); err != nil {
				t.Errorf("%v in\n%s", err, text)
			}
		}
	}
	if accepted < 100 {
		t.Errorf("%d documents are right", accepted)
	}
}
