package expression

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

var update = flag.Bool("update", false, "write what the golden files want")

// Each file holds a tool and the diagnostics wanted for its expressions and
// templates. The names in scope are those of testScope; the request is
// checked as a request.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) != 2 {
				t.Fatal("a golden file holds tool.yaml and want")
			}
			ds := checkTool(t, archive.Files[0].Data, "")
			for _, d := range ds {
				seen[d.Code] = true
			}
			got := describe(ds)
			if *update {
				archive.Files[1].Data = got
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, code := range Codes {
		if !seen[code.Name] {
			t.Errorf("no golden file shows %s", code.Name)
		}
	}
}

// checkTool checks a tool, where a rule of types may be left out.
func checkTool(t *testing.T, text []byte, without string) []schema.Diagnostic {
	t.Helper()
	documents, ds := schema.Split(schema.Source{Name: "tool.yaml", Bytes: text}, schema.Bounds{})
	if len(documents) != 1 || len(ds) > 0 {
		t.Fatalf("split: %v", ds)
	}
	definition, ds := schema.Parse(documents[0])
	if schema.HasErrors(ds) {
		t.Fatalf("parse: %v", ds)
	}
	tool := definition.Tool
	s := testScope()
	s.without = without
	var output *jsonschema.Type
	if tool.OutputSchema != nil {
		checked, found := jsonschema.Check(tool.OutputSchema, jsonschema.Output, jsonschema.Bounds{})
		if checked == nil {
			t.Fatal(found)
		}
		output = checked.Type()
	}
	if tool.Expr != nil {
		e, found := s.Check(tool.Expr)
		ds = append(ds, found...)
		if e != nil && tool.Result == nil {
			ds = append(ds, s.ExprMisfits(e, output)...)
		}
	}
	if tool.IsError != nil {
		_, found := s.CheckCondition(tool.IsError)
		ds = append(ds, found...)
	}
	templates := []*schema.Node{tool.Result}
	request := *s
	request.Request = true
	if h := tool.HTTP; h != nil {
		templates = append(templates, h.URL, h.Path, h.Text)
		for _, n := range []*schema.Node{h.URL, h.Path, h.Settings.Query, h.Settings.Headers, h.JSON, h.Form, h.Text} {
			if n != nil {
				_, found := request.CheckTemplate(n)
				ds = append(ds, found...)
			}
		}
		templates = templates[:1]
	}
	for _, n := range templates {
		if n != nil {
			checked, found := s.CheckTemplate(n)
			ds = append(ds, found...)
			if checked != nil && n == tool.Result {
				ds = append(ds, s.TemplateMisfits(checked, n, output)...)
			}
		}
	}
	return schema.SortDiagnostics(ds)
}

// describe writes diagnostics with the words that they are about.
func describe(ds []schema.Diagnostic) []byte {
	var out bytes.Buffer
	for _, d := range ds {
		fmt.Fprintf(&out, "%d:%d+%d: %s: %s [%s]\n", d.Place.Line, d.Place.Column, d.Place.Length, d.Severity, d.Message, d.Code)
		if d.Hint != "" {
			fmt.Fprintf(&out, "  hint: %s\n", d.Hint)
		}
	}
	return out.Bytes()
}

func TestCodes(t *testing.T) {
	names := make([]string, len(Codes))
	for i, c := range Codes {
		names[i] = c.Name
		if c.Meaning == "" {
			t.Errorf("%s has no meaning", c.Name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(Codes) {
		t.Error("a code is listed twice")
	}
}
