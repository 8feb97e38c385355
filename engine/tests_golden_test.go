package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// TestGoldenTests runs the tests in each archive's files and holds what they
// come to against its file "want".
func TestGoldenTests(t *testing.T) {
	golden.Each(t, "testdata/tests/*.txtar", func(t *testing.T, c golden.Case) string {
		f := files{}
		for _, part := range c.Files {
			f[part.Name] = string(part.Data)
		}
		run, err := engine.Test(t.Context(), f.sources(), engine.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return outcome(run)
	})
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
