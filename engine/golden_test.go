package engine_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// Each file of testdata, and with lint each of testdata/lint, holds sources and, last, the whole text that their
// author is shown. In its prose, "at most N definitions" sets that bound; the
// variable BOOM makes this program fail.
func TestDiagnostics(t *testing.T) {
	for pattern, lint := range map[string]bool{"testdata/*.txtar": false, "testdata/lint/*.txtar": true} {
		golden.Each(t, pattern, func(t *testing.T, c golden.Case) string {
			var sources []schema.Source
			for _, f := range c.Files {
				sources = append(sources, schema.Source{Name: f.Name, Bytes: f.Data})
			}
			o := engine.Options{Lint: lint, Env: func(name string) (string, bool) {
				if name == "BOOM" {
					panic("boom")
				}
				return "planted-secret", name == "KEY"
			}}
			if m := regexp.MustCompile(`at most (\d+) definitions`).FindStringSubmatch(c.Prose); m != nil {
				o.Bounds.Source.Definitions, _ = strconv.Atoi(m[1])
			}
			_, found := engine.Check(sources, o)
			got := text(found)
			if strings.Contains(got, "planted-secret") {
				t.Error("a diagnostic holds a secret")
			}
			return got
		})
	}
}

// The package that reports a code shows it in a golden file of its own.
func TestEachCodeHasAGoldenFile(t *testing.T) {
	var shown strings.Builder
	for _, dir := range []string{"../schema/testdata", "jsonschema/testdata/check", "expression/testdata", "httpcall/testdata", "testdata", "testdata/lint"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			shown.Write(data)
		}
	}
	elsewhere := map[string]string{
		"too-many-faults":   "schema.TestTooManyFaults: its text would be a thousand diagnostics",
		"schema-too-deep":   "jsonschema.TestBounds: it would take a large schema",
		"test-failed":       "engine.TestVerifyAtStart: it takes an engine that verifies",
		"large-schema":      "engine.TestLintOfSize: it takes a large schema",
		"costly-tool":       "engine.TestLintOfSize: it takes a large tool",
		"costly-list":       "engine.TestLintOfSize: it takes many tools",
		"too-many-branches": "jsonschema.TestBounds: it would take a large schema",
	}
	for _, c := range engine.Codes() {
		if !strings.Contains(shown.String(), "["+c.Name+"]") && elsewhere[c.Name] == "" {
			t.Errorf("no golden file shows %s", c.Name)
		}
	}
}
