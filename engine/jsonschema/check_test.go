package jsonschema

import (
	"slices"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// TestCheck reads schemas from testdata/check and holds the whole text that
// their authors are shown. The prose of each names its role: "role: input".
func TestCheck(t *testing.T) {
	reported := map[string]bool{}
	golden.Each(t, "testdata/check/*.txtar", func(t *testing.T, c golden.Case) string {
		text := c.Files[0].Data
		s, found := Check(node(t, string(text)), roleOf(t, c.Prose), Bounds{})
		for _, d := range found {
			reported[d.Code] = true
		}
		if (s == nil) != schema.HasErrors(found) {
			t.Errorf("the schema is %v beside %v", s, found)
		}
		if s != nil {
			if _, err := s.Build(); err != nil {
				t.Errorf("checked but not built: %v", err)
			}
		}
		return shown(t, schema.Source{Name: c.Files[0].Name, Bytes: text}, found)
	})
	bounded := []schema.Code{TooDeep, TooManyBranches} // see TestBounds
	for _, code := range Codes {
		if !reported[code.Name] && !slices.Contains(bounded, code) {
			t.Errorf("no case reports %s", code.Name)
		}
	}
}

func roleOf(t *testing.T, prose string) Role {
	t.Helper()
	for name, role := range map[string]Role{"input": Input, "output": Output, "body": Body} {
		if strings.Contains(prose, "\nrole: "+name+"\n") {
			return role
		}
	}
	t.Fatal("no role")
	return 0
}

// shown is what the author of a schema that node made is shown, with places
// that count from the schema's own text.
func shown(t *testing.T, src schema.Source, found []schema.Diagnostic) string {
	t.Helper()
	for i := range found {
		p := &found[i].Place
		p.File, p.Line, p.Column = src.Name, p.Line-linesBefore, p.Column-indentation
	}
	schema.Snippets(found, src)
	var b strings.Builder
	if err := schema.WriteText(&b, found, schema.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBounds(t *testing.T) {
	deep := strings.Repeat("{properties: {a: ", 70) + "true" + strings.Repeat("}}", 70)
	wide := "{type: object, $defs: {z: {type: string}"
	for c := 'a'; c < 'w'; c++ {
		next := string(c + 1)
		if c == 'v' {
			next = "z"
		}
		wide += ", " + string(c) + ": {anyOf: [{$ref: '#/$defs/" + next + "'}, {$ref: '#/$defs/" + next + "'}]}"
	}
	wide += "}, properties: {p: {$ref: '#/$defs/a'}}}"
	for _, test := range []struct {
		name, yaml string
		bounds     Bounds
		code       schema.Code
	}{
		{"deep", "{type: object, properties: {p: " + deep + "}}", Bounds{}, TooDeep},
		{"deep by option", "{type: object, properties: {p: {items: true}}}", Bounds{Depth: 1}, TooDeep},
		{"two to the twenty-second", wide, Bounds{}, TooManyBranches},
		{"branches by option", "{type: object, anyOf: [{required: [a]}, {required: [b]}]}", Bounds{Branches: 1}, TooManyBranches},
		{"schemas", "{type: object, anyOf: [" + strings.Repeat("true, ", maxSubschemas) + "true]}", Bounds{Branches: 1 << 20}, TooLarge},
		{"bytes", "{type: object, title: abcdefghijklmnopqrstuvwxyz}", Bounds{Bytes: 40}, TooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, found := Check(node(t, test.yaml), Input, test.bounds)
			if len(found) != 1 || found[0].Code != test.code.Name {
				t.Errorf("found %v, want one %s", found, test.code.Name)
			}
		})
	}
}
