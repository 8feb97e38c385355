package jsonschema

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

var update = flag.Bool("update", false, "write the golden files")

// TestCheck reads schemas from testdata/check. Each begins with a comment that
// says why it exists and one that names its role; the diagnostics it gets are
// beside it.
func TestCheck(t *testing.T) {
	files, err := filepath.Glob("testdata/check/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	reported := map[string]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, found := Check(node(t, string(text)), roleOf(t, string(text)), Bounds{})
			for _, d := range found {
				reported[d.Code] = true
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", lines(found))
			if (s == nil) != schema.HasErrors(found) {
				t.Errorf("the schema is %v beside %v", s, found)
			}
			if s == nil {
				return
			}
			if _, err := s.Build(); err != nil {
				t.Errorf("checked but not built: %v", err)
			}
		})
	}
	bounded := []schema.Code{TooDeep, TooManyBranches} // see TestBounds
	for _, code := range Codes {
		if !reported[code.Name] && !slices.Contains(bounded, code) {
			t.Errorf("no case reports %s", code.Name)
		}
	}
}

func roleOf(t *testing.T, text string) Role {
	t.Helper()
	for name, role := range map[string]Role{"input": Input, "output": Output, "body": Body} {
		if strings.Contains(text, "\n# role: "+name+"\n") {
			return role
		}
	}
	t.Fatal("no role")
	return 0
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
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
