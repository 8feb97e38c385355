package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// TestGoldenTests runs the tests in each archive's files and holds what they
// come to against its file "want".
func TestGoldenTests(t *testing.T) {
	archives, err := filepath.Glob("testdata/tests/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			f, want := files{}, ""
			kept := a.Files[:0]
			for _, part := range a.Files {
				if part.Name == "want" {
					want = string(part.Data)
					continue
				}
				f[part.Name] = string(part.Data)
				kept = append(kept, part)
			}
			run, err := engine.Test(t.Context(), f.sources(), engine.Options{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := outcome(run)
			if *update {
				a.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// outcome writes everything that a run of tests says.
func outcome(run *engine.TestRun) string {
	var b strings.Builder
	b.WriteString(text(run.Diagnostics))
	place := func(p schema.Place) string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }
	for i := range run.Tests {
		r := &run.Tests[i]
		word := "passed"
		if !r.Passed() {
			word = "FAILED"
		}
		fmt.Fprintf(&b, "%s %s %s/%s\n", word, place(r.Place), r.Tool, r.Name)
		for _, f := range r.Failures {
			fmt.Fprintf(&b, "    %s %s\n", place(f.Place), f.Message)
			for _, d := range f.Differences {
				fmt.Fprintf(&b, "        %s: want %s, got %s\n", d.Where, d.Want, d.Got)
			}
			for _, n := range f.Notes {
				fmt.Fprintf(&b, "        %s\n", n)
			}
		}
	}
	if len(run.Untested) > 0 {
		fmt.Fprintf(&b, "untested: %s\n", strings.Join(run.Untested, ", "))
	}
	return b.String()
}
