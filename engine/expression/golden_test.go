package expression

import (
	"slices"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// Each file holds a tool and the whole text that its author is shown of its
// expressions and templates. The names in scope are those of testScope; the request is
// checked as a request.
func TestGolden(t *testing.T) {
	seen := map[string]bool{}
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, c golden.Case) string {
		ds := checkTool(t, c.Files[0].Data, "")
		for _, d := range ds {
			seen[d.Code] = true
		}
		return shown(t, c.Files[0].Data, ds)
	})
	for _, code := range Codes {
		if !seen[code.Name] {
			t.Errorf("no golden file shows %s", code.Name)
		}
	}
}

const toolFile = "tool.yaml"

// checkTool checks a tool, where a rule of types may be left out.
func checkTool(t *testing.T, text []byte, without string) []schema.Diagnostic {
	t.Helper()
	documents, ds := schema.Split(schema.Source{Name: toolFile, Bytes: text}, schema.Bounds{})
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
	for _, step := range tool.Steps {
		s.Names["steps"] = &jsonschema.Type{Kind: jsonschema.ObjectKind}
		s.Later = append(s.Later, step.ID)
	}
	var output *jsonschema.Type
	if tool.OutputSchema != nil {
		checked, found := jsonschema.Check(tool.OutputSchema, jsonschema.Output, jsonschema.Bounds{})
		if checked == nil {
			t.Fatal(found)
		}
		output = checked.Type()
	}
	for _, step := range tool.Steps { // whose callee takes what outputSchema says
		if step.Tool != nil {
			arguments, found := s.CheckTemplate(step.Tool.Input)
			ds = append(append(ds, found...), s.ArgumentMisfits(arguments, step.Tool.Input, output, []string{"name"}, step.Tool.Name)...)
		}
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

// shown is what the author of a tool is shown.
func shown(t *testing.T, text []byte, ds []schema.Diagnostic) string {
	t.Helper()
	schema.Snippets(ds, schema.Source{Name: toolFile, Bytes: text})
	var out strings.Builder
	if err := schema.WriteText(&out, ds, schema.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
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
