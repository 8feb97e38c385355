package engine_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

var update = flag.Bool("update", false, "write what comes out into the golden files")

// Each file of testdata holds sources and, last, the whole text that their
// author is shown. In its prose, "at most N definitions" sets that bound; the
// variable BOOM makes this program fail.
func TestDiagnostics(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(a.Files) - 1
			if a.Files[last].Name != "want" {
				t.Fatal(`the last file must be "want"`)
			}
			var sources []schema.Source
			for _, f := range a.Files[:last] {
				sources = append(sources, schema.Source{Name: f.Name, Bytes: f.Data})
			}
			o := engine.Options{Env: func(name string) (string, bool) {
				if name == "BOOM" {
					panic("boom")
				}
				return "planted-secret", name == "KEY"
			}}
			if m := regexp.MustCompile(`at most (\d+) definitions`).FindSubmatch(a.Comment); m != nil {
				o.Bounds.Source.Definitions, _ = strconv.Atoi(string(m[1]))
			}
			_, found := engine.Check(sources, o)
			got := text(found)
			if strings.Contains(got, "planted-secret") {
				t.Error("a diagnostic holds a secret")
			}
			if *update {
				a.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The package that reports a code shows it in a golden file of its own.
func TestEachCodeHasAGoldenFile(t *testing.T) {
	var shown strings.Builder
	for _, dir := range []string{"../schema/testdata", "jsonschema/testdata/check", "expression/testdata", "httpcall/testdata", "testdata"} {
		for _, pattern := range []string{"*.txtar", "*.golden"} {
			files, err := filepath.Glob(filepath.Join(dir, pattern))
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
	}
	elsewhere := map[string]string{
		"too-many-faults":   "schema.TestTooManyFaults: its text would be a thousand diagnostics",
		"schema-too-deep":   "jsonschema.TestBounds: it would take a large schema",
		"test-failed":       "engine.TestVerifyAtStart: it takes an engine that verifies",
		"too-many-branches": "jsonschema.TestBounds: it would take a large schema",
	}
	for _, c := range engine.Codes() {
		if !strings.Contains(shown.String(), "["+c.Name+"]") && elsewhere[c.Name] == "" {
			t.Errorf("no golden file shows %s", c.Name)
		}
	}
}
